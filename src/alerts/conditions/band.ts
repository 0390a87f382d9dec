import type { Condition, OfKind, Verdict } from "./condition.ts";
import { numberText } from "../text.ts";

/** `inside` and `outside` a band. Both ends belong to the inside. */
export function band(of: OfKind<"inside" | "outside">): Condition {
  const { low, high } = of;
  const within: Verdict = of.kind === "inside" ? "holds" : "clear";
  const beyond: Verdict = of.kind === "inside" ? "clear" : "holds";
  return {
    limit: `${numberText(low)} … ${numberText(high)}`,
    summary: `{device}: {field} is {value} {unit}, ${of.kind} {limit}`,
    judge(value): Verdict {
      if (typeof value !== "number" || Number.isNaN(value)) return "between";
      return value >= low && value <= high ? within : beyond;
    },
  };
}
