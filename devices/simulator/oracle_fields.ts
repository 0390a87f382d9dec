import type { Aggregate, Downsample, FieldRule } from "../../src/model/mod.ts";
import type { PointTable, Precision, Value } from "./point_table.ts";

/** What was made of a field's readings. */
export interface FieldOracle {
  /** Takes the next reading in the order of publishing; says whether it goes on to the database. */
  take(time: bigint, value: Value): boolean;
  /** Writes what is only known at the end. */
  finish(): void;
}

interface Window {
  readonly values: Value[];
  first: readonly [bigint, Value];
  last: readonly [bigint, Value];
}

const PRECISION: Readonly<Record<Aggregate, Precision>> = {
  mean: "rounded",
  sum: "rounded",
  stddev: "rounded",
  min: "exact",
  max: "exact",
  count: "exact",
  first: "exact",
  last: "exact",
  p50: "sketched",
  p90: "sketched",
  p95: "sketched",
  p99: "sketched",
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Sample standard deviation, with n − 1; 0 of one value. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** Nearest rank: the smallest value that is not less than so many percent of all. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(percent * sorted.length / 100) - 1)] ?? NaN;
}

function aggregate(kind: Aggregate, window: Window): Value {
  if (kind === "first") return window.first[1];
  if (kind === "last") return window.last[1];
  if (kind === "count") return window.values.length;
  const numbers = window.values.filter((value) => typeof value === "number");
  switch (kind) {
    case "mean":
      return sum(numbers) / numbers.length;
    case "sum":
      return sum(numbers);
    case "min":
      return numbers.reduce((least, value) => Math.min(least, value));
    case "max":
      return numbers.reduce((most, value) => Math.max(most, value));
    case "stddev":
      return deviation(numbers);
    default:
      return percentile(numbers, Number(kind.slice(1)));
  }
}

/** Windows aligned to the epoch; their points carry the start. */
function windowed(
  rule: Extract<Downsample, { kind: "window" }>,
  field: string,
  series: string,
  points: PointTable,
): FieldOracle {
  const every = BigInt(rule.every) * 1_000_000n;
  const windows = new Map<bigint, Window>();
  const plain = rule.aggregates.length === 1 && rule.aggregates[0] === "last";
  return {
    take(time, value): boolean {
      const start = time - ((time % every) + every) % every;
      const window = windows.get(start);
      if (window === undefined) {
        windows.set(start, { values: [value], first: [time, value], last: [time, value] });
        return true;
      }
      window.values.push(value);
      if (time < window.first[0]) window.first = [time, value];
      if (time >= window.last[0]) window.last = [time, value];
      return true;
    },
    finish(): void {
      for (const [start, window] of windows) {
        for (const kind of rule.aggregates) {
          const name = plain ? field : `${field}_${kind}`;
          points.set(series, start, name, aggregate(kind, window), PRECISION[kind]);
        }
      }
      windows.clear();
    },
  };
}

/**
 * The first value, each change, what is reported at least one heartbeat after the last that passed, and whatever
 * comes from before it: that says something about the past.
 */
function changed(heartbeat: number | null, field: string, series: string, points: PointTable): FieldOracle {
  let last: readonly [bigint, Value] | undefined;
  return {
    take(time, value): boolean {
      if (last !== undefined && time < last[0]) {
        points.set(series, time, field, value);
        return true;
      }
      const beat = heartbeat !== null && last !== undefined &&
        time - last[0] >= BigInt(heartbeat) * 1_000_000n;
      if (last !== undefined && last[1] === value && !beat) return false;
      last = [time, value];
      points.set(series, time, field, value);
      return true;
    },
    finish(): void {},
  };
}

function unchanged(field: string, series: string, points: PointTable): FieldOracle {
  return {
    take(time, value): boolean {
      points.set(series, time, field, value);
      return true;
    },
    finish(): void {},
  };
}

/** What must become of one field of one series. */
export function fieldOracle(field: FieldRule, series: string, points: PointTable): FieldOracle {
  const rule = field.downsample;
  switch (rule.kind) {
    case "window":
      return windowed(rule, field.name, series, points);
    case "change":
      return changed(rule.heartbeat, field.name, series, points);
    case "none":
      return unchanged(field.name, series, points);
  }
}
