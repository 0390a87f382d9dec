import type { AlertRule } from "../model/mod.ts";
import type { Condition } from "./conditions/condition.ts";
import { compileCondition } from "./conditions/registry.ts";
import { compileScope, type Scope } from "./scope.ts";

/** A rule with everything worked out that does not depend on the series. */
export interface CompiledRule {
  readonly rule: AlertRule;
  readonly concerns: Scope;
  readonly condition: Condition;
  /** The rule's own summary, or the condition's sentence. */
  readonly template: string;
}

/** Makes a rule ready for use. */
export function compileRule(rule: AlertRule): CompiledRule {
  const condition = compileCondition(rule.condition);
  return {
    rule,
    concerns: compileScope(rule),
    condition,
    template: rule.summary === "" ? condition.summary : rule.summary,
  };
}

/** Whether two rules are the same in every respect; the order of their tags does not count. */
export function sameRule(a: AlertRule, b: AlertRule): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
