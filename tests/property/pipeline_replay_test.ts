import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { InboxRecord, Rules } from "../../src/model/mod.ts";
import { ReplayMark, River, riverLedger, snapshotRiver } from "../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/pipeline/checkpoint_codec.ts";
import { replay } from "../../src/pipeline/replay.ts";
import { assertBalanced, Output, reborn, RiverBench } from "../unit/pipeline/river_bench.ts";
import { MemoryFiles } from "../support/memory_files.ts";
import { type Happening, happenings, KEYRING, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

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
  const bench = new RiverBench(rules, KEYRING);
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
  let river = new River(rules, [], KEYRING);
  let at = 0;
  for (let index = 0; at < records.length; index++) {
    const { records: size, dies } = cuts[index % cuts.length] ?? { records: 1, dies: false };
    const batch = { records: records.slice(at, at += size), lost: 0 };
    await replay(river, only(batch), out, mark, rules, () => Promise.resolve());
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

// Cases that failed once, as data: a seed would mean something else after the next change of the traffic.

/** A report of device 0 with nothing special about it. */
const plain: Extract<Happening, { kind: "report" }> = {
  kind: "report",
  after: 0,
  device: 0,
  age: 0,
  value: 1,
  fields: 0,
  restart: false,
  skipped: 0,
  packetId: 1,
  retain: false,
};

Deno.test("P5, seed 1660642004: fewer messages in flight after a reload, and a crash right then", async () => {
  await sameEitherWay(
    0,
    [{ ...plain, restart: true }, { ...plain, packetId: 2 }, { kind: "rules", which: 3 }],
    [{ records: 1, dies: true }],
  );
});

Deno.test("P5: a crash after every record, through rules of every kind", async () => {
  const days: Happening[] = RULE_SETS.flatMap((_rules, which) => [
    { kind: "rules", which },
    { ...plain, after: 1_000, fields: 127, value: 99 },
    { ...plain, after: 20, fields: 127, value: 3, age: 12_000, packetId: 2 },
    { kind: "again", back: 1, dup: true, retain: false },
    { kind: "session", resumed: true },
    { kind: "again", back: 2, dup: false, retain: true },
    { ...plain, after: 45_000, fields: 127, device: 1, packetId: 3 },
    { kind: "still", wall: 4_000_000 },
    { ...plain, after: 1, fields: 127, device: 1, age: 3_600_000, packetId: 4 },
    { kind: "tick", after: 70_000 },
  ]);
  await sameEitherWay(0, [...days, ...days], [{ records: 1, dies: true }]);
});
