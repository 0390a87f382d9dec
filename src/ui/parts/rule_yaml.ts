import type { Rule, RuleCondition } from "../../api/mod.ts";

/** A key of a rule and its value. */
type Entry = readonly [key: string, value: unknown];

/** Words and durations that YAML takes for text without quotes. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off)$)[a-z][a-z0-9_-]*$|^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;

/** Units of a rate by their seconds. */
const PER: Readonly<Record<number, string>> = { 1: "s", 60: "m", 3_600: "h" };

/** A rule as it stands in the configuration, without the keys that are at their default. */
export function ruleYaml(rule: Rule): string {
  const { name, profile, device, topic, tags, field, for_seconds, severity, notify, summary } = rule;
  const entries: Entry[] = [
    ["name", name],
    ...unless<string | null>("profile", profile, null),
    ...unless<string | null>("device", device, null),
    ...unless<string | null>("topic", topic, null),
    ...(Object.keys(tags).length === 0 ? [] : [["tags", tags] satisfies Entry]),
    ...unless<string | null>("field", field, null),
    ...conditionEntries(rule.condition),
    ...unless("for", `${for_seconds}s`, "0s"),
    ["severity", severity],
    ...(notify.length === 0 ? [] : [["notify", notify] satisfies Entry]),
    ...unless("summary", summary, ""),
  ];
  return entries.map(([key, value]) => `${key}: ${yaml(value)}\n`).join("");
}

/** What JSON writes for a value, YAML reads. */
function yaml(value: unknown): string {
  return typeof value === "string" && PLAIN.test(value) ? value : JSON.stringify(value);
}

function unless<T>(key: string, value: T, usual: T): readonly Entry[] {
  return value === usual ? [] : [[key, value]];
}

function conditionEntries(condition: RuleCondition): readonly Entry[] {
  switch (condition.kind) {
    case "above":
    case "below":
      return [[condition.kind, condition.limit], ...unless("clear", condition.clear, condition.limit)];
    case "outside":
    case "inside":
      return [[condition.kind, [condition.low, condition.high]]];
    case "equals":
    case "not_equals":
      return [[condition.kind, condition.value]];
    case "rate_above":
    case "rate_below": {
      const { kind, limit, per_seconds: per } = condition;
      return [[kind, `${limit}/${PER[per] ?? `${per}s`}`]];
    }
    case "unchanged":
      return [["unchanged_for", `${condition.unchanged_for_seconds}s`]];
    case "silent":
      return [["silent_for", `${condition.silent_for_seconds}s`]];
  }
}
