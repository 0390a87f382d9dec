import type { Window } from "../downsample/mod.ts";
import { rfc3339 } from "../model/mod.ts";

/** A window in words: which it is, and when it is written. */
export function describeWindow(window: Window): string {
  const { series, start, end, rule } = window;
  return `${series.field}: ${rfc3339(start)} to ${rfc3339(end)}, ${
    rule.aggregates.join(", ")
  }; written when the ` +
    `device's time passes ${rfc3339(end + rule.lateness)}, or ${
      rule.idleAfter / 1_000
    } s after its last reading`;
}
