import type { Condition, OfKind } from "./condition.ts";
import { durationText } from "../text.ts";

/** `silent`: no reading can say so; the dead-man (deadman.ts) decides by deadline. Here are only its words. */
export function silent(of: OfKind<"silent">): Condition {
  return {
    limit: durationText(of.silentFor),
    summary: "{device} has not reported for {limit}",
    judge: () => "between",
  };
}
