import type { Condition, OfKind, Verdict } from "./condition.ts";
import { numberText } from "../text.ts";

/** `above`: holds beyond the limit, clears at or below `clear`. */
function above(of: { readonly limit: number; readonly clear: number }): Condition {
  const { limit, clear } = of;
  return {
    limit: numberText(limit),
    summary: "{device}: {field} is {value} {unit}, above {limit}",
    judge(value): Verdict {
      if (typeof value !== "number") return "between";
      if (value > limit) return "holds";
      return value <= clear ? "clear" : "between";
    },
  };
}

/** `below`: holds under the limit, clears at or above `clear`. */
function below(of: { readonly limit: number; readonly clear: number }): Condition {
  const { limit, clear } = of;
  return {
    limit: numberText(limit),
    summary: "{device}: {field} is {value} {unit}, below {limit}",
    judge(value): Verdict {
      if (typeof value !== "number") return "between";
      if (value < limit) return "holds";
      return value >= clear ? "clear" : "between";
    },
  };
}

/** `above` or `below`, as the rule says. */
export function threshold(of: OfKind<"above" | "below">): Condition {
  return of.kind === "above" ? above(of) : below(of);
}
