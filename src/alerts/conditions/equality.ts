import type { Condition, OfKind, Verdict } from "./condition.ts";
import { valueText } from "../text.ts";

/** `equals` and `not_equals`: same type and same value, so the text `1` is not the number 1. */
export function equality(of: OfKind<"equals" | "not_equals">): Condition {
  const wanted = of.value;
  const same: Verdict = of.kind === "equals" ? "holds" : "clear";
  const other: Verdict = of.kind === "equals" ? "clear" : "holds";
  return {
    limit: valueText(wanted),
    summary: of.kind === "equals"
      ? "{device}: {field} is {value} {unit}"
      : "{device}: {field} is {value} {unit}, expected {limit}",
    judge: (value) => value === wanted ? same : other,
  };
}
