import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AlertRule } from "../../../src/model/mod.ts";
import { DriverBench } from "./driver_bench.ts";
import { field, NONE, profile, rulesOf, windowed } from "./river_bench.ts";

const EVERY_READING = rulesOf(profile([field("t", NONE)]));
const WINDOWS = rulesOf(profile([field("t", windowed())]));

const silent: AlertRule = {
  name: "silent",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: null,
  condition: { kind: "silent", silentFor: 3_600_000 },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

function started(...args: ConstructorParameters<typeof DriverBench>): DriverBench {
  const bench = new DriverBench(...args);
  bench.driver.start(bench.rules);
  return bench;
}

const values = (bench: DriverBench): unknown[] => bench.out.points.map(({ fields }) => fields[0]?.value);

Deno.test("records go through the river when they are durable, not before, and in order", async () => {
  const bench = started(EVERY_READING);
  bench.inbox.report(1);
  bench.driver.pump();
  assertEquals(values(bench), []);
  bench.inbox.report(2);
  bench.inbox.sync();
  bench.report(3);
  assertEquals(values(bench), [1, 2, 3]);
  await bench.driver.stop();
});

Deno.test("rules that differ from those in force come in by a record, the same ones do not", async () => {
  const same = started(EVERY_READING);
  assertEquals(same.inbox.kinds, []);
  same.driver.takeRules(WINDOWS);
  assertEquals(same.inbox.kinds, ["rules"]);
  assertEquals(same.driver.river.rules, EVERY_READING, "not in force before it is durable");
  same.inbox.sync();
  assertEquals(same.driver.river.rules, WINDOWS);
  await same.driver.stop();
});

Deno.test("when a deadline is due and nothing comes, one tick is appended", async () => {
  const bench = started(WINDOWS);
  bench.report(5);
  bench.pass(29_900);
  assertEquals(bench.inbox.kinds, ["message"]);
  bench.pass(300);
  assertEquals([bench.inbox.kinds, values(bench)], [["message", "tick"], [5]]);
  bench.pass(3_600_000);
  assertEquals(bench.inbox.kinds, ["message", "tick"], "nothing is due any more");
  await bench.driver.stop();
});

Deno.test("a message that comes in time does what a tick would have done", async () => {
  const bench = started(WINDOWS);
  bench.report(5);
  for (let n = 0; n < 8; n++) {
    bench.pass(10_000);
    bench.report(n);
  }
  assertEquals(bench.inbox.kinds.includes("tick"), false);
  assert(values(bench).length > 0);
  await bench.driver.stop();
});

Deno.test("a deadline that comes before the one that is waited for is not kept waiting", async () => {
  const bench = started(rulesOf(profile([field("t", windowed())]), { alerts: [silent] }));
  bench.report(1);
  bench.pass(60_000);
  assertEquals(values(bench), [1]);
  // The next deadline is the dead-man's, in an hour; now a window opens that is due in half a minute.
  bench.report(2);
  bench.pass(31_000);
  assertEquals(values(bench), [1, 2]);
  assertEquals(bench.inbox.kinds, ["message", "tick", "message", "tick"]);
  await bench.driver.stop();
});

Deno.test("a tick is appended once, also when its fsync takes its time", async () => {
  const bench = started(WINDOWS);
  bench.report(5);
  bench.time.elapsed = 60_000;
  bench.clock.advance(60_000);
  bench.clock.advance(60_000);
  assertEquals(
    [bench.inbox.kinds, values(bench)],
    [["message", "tick"], []],
    "effects only from durable input",
  );
  bench.inbox.sync();
  assertEquals(values(bench), [5]);
  await bench.driver.stop();
});

Deno.test("while journal time stands still there is no tick; when it runs again there is", async () => {
  const bench = started(WINDOWS);
  bench.report(5);
  bench.time.running = false;
  bench.driver.timeChanged();
  bench.pass(3_600_000);
  assertEquals(bench.inbox.kinds, ["message"]);
  bench.time.running = true;
  bench.driver.timeChanged();
  bench.pass(30_200);
  assertEquals(bench.inbox.kinds, ["message", "tick"]);
  await bench.driver.stop();
});

Deno.test("while the inbox cannot be written a tick waits, and is not forgotten", async () => {
  const bench = started(WINDOWS);
  bench.report(5);
  bench.inbox.writable = false;
  bench.pass(40_000);
  assertEquals(bench.inbox.kinds, ["message"]);
  bench.inbox.writable = true;
  bench.pass(200);
  assertEquals(bench.inbox.kinds, ["message", "tick"]);
  await bench.driver.stop();
});

Deno.test("a checkpoint is taken when the inbox has grown by so many bytes", async () => {
  const bench = started(EVERY_READING, { every: { afterBytes: 10_000, atMost: 1e9 } });
  bench.report(1, 9_999);
  await bench.settle();
  assertEquals(bench.take(), []);
  bench.report(2, 1);
  await bench.settle();
  assertEquals(bench.take(), ["sync", "taken"]);
  bench.report(3, 9_999);
  await bench.settle();
  assertEquals(bench.take(), []);
  await bench.driver.stop();
});

Deno.test("or by twice the last checkpoint, where that is more: flash wears", async () => {
  const bench = started(EVERY_READING, { every: { afterBytes: 1, atMost: 1e9 } });
  bench.report(1, 10);
  await bench.settle();
  assertEquals(bench.take(), ["sync", "taken"]);
  const due = 2 * bench.store.lastBytes;
  bench.report(2, due - 1);
  await bench.settle();
  assertEquals(bench.take(), []);
  bench.report(3, 1);
  await bench.settle();
  assertEquals(bench.take().slice(0, 2), ["sync", "taken"]);
  await bench.driver.stop();
});

Deno.test("or at most so long after a change, and never without one", async () => {
  const bench = started(EVERY_READING, { every: { afterBytes: 1e9, atMost: 60_000 } });
  bench.pass(600_000);
  await bench.settle();
  assertEquals(bench.take(), []);
  bench.report(1);
  bench.pass(59_900);
  await bench.settle();
  assertEquals(bench.take(), []);
  bench.pass(100);
  await bench.settle();
  assertEquals(bench.take(), ["sync", "taken"]);
  bench.pass(600_000);
  await bench.settle();
  assertEquals(bench.take(), []);
  await bench.driver.stop();
});

Deno.test("only what the older generation does not need is trimmed, after the newer one is on disk", async () => {
  const bench = started(EVERY_READING);
  for (const n of [1, 2, 3]) {
    bench.report(n);
    await bench.driver.checkpoint();
  }
  assertEquals(bench.take(), ["sync", "taken", "sync", "taken", "trim 2 1", "sync", "taken", "trim 3 2"]);
  await bench.driver.stop();
});

Deno.test("after a restart the checkpoint that was loaded is the older generation", async () => {
  const first = started(EVERY_READING);
  first.report(1);
  first.report(2);
  await first.driver.checkpoint();
  const { generations } = await first.store.load();
  const newest = generations[0]?.content;
  assert(newest !== undefined);
  const again = started(EVERY_READING, { river: first.driver.river, newest });
  await again.driver.checkpoint();
  assertEquals(again.take(), ["sync", "taken", "trim 3 2"]);
  await first.driver.stop();
  await again.driver.stop();
});

Deno.test("a checkpoint that the disk refuses trims nothing and is tried again soon, whatever comes meanwhile", async () => {
  const bench = started(EVERY_READING, { every: { afterBytes: 1_000, atMost: 300_000 } });
  bench.report(1);
  await bench.driver.checkpoint();
  bench.take();
  bench.syncFails = new Error("no space");
  bench.report(2, 10_000);
  bench.report(3, 1);
  await bench.settle();
  assertEquals([bench.take(), bench.driver.checkpointFails], [["sync", "failed"], true]);
  bench.pass(4_900);
  await bench.settle();
  assertEquals(bench.take(), []);
  bench.syncFails = undefined;
  bench.pass(200);
  await bench.settle();
  assertEquals([bench.take(), bench.driver.checkpointFails], [["sync", "taken", "trim 2 1"], false]);
  await bench.driver.stop();
});

Deno.test("who asks for a checkpoint hears that it failed", async () => {
  const bench = started(EVERY_READING);
  bench.syncFails = new Error("no space");
  await assertRejects(() => bench.driver.checkpoint(), Error, "no space");
  await bench.driver.stop();
});

Deno.test("checkpoints are taken one at a time", async () => {
  const bench = started(EVERY_READING);
  bench.report(1);
  await Promise.all([bench.driver.checkpoint(), bench.driver.checkpoint(), bench.driver.checkpoint()]);
  assertEquals(bench.take(), ["sync", "taken", "sync", "taken", "trim 2 1", "sync", "taken", "trim 2 1"]);
  await bench.driver.stop();
});

Deno.test("a checkpoint holds the state of its own moment, not what came while it was written", async () => {
  const bench = started(EVERY_READING);
  bench.report(1);
  const taking = bench.driver.checkpoint();
  bench.report(2);
  await taking;
  const { generations } = await bench.store.load();
  assertEquals(generations[0]?.content.river.position, 1);
  assertEquals(generations[0]?.content.banks, { points: 1 });
  await bench.driver.stop();
});

Deno.test("a stage that throws ends it: it is said, nothing more is processed, no checkpoint is taken of it", async () => {
  const bench = started(EVERY_READING);
  bench.report(1);
  bench.onPoint = (value) => {
    if (value === 2) throw new Error("a bug");
  };
  bench.report(2);
  bench.report(3);
  assertEquals([bench.take(), values(bench), bench.driver.failed], [["fatal a bug"], [1], true]);
  await bench.driver.checkpoint();
  bench.pass(600_000);
  await bench.settle();
  assertEquals(bench.take(), []);
  await bench.driver.stop();
});

Deno.test("a driver that was stopped takes nothing in and sets no timer", async () => {
  const bench = started(WINDOWS);
  bench.report(1);
  await bench.driver.stop();
  bench.report(2);
  bench.pass(600_000);
  await bench.settle();
  assertEquals([bench.inbox.kinds, bench.take(), values(bench)], [["message", "message"], [], []]);
});
