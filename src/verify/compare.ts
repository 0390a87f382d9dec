import { type Account, type AccountRow, rowKey } from "./account.ts";
import type { Database, Found } from "./database.ts";
import { type Days, startOf } from "./days.ts";

/** What was found of each measurement. */
export type FoundByMeasurement = ReadonlyMap<string, readonly Found[]>;

/** What became of a row's sum. */
export type SumVerdict = "agrees" | "differs" | "not_compared";

/** One device, measurement and UTC day, as the gateway and as the database has it. */
export interface Compared {
  /** The device id. */
  readonly device: string;
  /** The measurement. */
  readonly measurement: string;
  /** The day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Values that must be there. */
  readonly least: number;
  /** Values that may be there. */
  readonly most: number;
  /** Values that are there. */
  readonly found: number;
  /** Values beyond `most`, or, negative, short of `least`; 0: agreement. */
  readonly difference: number;
  /** Whether the sums agree. */
  readonly sums: SumVerdict;
  /** The sum that must be there; `null`: not known. */
  readonly sumExpected: number | null;
  /** The sum that is there. */
  readonly sumFound: number;
}

/** Everything that was compared. */
export interface Comparison {
  /** Every row of the gateway within the days, and whatever was found beside them for its devices. */
  readonly rows: readonly Compared[];
  /** Devices with values in the same measurements, of which the gateway has delivered none. */
  readonly foreign: { readonly devices: number; readonly values: number };
}

/** How much is taken for rounding where a database keeps some twelve digits: a thousand times the last one. */
const DECIMAL = 1e-9;

/**
 * Holds what was found against the account as it was before and after the database was asked: what was delivered
 * before must be there, what was delivered or on its way after may be there (V9).
 */
export function compare(
  before: Account,
  found: FoundByMeasurement,
  after: Account,
  days: Days,
  keeps: Database["keeps"],
): Comparison {
  const own = new Set(
    [...after.rows.values()].map(({ device, measurement }) => laneKey(measurement, device)),
  );
  const there = new Map<string, Found>();
  const foreign = { devices: new Set<string>(), values: 0 };
  for (const [measurement, all] of found) {
    for (const one of all) {
      if (own.has(laneKey(measurement, one.device))) {
        there.set(rowKey(one.device, measurement, one.day), one);
        continue;
      }
      foreign.devices.add(one.device);
      foreign.values += one.values;
    }
  }
  const rows: Compared[] = [];
  for (const [key, row] of after.rows) {
    const start = startOf(row.day);
    if (start < days.from || start >= days.to || !found.has(row.measurement)) continue;
    rows.push(comparedRow(before.rows.get(key), row, there.get(key), keeps));
    there.delete(key);
  }
  for (const [measurement, all] of found) {
    for (const one of all) {
      if (there.has(rowKey(one.device, measurement, one.day))) rows.push(unknownRow(measurement, one));
    }
  }
  return { rows: rows.sort(byName), foreign: { devices: foreign.devices.size, values: foreign.values } };
}

function comparedRow(
  before: AccountRow | undefined,
  after: AccountRow,
  found: Found | undefined,
  keeps: Database["keeps"],
): Compared {
  const least = before?.values ?? 0;
  // A gateway that died meanwhile and came back from its checkpoint says less than before, for a while.
  const most = Math.max(least, after.values + after.uncertain + after.waiting);
  const values = found?.values ?? 0;
  const sumFound = found?.sum ?? 0;
  return {
    device: after.device,
    measurement: after.measurement,
    day: after.day,
    least,
    most,
    found: values,
    difference: values < least ? values - least : Math.max(0, values - most),
    sums: sumVerdict(before, after, values, sumFound, keeps),
    sumExpected: after.sum,
    sumFound,
  };
}

/** Sums are compared where nothing moves and the counts say the same: else one value may be among those that differ. */
function sumVerdict(
  before: AccountRow | undefined,
  after: AccountRow,
  values: number,
  sum: number,
  keeps: Database["keeps"],
): SumVerdict {
  const still = before !== undefined && before.values === after.values &&
    before.rewritten === after.rewritten && after.waiting === 0 && after.uncertain === 0;
  if (!still || after.sum === null || values !== after.values) return "not_compared";
  // Such a database keeps the larger of two values at one time, not the newer.
  if (keeps === "decimal" && after.rewritten > 0) return "not_compared";
  return Math.abs(sum - after.sum) <= rounding(after, keeps) ? "agrees" : "differs";
}

/**
 * How far two sums of the same numbers, added in another order, can lie apart: each addition is off by at most half a
 * unit in the last place of a sum that is never larger than the sum of the absolute values.
 */
export function rounding(
  { values, rewritten, magnitude }: Pick<AccountRow, "values" | "rewritten" | "magnitude">,
  keeps: Database["keeps"],
): number {
  const additions = 2 * (values + 2 * rewritten) + 2;
  return magnitude * (additions * Number.EPSILON + (keeps === "decimal" ? DECIMAL : 0));
}

function unknownRow(measurement: string, { device, day, values, sum }: Found): Compared {
  return {
    device,
    measurement,
    day,
    least: 0,
    most: 0,
    found: values,
    difference: values,
    sums: "not_compared",
    sumExpected: null,
    sumFound: sum,
  };
}

function laneKey(measurement: string, device: string): string {
  return JSON.stringify([measurement, device]);
}

function byName(a: Compared, b: Compared): number {
  for (const key of ["measurement", "device", "day"] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
