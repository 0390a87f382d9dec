import type { Ledger } from "../../src/model/mod.ts";
import { type Difference, differences, differenceText } from "./compare.ts";
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
  const taken = expectation.messages - expectation.filtered - expectation.quarantined;
  const passed = expectation.readings - expectation.unchanged - expectation.rejected;
  const wanted: readonly (readonly [string, number, number])[] = [
    ["messages.received", expectation.messages + messages.duplicate, messages.received],
    ["messages.processed", taken, messages.processed],
    ["messages.filtered", expectation.filtered, messages.filtered],
    ["messages.sampled", 0, messages.sampled],
    ["messages.quarantined", expectation.quarantined, messages.quarantined],
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
  for (const difference of differences(expected, actual)) {
    counts[difference.kind]++;
    if (first.length < NAMED) first.push(difference);
  }
  return { ...counts, first };
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
