import type { Ledger } from "../../src/model/mod.ts";
import { type Difference, differences, differenceText } from "./compare.ts";
import type { FateRow } from "./fates.ts";
import type { FleetCounts } from "./fleet.ts";
import type { Expectation } from "./oracle.ts";
import type { PointTable } from "./point_table.ts";

/** How many differences are named one by one. */
const NAMED = 10;

/** What the database holds, held against what it must hold. */
export interface DatabaseVerdict {
  readonly missing: number;
  readonly spurious: number;
  readonly differing: number;
  /** The first ones. */
  readonly first: readonly Difference[];
  /** How many there are of each series, by its key. */
  readonly bySeries: ReadonlyMap<string, number>;
}

/** Where a number of the ledger is not what was computed. */
export interface LedgerProblem {
  /** Name in the ledger, e.g. `readings.delivered`. */
  readonly name: string;
  readonly expected: number;
  readonly actual: number;
}

/**
 * Holds the ledger at rest against what was published: each counter by itself, so that no two errors can hide one
 * another as they could in a sum.
 */
export function judgeLedger(expectation: Expectation, ledger: Ledger): LedgerProblem[] {
  const { messages, readings, points } = ledger;
  const { filtered, quarantined, duplicate, sampled } = expectation;
  const taken = expectation.messages - filtered - quarantined - duplicate - sampled;
  // What the broker delivered a second time is a duplicate beside those that a device sent.
  const again = messages.received - expectation.messages;
  const passed = expectation.readings - expectation.unchanged - expectation.rejected;
  const wanted: readonly (readonly [string, number, number])[] = [
    ["messages.received", expectation.messages + Math.max(0, again), messages.received],
    ["messages.duplicate", duplicate + Math.max(0, again), messages.duplicate],
    ["messages.processed", taken, messages.processed],
    ["messages.filtered", filtered, messages.filtered],
    ["messages.sampled", sampled, messages.sampled],
    ["messages.quarantined", quarantined, messages.quarantined],
    ["messages.waiting", 0, messages.waiting],
    ["messages.corrupt", 0, messages.corrupt],
    ["readings.decoded", expectation.readings, readings.decoded],
    ["readings.open", 0, readings.open],
    ["readings.waiting", 0, readings.waiting],
    ["readings.delivered", passed, readings.delivered],
    ["readings.unchanged", expectation.unchanged, readings.unchanged],
    ["readings.rejected", expectation.rejected, readings.rejected],
    ["readings.late", 0, readings.late],
    ["readings.refused", 0, readings.refused],
    ["readings.evicted", 0, readings.evicted],
    ["points.delivered", points.produced, points.delivered],
    ["points.waiting", 0, points.waiting],
    ["points.refused", 0, points.refused],
    ["points.evicted", 0, points.evicted],
  ];
  return wanted.filter(([, expected, actual]) => expected !== actual)
    .map(([name, expected, actual]) => ({ name, expected, actual }));
}

/** Counts the differences between what must be in the database and what is there. */
export function judgeDatabase(expected: PointTable, actual: PointTable): DatabaseVerdict {
  const counts = { missing: 0, spurious: 0, differing: 0 };
  const first: Difference[] = [];
  const bySeries = new Map<string, number>();
  for (const difference of differences(expected, actual)) {
    counts[difference.kind]++;
    bySeries.set(difference.series, (bySeries.get(difference.series) ?? 0) + 1);
    if (first.length < NAMED) first.push(difference);
  }
  return { ...counts, first, bySeries };
}

/** Everything that differs, in sentences; empty: every reading is accounted for. */
export function complaints(
  fleet: FleetCounts,
  ledger: readonly LedgerProblem[],
  balanced: boolean,
  database: DatabaseVerdict | undefined,
): string[] {
  const found: string[] = [];
  const open = fleet.published - fleet.acknowledged;
  if (open > 0) found.push(`The broker did not acknowledge ${open} messages`);
  if (!balanced) found.push("The ledger does not balance");
  for (const { name, expected, actual } of ledger) {
    found.push(`The ledger says ${name} = ${actual}, published were ${expected}`);
  }
  if (database === undefined) return found;
  const count = database.missing + database.spurious + database.differing;
  found.push(...database.first.map(differenceText));
  if (count > database.first.length) {
    found.push(`and ${count - database.first.length} more values that differ`);
  }
  return found;
}

/** Faults whose messages did not become what they must, and refusals that nothing published explains. */
export function fateComplaints(
  fates: readonly FateRow[],
  left: readonly (readonly [string, number])[],
): string[] {
  const unmatched = fates.filter(({ matched }) => !matched).map(({ fault, messages, must, became }) =>
    `Of ${fault}, ${messages} messages must become "${must}", found was "${became}"`
  );
  const unexplained = left.slice(0, NAMED).map(([entry, count]) =>
    `The quarantine holds ${count} times what nobody caused: ${entry}`
  );
  return [...unmatched, ...unexplained];
}
