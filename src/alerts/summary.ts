import type { AlertRule, Value } from "../model/mod.ts";
import { valueText } from "./text.ts";

/** What a summary can speak of beside its rule. */
export interface SummaryFacts {
  readonly device: string;
  readonly value: Value | null;
  readonly unit: string | null;
  readonly limit: string;
}

/**
 * Fills a template in one pass: what is put in is never read as a template again, so a device cannot write
 * into the text of others. A name that is none of ours stays as it stands; spaces around nothing are closed up.
 */
export function renderSummary(template: string, rule: AlertRule, facts: SummaryFacts): string {
  const filled = template.replace(/( ?)\{(\w+)\}/g, (whole: string, space: string, name: string) => {
    const text = placeholder(name, rule, facts);
    if (text === undefined) return whole;
    return text === "" ? "" : space + text;
  });
  return filled.trim();
}

function placeholder(name: string, rule: AlertRule, facts: SummaryFacts): string | undefined {
  switch (name) {
    case "device":
      return facts.device;
    case "value":
      return valueText(facts.value);
    case "unit":
      return facts.unit ?? "";
    case "limit":
      return facts.limit;
    case "field":
      return rule.field ?? "";
    case "rule":
      return rule.name;
    case "severity":
      return rule.severity;
    default:
      return undefined;
  }
}
