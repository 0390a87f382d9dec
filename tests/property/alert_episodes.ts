/**
 * Readings for alert rules, and what the rules have to say about them: the episodes that a search of the whole history
 * finds, without a state machine.
 * @module
 */
import fc from "fast-check";
import type { AlertCondition, AlertRule, Value } from "../../src/model/mod.ts";

/** One reading of one of three series. */
export interface Reading {
  readonly series: number;
  readonly value: Value;
  readonly at: number;
  /** Snapshot and restore before it. */
  readonly restart: boolean;
}

const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 6 }) },
  // Often the same, so that runs of equal values come about.
  { weight: 5, arbitrary: fc.constantFrom<Value>(3, 4) },
  { weight: 1, arbitrary: fc.constantFrom<Value>(true, "text", 2.5) },
);

/** Mostly forward in time, sometimes standing still or going back. */
export const readings: fc.Arbitrary<Reading[]> = fc.array(
  fc.record({
    series: fc.integer({ min: 0, max: 2 }),
    value,
    step: fc.constantFrom(-4, 0, 0, 1, 1, 2, 3, 9),
    restart: fc.boolean(),
  }),
  { maxLength: 60, size: "max" },
).map((steps) => {
  let now = 100;
  return steps.map(({ step, ...rest }) => ({ ...rest, at: now += step }));
});

/** Any condition on a value. */
export const condition: fc.Arbitrary<AlertCondition> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("above" as const),
    limit: fc.integer({ min: 2, max: 5 }),
    clear: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({
    kind: fc.constantFrom("below" as const),
    limit: fc.integer({ min: 1, max: 3 }),
    clear: fc.integer({ min: 3, max: 6 }),
  }),
  fc.record({
    kind: fc.constantFrom("inside" as const, "outside" as const),
    low: fc.integer({ min: 0, max: 3 }),
    high: fc.integer({ min: 3, max: 6 }),
  }),
  fc.record({ kind: fc.constantFrom("equals" as const, "not_equals" as const), value }),
  fc.record({
    kind: fc.constantFrom("rate_above" as const, "rate_below" as const),
    limit: fc.integer({ min: -2, max: 2 }),
    per: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant("unchanged" as const), unchangedFor: fc.integer({ min: 1, max: 8 }) }),
);

/** C1 … C5 said as plainly as possible, over the whole past. */
function verdict(of: AlertCondition, past: readonly Reading[]): "holds" | "clear" | "between" {
  const now = past[past.length - 1];
  const before = past[past.length - 2];
  if (now === undefined) return "between";
  const said = (holds: boolean, clear = !holds): "holds" | "clear" | "between" =>
    holds ? "holds" : clear ? "clear" : "between";
  const v = now.value;
  switch (of.kind) {
    case "equals":
      return said(v === of.value);
    case "not_equals":
      return said(v !== of.value);
    case "unchanged": {
      const other = past.findLastIndex((reading) => reading.value !== v);
      const first = past[other + 1];
      return said(first !== now && first !== undefined && now.at - first.at >= of.unchangedFor);
    }
    case "silent":
      return "between";
  }
  if (typeof v !== "number") return "between";
  switch (of.kind) {
    case "above":
      return said(v > of.limit, v <= of.clear);
    case "below":
      return said(v < of.limit, v >= of.clear);
    case "inside":
      return said(v >= of.low && v <= of.high);
    case "outside":
      return said(v < of.low || v > of.high);
  }
  if (before === undefined || typeof before.value !== "number" || before.at === now.at) return "between";
  const rate = (v - before.value) / (now.at - before.at);
  return said(of.kind === "rate_above" ? rate > of.limit / of.per : rate < of.limit / of.per);
}

/** A1 … A9 said without a state machine: by searching the history for episodes. */
export function episodes(one: AlertRule, history: readonly Reading[]): string[] {
  const accepted = history.filter((reading, i) =>
    history.slice(0, i).every((before) => before.at <= reading.at)
  );
  const verdicts = accepted.map((_, i) => verdict(one.condition, accepted.slice(0, i + 1)));
  const found: string[] = [];
  let from = 0;
  while (true) {
    const start = verdicts.indexOf("holds", from);
    if (start < 0) return found;
    const cleared = verdicts.indexOf("clear", start);
    const end = cleared < 0 ? accepted.length : cleared;
    const began = accepted[start]?.at ?? NaN;
    const fired = accepted.findIndex((r, i) =>
      i >= start && i < end && verdicts[i] === "holds" && r.at - began >= one.for
    );
    if (fired >= 0) {
      const firedAt = accepted[fired]?.at;
      found.push(`firing ${firedAt} of ${firedAt}: ${accepted[fired]?.value}`);
      if (cleared >= 0) found.push(`resolved ${accepted[end]?.at} of ${firedAt}: ${accepted[end]?.value}`);
    }
    if (cleared < 0) return found;
    from = cleared + 1;
  }
}
