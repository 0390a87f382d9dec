import type { Condition, OfKind, Verdict } from "./condition.ts";
import { durationText } from "../text.ts";

/**
 * `unchanged`: readings go on coming, but the value has been the same for so long. A device that is silent says
 * nothing here; that is what the dead-man rule is for.
 */
export function unchanged(of: OfKind<"unchanged">): Condition {
  const { unchangedFor } = of;
  return {
    limit: durationText(unchangedFor),
    summary: "{device}: {field} has been {value} {unit} for {limit}",
    judge(value, at, trail): Verdict {
      return value === trail.value && at - trail.changedAt >= unchangedFor ? "holds" : "clear";
    },
  };
}
