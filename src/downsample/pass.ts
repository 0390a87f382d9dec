import type { Downsample, Value } from "../model/mod.ts";
import type { Placement, PointSink } from "./downsampler.ts";
import type { Series } from "./series.ts";

/**
 * A reading of a series without windows (W14): `none` lets every reading pass, `change` those that say something
 * new.
 */
export function passes(
  series: Series,
  rule: Exclude<Downsample, { kind: "window" }>,
  value: Value,
  ms: number,
  ns: number,
  out: PointSink,
): Placement {
  const newer = ms > series.newestMs || (ms === series.newestMs && ns > series.newestNs);
  // Of two readings at one moment the database keeps the later: that one is what the next is held against.
  const older = !newer && (ms !== series.newestMs || ns !== series.newestNs);
  if (rule.kind === "change" && !older && series.value !== undefined) {
    const due = rule.heartbeat !== null && ms - series.passedMs >= rule.heartbeat;
    if (value === series.value && !due) return "unchanged";
  }
  if (!older) {
    series.newestMs = ms;
    series.newestNs = ns;
    series.value = value;
    series.passedMs = ms;
  }
  out({
    stream: series.stream.identity,
    fields: [{ name: series.field, type: series.type, value }],
    ms,
    ns,
    readings: 1,
    correction: !newer,
  });
  return "passed";
}
