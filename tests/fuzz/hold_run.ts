import { assert, assertEquals } from "@std/assert";
import type { Format } from "../../src/model/mod.ts";
import { fuzz } from "./kit/mod.ts";
import { report } from "./report.ts";

/** Reasons for which payloads of every format, and readings in them, are refused. */
const REASONS = [
  ...[
    "undecodable",
    "payload_too_large",
    "too_many_keys",
    "no_readings",
    "missing_field",
    "type",
    "range",
    "too_long",
  ],
  ...["unknown_field", "bad_tag", "bad_time", "cardinality", "rate", "late", "future", "too_old"],
];

/**
 * Lets half a million payloads of these formats through, and sees that they got far enough to prove something: some
 * of each format are taken, and every reason that there is comes up but `internal`.
 *
 * @param more reasons that these formats have of their own
 */
export async function holdRun(formats: readonly Format[], more: readonly string[]): Promise<void> {
  const payloads = 500_000;
  const run = await fuzz({ formats, payloads, seed: 20_261_101 });
  const { watch, counts, river } = run;
  const told = report(run);
  assertEquals([...REASONS, ...more].filter((reason) => !watch.reasons.has(reason)), [], told);
  assertEquals(watch.reasons.get("internal"), undefined);
  for (const format of formats) {
    const { payloads: all, refused } = counts.get(format) ??
      { payloads: 0, refused: new Map<string, number>() };
    const taken = all - [...refused.values()].reduce((sum, each) => sum + each, 0);
    assert(all > payloads / 20 && taken > all / 10, `${format}: ${taken} of ${all} were taken\n${told}`);
  }
  const { sampled, duplicate, filtered, unchanged } = river.totals;
  const beside = { points: watch.points, alerts: watch.alerts, sampled, duplicate, filtered, unchanged };
  for (const [what, count] of Object.entries(beside)) assert(count > 500, `${what}: ${count}\n${told}`);
}
