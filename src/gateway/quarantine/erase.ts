import type { QuarantineChoice, QuarantineView } from "../../api/mod.ts";
import type { Parts } from "../parts.ts";
import { choose } from "./choose.ts";

/** Erases entries: they are gone when this resolves, also after a crash. Their bytes go with their segment. */
export async function eraseQuarantined(
  { core, phase }: Parts,
  choice: QuarantineChoice,
): ReturnType<QuarantineView["erase"]> {
  if (phase !== "running") {
    return { kind: "unavailable", detail: "The gateway is not up yet, or on its way out" };
  }
  const { quarantine, driver } = core;
  let deleted = 0;
  let complete = true;
  for await (const chosen of choose(quarantine, choice, 0, quarantine.end, () => false)) {
    if (chosen.kind === "more" || quarantine.erasureIsFull) {
      complete = false;
      break;
    }
    if (chosen.kind === "entry" && quarantine.erase(chosen.id)) deleted++;
  }
  try {
    // The older generation must know of it, too: after a damaged checkpoint that is the one that counts.
    await driver.checkpoint();
    await driver.checkpoint();
  } catch {
    return { kind: "unavailable", detail: "The disk takes no checkpoint at present; see /readyz" };
  }
  quarantine.erasureIsKept();
  await quarantine.trimErased();
  return { kind: "erased", deleted, complete };
}
