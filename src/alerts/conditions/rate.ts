import type { Condition, OfKind, Verdict } from "./condition.ts";
import { durationText, numberText } from "../text.ts";

/**
 * `rate_above` and `rate_below`: the change from the reading before to this one, over the event time between
 * them. The first reading, and one with the same time as the one before, say nothing.
 */
export function rate(of: OfKind<"rate_above" | "rate_below">): Condition {
  const { limit, per } = of;
  const rising = of.kind === "rate_above";
  return {
    limit: `${numberText(limit)}/${durationText(per).replace(/^1(?=[a-z])/, "")}`,
    summary: `{device}: {field} changes ${rising ? "faster" : "slower"} than {limit}, now {value} {unit}`,
    judge(value, at, trail): Verdict {
      if (typeof value !== "number" || typeof trail.value !== "number" || at <= trail.at) return "between";
      // Multiplied out: no division, so an exact limit stays exact.
      const change = (value - trail.value) * per;
      const allowed = limit * (at - trail.at);
      return (rising ? change > allowed : change < allowed) ? "holds" : "clear";
    },
  };
}
