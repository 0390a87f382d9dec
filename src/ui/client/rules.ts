/// <reference lib="dom" />
import type { RuleTrial } from "../../api/mod.ts";
import { loadRules, type RulesData } from "../data/rules.ts";
import { RulesInForce } from "../parts/rule_list.tsx";
import { RuleTrialResult } from "../parts/rule_trial.tsx";
import { on, say } from "./actions.ts";
import { ask, newer, send } from "./api.ts";
import { lastStatus } from "./frame.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often the rules are asked for anew, ms. */
const EVERY = 10_000;

/** The page of rules, live. */
export function startRules(start: PageStart): LivePage {
  let data = start.page as RulesData;
  const refresh = async (): Promise<void> => {
    data = { rules: newer((await loadRules(ask)).rules, data.rules) };
    show("rules", RulesInForce, data);
  };
  const form = document.getElementById("try-form");
  const text = form?.querySelector("textarea") ?? null;
  on("take", (button) => {
    if (text === null) return say("Trying a rule needs the role operator", true);
    text.value = button.dataset.rule ?? "";
    text.focus();
    text.scrollIntoView({ block: "center" });
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form instanceof HTMLFormElement) void tryRule(form);
  });
  return {
    topics: ["alerts", "config"],
    every: EVERY,
    refresh,
    alert: () => void refresh(),
    config: () => void refresh(),
  };
}

async function tryRule(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  const hours = Number(fields.get("hours"));
  const now = lastStatus()?.now ?? new Date().toISOString();
  const from = new Date(Date.parse(now) - hours * 3_600_000).toISOString();
  const answer = await send<RuleTrial>("POST", "/api/v1/rules/test", {
    rule: String(fields.get("rule")),
    from,
  });
  if (!answer.ok) return say(`The rule was not tried: ${answer.detail}`, true);
  show("trial", RuleTrialResult, { trial: answer.value, now });
}
