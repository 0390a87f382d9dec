import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { InboxRecord, Rules } from "../../src/model/mod.ts";
import { ReplayMark, River, riverLedger, snapshotRiver } from "../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/pipeline/checkpoint_codec.ts";
import { replay } from "../../src/pipeline/replay.ts";
import { assertBalanced, Output, reborn, RiverBench } from "../unit/pipeline/river_bench.ts";
import { MemoryFiles } from "../support/memory_files.ts";
import { type Happening, happenings, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

/** How a run is cut: a batch of so many records, and whether the process dies after it. */
interface Cut {
  readonly records: number;
  readonly dies: boolean;
}

const cuts: fc.Arbitrary<Cut[]> = fc.array(
  fc.record({ records: fc.constantFrom(1, 1, 1, 2, 3, 5, 9, 30), dies: fc.boolean() }),
  { minLength: 1, maxLength: 60, size: "max" },
);

/** What is left at the end, down to the last counter. */
interface Outcome {
  readonly log: readonly string[];
  readonly ledger: unknown;
  readonly state: unknown;
}

function outcome(river: River, out: Output): Outcome {
  const state = decodeCheckpoint(encodeCheckpoint(snapshotRiver(river)));
  return { log: out.log, ledger: riverLedger(river), state };
}

/** In one go, the ledger held against its identities after every record. */
function inOneGo(rules: Rules, records: readonly InboxRecord[]): Outcome {
  const bench = new RiverBench(rules);
  for (const record of records) bench.record(record);
  return outcome(bench.river, bench.out);
}

/** Batch by batch through the code that a restart runs, dying on the way. */
async function inPieces(
  rules: Rules,
  records: readonly InboxRecord[],
  cuts: readonly Cut[],
): Promise<Outcome> {
  const out = new Output();
  const mark = new ReplayMark(new MemoryFiles(), "/data");
  let river = new River(rules);
  let at = 0;
  for (let index = 0; at < records.length; index++) {
    const { records: size, dies } = cuts[index % cuts.length] ?? { records: 1, dies: false };
    const batch = { records: records.slice(at, at += size), lost: 0 };
    await replay(river, only(batch), out, mark, () => Promise.resolve());
    assertBalanced(river, out);
    if (dies) river = reborn(river);
  }
  return outcome(river, out);
}

async function* only<T>(one: T): AsyncGenerator<T> {
  yield await Promise.resolve(one);
}

async function sameEitherWay(
  first: number,
  all: readonly Happening[],
  pieces: readonly Cut[],
): Promise<void> {
  const rules = RULE_SETS[first];
  if (rules === undefined) throw new Error(`There are no rules ${first}`);
  const records = recordsOf(all, RULE_SETS);
  assertEquals(await inPieces(rules, records, pieces), inOneGo(rules, records));
}

Deno.test("P5: any batch split and any crash point give the same points, refusals, alerts and ledger", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: RULE_SETS.length - 1 }), happenings, cuts, sameEitherWay),
    { numRuns: 300 },
  );
});
