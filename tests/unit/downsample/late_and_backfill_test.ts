import { assertEquals } from "@std/assert";
import { StageBench, windows } from "./stage_bench.ts";

Deno.test("W10: a window that was never written opens for a reading of any age", () => {
  const bench = new StageBench();
  bench.read(100, 1);
  assertEquals(bench.read(15, 7, 101, 101), "open");
  bench.pass(1_000);
  assertEquals(bench.take(), ["100=1 (1)", "10=7 (1)!"]);
});

Deno.test("W10: backfill is emitted idle_after of journal time after its last reading", () => {
  const bench = new StageBench();
  bench.read(100, 1);
  bench.read(15, 4, 101, 101);
  bench.read(16, 8, 120, 120);
  // The series goes on live, which must not close the windows of the past.
  for (const second of [110, 120, 130, 140, 149]) bench.read(second, 1);
  assertEquals(bench.take().filter((point) => point.startsWith("10=")), []);
  bench.pass(150);
  assertEquals(bench.take().filter((point) => point.startsWith("10=")), ["10=6 (2)!"]);
});

Deno.test("W10: and then held for hold of journal time after the last reading or emission", () => {
  const bench = new StageBench();
  bench.read(100, 1);
  bench.read(15, 4, 101, 101);
  bench.pass(131);
  assertEquals(bench.read(16, 8, 160.999, 160.999), "open");
  bench.pass(170.999);
  assertEquals(bench.take().at(-1), "10=6 (1)!");
  assertEquals(bench.read(17, 9, 200.998, 200.998), "open", "the second emission holds it again");
  bench.pass(300);
  assertEquals(bench.take().at(-1), "10=7 (1)!");
  assertEquals(bench.read(18, 9, 300, 300), "late");
});

Deno.test("W11: a reading for a window that was written and forgotten is late and changes nothing", () => {
  const bench = new StageBench();
  for (let second = 5; second <= 65; second += 10) bench.read(second, second);
  bench.take();
  assertEquals(bench.read(6, 1_000), "late");
  assertEquals([bench.take(), bench.open], [[], 1]);
});

Deno.test("W9: gaps between the windows that were written are remembered, and backfilled", () => {
  const bench = new StageBench(windows({ hold: 0 }));
  for (const second of [5, 105, 205, 305, 405]) bench.read(second, 1);
  assertEquals(bench.read(56, 1), "open");
  assertEquals(bench.read(156, 1), "open");
  assertEquals(bench.read(6, 1), "late");
  assertEquals(bench.read(106, 1), "late");
});

Deno.test("W15: at the limit the longest held is forgotten first, with what it had not written yet", () => {
  const bench = new StageBench(windows(), "float", 3);
  bench.read(5, 1);
  bench.read(15, 1);
  bench.read(6, 3, 24, 24);
  bench.take();
  bench.read(25, 1);
  // [0, 10) is held and has a reading that no point accounts for; [10, 20) is held too, [20, 30) open.
  assertEquals(bench.read(35, 1), "open");
  assertEquals(bench.take(), ["10=1 (1)", "0=2 (1)!", "20=1 (1)"]);
  assertEquals(bench.read(7, 1), "late", "the forgotten window");
  assertEquals(bench.stage.windows, 3);
});

Deno.test("W15: if none is held, a reading that needs a new window is refused and nothing is lost", () => {
  const bench = new StageBench(windows({ lateness: 60_000 }), "float", 2);
  bench.read(5, 1);
  bench.read(15, 2);
  assertEquals(bench.read(25, 3), "cardinality");
  assertEquals(bench.read(6, 3), "open", "a window that is there takes more");
  assertEquals(bench.open, 3);
  bench.pass(1_000);
  assertEquals(bench.take(), ["0=2 (2)", "10=2 (1)"]);
  assertEquals(bench.read(25, 3, 1_000, 1_000), "open", "held ones make room");
});

Deno.test("W15: a limit that a reload lowers is reached again at the next new window", () => {
  const bench = new StageBench(windows({ hold: 3_600_000 }), "float", 100);
  for (let second = 5; second < 100; second += 10) bench.read(second, 1);
  assertEquals([bench.stage.windows, bench.stage.held.size], [10, 9]);
  bench.stage.limit = 4;
  bench.read(105, 1);
  assertEquals([bench.stage.windows, bench.stage.held.size], [4, 3]);
});

Deno.test("the number of held windows stays right through forgetting, forced and not", () => {
  const bench = new StageBench(windows({ hold: 20_000 }), "float", 3);
  for (let second = 5; second < 100_000; second += 10) bench.read(second, 1);
  assertEquals([bench.stage.windows, bench.stage.held.size], [3, 2]);
  bench.restart();
  assertEquals([bench.stage.windows, bench.stage.held.size], [3, 2]);
});
