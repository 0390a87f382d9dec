import { assertEquals } from "@std/assert";
import { differences, differenceText, parseLines, seriesKey } from "../../../devices/simulator/mod.ts";
import { cli } from "../../support/cli_process.ts";
import { until } from "../../support/until.ts";
import type { PointTable } from "../../support/oracle.ts";
import { countsOf, expectedCounts } from "../../support/river_site.ts";
import type { Row } from "./row.ts";
import type { Stand } from "./stand.ts";

/** A line, or fields of one, that the database refused, as the quarantine keeps it. */
export interface DeadLetter {
  /** Line protocol. */
  readonly line: string;
  /** Readings that went with it; 0 where other fields of its line were accepted. */
  readonly readings: number;
  /** Why, with the server's words. */
  readonly explanation: string;
}

/** The lines in the quarantine, read from the disk as soon as all of them are there. */
export async function deadLetters(stand: Stand): Promise<DeadLetter[]> {
  const { dataDir } = stand.gateway;
  const listed = await stand.quarantined();
  const exported = await until("the whole quarantine is on disk", async () => {
    const { stdout } = await cli("journal", "export", "--journal", "quarantine", "--data-dir", dataDir);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return lines.length === listed ? lines : undefined;
  }, { timeout: 60_000 });
  const entries = exported.map((line) => JSON.parse(line));
  return entries.filter(({ what }) => what === "point").map(({ payload, readings, explanation }) => {
    return { line: payload, readings, explanation };
  });
}

/**
 * Like `stand.accounted`, where the database refuses lines: what it holds and what the quarantine holds must together be
 * what the oracle says, and no value may be in both.
 *
 * @returns the row, and what was refused
 */
export async function accountedWithRefused(stand: Stand): Promise<{ row: Row; dead: DeadLetter[] }> {
  const { ledger, expected, content, recovered } = await stand.atRest();
  const dead = await deadLetters(stand);
  const twice = addLines(content, dead.map(({ line }) => line));
  const wrong: string[] = [];
  for (const difference of differences(expected.points, content)) {
    if (wrong.push(differenceText(difference)) === 10) break;
  }
  assertEquals({ wrong, twice }, { wrong: [], twice: [] });
  const counts = expectedCounts(expected);
  const refused = dead.reduce((sum, { readings }) => sum + readings, 0);
  assertEquals(countsOf(ledger), {
    ...counts,
    "readings.delivered": (counts["readings.delivered"] ?? 0) - refused,
    "readings.refused": refused,
    "points.refused": ledger.points.refused,
  });
  assertEquals([ledger.balanced, ledger.rebased], [true, []]);
  const quarantined = await stand.quarantined();
  assertEquals(quarantined, expected.quarantined + expected.rejected + dead.length);
  return { row: { ...stand.row(ledger, expected, content, recovered), quarantined }, dead };
}

/** Writes lines into a table; the values that were there already. */
export function addLines(table: PointTable, lines: readonly string[]): string[] {
  const twice: string[] = [];
  for (const { measurement, tags, fields, timestamp } of parseLines(lines.join("\n"))) {
    const key = seriesKey(measurement, tags);
    for (const { name, value } of fields) {
      if (table.set(key, timestamp, name, value) !== "new") twice.push(`${key} ${name} ${timestamp}`);
    }
  }
  return twice;
}
