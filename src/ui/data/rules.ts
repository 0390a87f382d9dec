import type { Answer, Ask, RuleList } from "../../api/mod.ts";

/** What the page of rules shows. */
export interface RulesData {
  readonly rules: Answer<RuleList>;
}

/** Asks for the rules in force. */
export async function loadRules(ask: Ask): Promise<RulesData> {
  return { rules: await ask<RuleList>("/api/v1/rules") };
}
