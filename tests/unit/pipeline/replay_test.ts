import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  type Checkpoint,
  EMPTY_RULES,
  PoisonRecord,
  ReplayMark,
  restoreRiver,
  River,
} from "../../../src/pipeline/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { DriverBench, type FakeBanks } from "./driver_bench.ts";
import { assertBalanced, field, NONE, profile, rulesOf, START } from "./river_bench.ts";

const RULES = rulesOf(profile([field("t", NONE)]));
/** The value at which some stage dies. */
const POISON = 666;

/** A gateway that is started again and again on one disk, over one inbox. */
class Restarts {
  files = new MemoryFiles();
  bench = new DriverBench(RULES);
  readonly #values: readonly number[];

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  /** A start: the newest checkpoint, the mark, the replay. */
  async start(everyBytes = 1 << 20): Promise<number> {
    this.files = this.files.afterPowerCut();
    const files = this.files;
    const found = new DriverBench(RULES, { files });
    const { generations } = await found.store.load();
    const newest: Checkpoint<FakeBanks> | undefined = generations[0]?.content;
    this.bench = new DriverBench(RULES, {
      files,
      every: { afterBytes: everyBytes, atMost: 1e9 },
      river: newest === undefined ? new River(RULES) : restoreRiver(newest.river),
      ...(newest === undefined ? {} : { newest }),
    });
    await this.bench.store.load();
    for (const value of this.#values) this.bench.inbox.report(value);
    this.bench.onPoint = (value) => {
      if (value === POISON) throw new Error("a stage died");
    };
    const mark = new ReplayMark(files, "/data");
    await mark.begin();
    return await this.bench.driver.replay(mark, RULES);
  }
}

const values = (bench: DriverBench): unknown[] => bench.out.points.map(({ fields }) => fields[0]?.value);

Deno.test("a replay takes in what the inbox holds beyond the checkpoint, leaves one behind it, and no mark", async () => {
  const restarts = new Restarts([1, 2, 3]);
  assertEquals(await restarts.start(), 3);
  assertEquals([values(restarts.bench), restarts.bench.take()], [[1, 2, 3], ["sync", "taken"]]);
  assertEquals(await restarts.start(), 0, "nothing is taken in twice");
  assertEquals(restarts.bench.driver.river.position, 3);
  assertEquals(restarts.files.paths().filter((path) => path.startsWith("/data/")), []);
});

Deno.test("checkpoints are taken on the way, so that a long replay does not begin anew", async () => {
  const restarts = new Restarts(Array.from({ length: 40 }, (_, index) => index));
  await restarts.start(1);
  const taken = restarts.bench.take().filter((event) => event === "taken").length;
  assert(taken >= 2, `${taken} checkpoints`);
});

Deno.test("records that damage has taken are received and corrupt", async () => {
  const restarts = new Restarts([1, 2, 3, 4]);
  const mark = new ReplayMark(restarts.files, "/data");
  for (const value of [1, 2, 3, 4]) restarts.bench.inbox.report(value);
  restarts.bench.inbox.lost.add(2).add(3);
  await mark.begin();
  assertEquals(await restarts.bench.driver.replay(mark, RULES), 2);
  const { river } = restarts.bench.driver;
  assertEquals([river.totals.received, river.totals.corrupt, river.totals.processed], [4, 2, 2]);
  assertBalanced(river, restarts.bench.out);
});

Deno.test("a record that throws is left out after the third attempt, as `internal`, and all others are taken", async () => {
  const restarts = new Restarts([1, 2, POISON, 4, 5]);
  for (const _attempt of [1, 2]) {
    const error = await assertRejects(() => restarts.start(), Error, "a stage died");
    assertEquals(error instanceof PoisonRecord, false, "two deaths may be chance");
  }
  const poison = await assertRejects(() => restarts.start(), PoisonRecord);
  assertInstanceOf(poison, PoisonRecord);
  assertEquals(poison.position, 3);
  assertEquals(await restarts.start(), 5);
  const { bench } = restarts;
  assertEquals(values(bench), [1, 2, 4, 5]);
  assertEquals(
    bench.out.refusals.map(({ refusal, inboxPosition, what }) => [refusal.reason, inboxPosition, what]),
    [
      ["internal", 3, "message"],
    ],
  );
  assertEquals(bench.driver.river.totals.quarantined, 1);
  assertBalanced(bench.driver.river, bench.out);
  assertEquals(await restarts.start(), 0, "the next start is a quiet one");
});

Deno.test("two such records take one start more, not one crash loop each", async () => {
  const restarts = new Restarts([1, POISON, 3, POISON, 5]);
  const outcomes: string[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    outcomes.push(await restarts.start().then(() => "through", (error) => error.name));
  }
  assertEquals(outcomes, ["Error", "Error", "PoisonRecord", "PoisonRecord", "through"]);
  assertEquals(values(restarts.bench), [1, 3, 5]);
});

/** Starts, each after a power cut, on one disk; what they say with `at` is the last that is heard of them. */
function starts(): () => Promise<ReplayMark> {
  let files = new MemoryFiles();
  return async () => {
    files = files.afterPowerCut();
    const mark = new ReplayMark(files, "/data");
    await mark.begin();
    return mark;
  };
}

/** A careful replay that takes records in up to one at which the process dies. */
async function diesAt(mark: ReplayMark, position: number): Promise<void> {
  for (let before = 1; before < position; before++) {
    await mark.at(before);
    await mark.survived();
  }
  await mark.at(position);
}

Deno.test("a record at which the process dies without a word is narrowed down and left out", async () => {
  const start = starts();
  const KILLER = 3_333;
  // Two replays that never end, one that dies among 4,096 records, one among 64, and three at the very record.
  const careful: boolean[] = [];
  for (let attempt = 1; attempt <= 7; attempt++) {
    const mark = await start();
    careful.push(mark.careful);
    assertEquals(mark.kills(KILLER), false);
    if (mark.careful) await diesAt(mark, KILLER);
  }
  assertEquals(careful, [false, false, true, true, true, true, true]);
  const eighth = await start();
  const left = Array.from({ length: 5_000 }, (_, index) => index + 1).filter((position) =>
    eighth.kills(position)
  );
  assertEquals(left, [KILLER]);
  for (const position of [1, 2, 4]) await eighth.at(position);
  await eighth.done();
  const ninth = await start();
  assertEquals([ninth.careful, ninth.kills(KILLER)], [false, false]);
});

Deno.test("a record that was taken in before the process died is not blamed, however often that happens", async () => {
  const start = starts();
  for (let attempt = 1; attempt <= 12; attempt++) {
    const mark = await start();
    await mark.at(1);
    await mark.survived();
  }
  assertEquals((await start()).kills(1), false);
});

Deno.test("rules at which replays die are replaced by the present ones: no message is filtered for it", async () => {
  const start = starts();
  for (let attempt = 1; attempt <= 7; attempt++) await diesAt(await start(), 1);
  const mark = await start();
  assertEquals(mark.kills(1), true);
  const bench = new DriverBench(RULES, { river: new River(EMPTY_RULES) });
  bench.inbox.rules(RULES);
  for (const value of [1, 2]) bench.inbox.report(value);
  assertEquals(await bench.driver.replay(mark, RULES), 3);
  assertEquals([bench.driver.river.totals.filtered, values(bench)], [0, [1, 2]]);
});

Deno.test("a command at which replays die is narrowed down like a message, and then was never given", async () => {
  const start = starts();
  const silence = {
    ...{ id: "s1", rule: null, device: "*", reason: null, by: "anna", since: START, until: START + 1e9 },
  };
  const replayed = (mark: ReplayMark): [DriverBench, Promise<number>] => {
    const bench = new DriverBench(RULES);
    bench.inbox.command({ kind: "silence", silence });
    bench.inbox.report(1);
    bench.onCommand = () => {
      throw new Error("a stage died");
    };
    return [bench, bench.driver.replay(mark, RULES)];
  };
  for (const _attempt of [1, 2]) await start();
  const third = await start();
  const poison = await assertRejects(() => replayed(third)[1], PoisonRecord);
  assertInstanceOf(poison, PoisonRecord);
  assertEquals(poison.position, 1);
  const [bench, taken] = replayed(await start());
  assertEquals(await taken, 2);
  assertEquals([bench.driver.river.alerts.silences.all, values(bench)], [[], [1]]);
  assertBalanced(bench.driver.river, bench.out);
});

Deno.test("a process that dies at another record each time leaves none out: that is the machine's fault", async () => {
  const start = starts();
  for (const dies of [0, 0, 3, 7, 3, 9, 3, 3, 7, 7, 9, 9]) {
    const mark = await start();
    if (dies > 0) await diesAt(mark, dies);
  }
  const last = await start();
  assertEquals([3, 7, 9].map((position) => last.kills(position)), [false, false, false]);
});

Deno.test("a mark that was being written when the power went is none, and the start goes on", async () => {
  const files = new MemoryFiles();
  for (const text of ["", "{", '{"attempts":3,"at":', "null"]) {
    files.put("/data/replay.json", new TextEncoder().encode(text));
    const mark = new ReplayMark(files, "/data");
    await mark.begin();
    assertEquals([text, mark.careful], [text, false]);
  }
});
