import type { Answer, Ask, LearnedPage } from "../../api/mod.ts";

/** What the page of new devices shows. */
export interface NewData {
  readonly learned: Answer<LearnedPage>;
}

/** Asks for it. */
export async function loadNew(ask: Ask): Promise<NewData> {
  return { learned: await ask<LearnedPage>("/api/v1/learned") };
}
