import type { Downsample, Earlier, Value } from "../model/mod.ts";
import type { Placement, PointSink } from "./downsampler.ts";
import { PassedTimes } from "./passed_times.ts";
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
  const earlier = noted(series, value, ms, ns, newer);
  if (!older) {
    series.newestMs = ms;
    series.newestNs = ns;
    series.value = value;
    series.passedMs = ms;
  }
  const point = {
    stream: series.stream.identity,
    fields: [{ name: series.field, type: series.type, value }],
    ms,
    ns,
    readings: 1,
    correction: !newer,
  };
  out(earlier === undefined ? point : { ...point, earlier });
  return "passed";
}

/** Notes that a point stands there; returns what it overwrites (W19). */
function noted(series: Series, value: Value, ms: number, ns: number, newer: boolean): Earlier | undefined {
  // A series of a checkpoint that does not know of this yet has passed points before.
  const times = series.times ??= new PassedTimes(series.passedMs === -Infinity ? "nothing" : "unknown");
  if (newer) {
    times.newest(ms, ns, value);
    return undefined;
  }
  const earlier = times.older(ms, ns, value, { name: series.field, type: series.type });
  // Before a reload the series may have had windows there, whose points bear the same name.
  return earlier === undefined && series.coverage.overlaps(ms, ms + 1) ? UNKNOWN : earlier;
}

const UNKNOWN: Earlier = { kind: "unknown" };
