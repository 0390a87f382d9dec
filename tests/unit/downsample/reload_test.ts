import { assertEquals } from "@std/assert";
import { StageBench, windows } from "./stage_bench.ts";

Deno.test("W16: a new grid takes over at the first common boundary after the newest window", () => {
  const bench = new StageBench(windows({ every: 4_000, lateness: 0, aggregates: ["count"] }));
  bench.read(9, 1);
  assertEquals(bench.reload(windows({ every: 6_000, lateness: 0, aggregates: ["count"] })), 12);
  for (const second of [10, 11.999, 12, 17.999, 18, 24]) bench.read(second, 1);
  assertEquals(bench.take(), ["8=3 (3)", "12=2 (2)", "18=1 (1)"]);
});

Deno.test("W16: readings of before obey the old definition, also when they come after the reload", () => {
  const bench = new StageBench(windows({ every: 10_000, hold: 3_600_000 }));
  for (const second of [5, 15, 25]) bench.read(second, 1);
  assertEquals(bench.reload(windows({ every: 60_000 })), 60);
  bench.take();
  assertEquals(bench.read(6, 3, 26, 26), "open");
  bench.read(65, 1);
  bench.pass(65 + 30);
  assertEquals(bench.take(), ["0=2 (1)!", "20=1 (1)", "60=1 (1)"]);
});

Deno.test("W16: a series without windows obeys the new definition at once", () => {
  const bench = new StageBench({ kind: "none" });
  bench.read(1, 1);
  assertEquals(bench.reload({ kind: "change", heartbeat: null }), -Infinity);
  bench.read(2, 1);
  assertEquals(bench.read(3, 1), "unchanged");
});

Deno.test("W16: from readings to windows the take-over waits for a boundary beyond the newest point", () => {
  const bench = new StageBench({ kind: "none" });
  bench.read(10, 1);
  assertEquals(bench.reload(windows({ every: 10_000, lateness: 0 })), 20);
  assertEquals(bench.read(19, 2), "passed");
  assertEquals(bench.read(20, 3), "open");
});

Deno.test("W16: the same definition changes nothing", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  assertEquals(bench.reload(windows()), undefined);
  assertEquals(bench.series.rules.length, 1);
});

Deno.test("W16: a definition whose time never came is replaced", () => {
  const bench = new StageBench(windows({ every: 10_000 }));
  bench.read(5, 1);
  bench.reload(windows({ every: 7_000 }));
  assertEquals(bench.reload(windows({ every: 20_000 })), 20);
  assertEquals(bench.series.rules.map(({ from }) => from), [-Infinity, 20_000]);
});

Deno.test("W16: other aggregates take over at the next window and keep the open one as it is", () => {
  const bench = new StageBench(windows({ aggregates: ["min"] }));
  bench.read(1, 5);
  assertEquals(bench.reload(windows({ aggregates: ["max"] })), 10);
  bench.read(2, 3);
  bench.read(15, 1);
  bench.read(22, 9);
  assertEquals(bench.points.map(({ fields }) => fields[0]?.name), ["x_min", "x_max"]);
  assertEquals(bench.take(), ["0=3 (2)", "10=1 (1)"]);
});

Deno.test("W16: the definitions in force go through a restart", () => {
  const bench = new StageBench(windows({ every: 4_000, lateness: 0 }));
  bench.read(9, 1);
  bench.reload(windows({ every: 6_000, lateness: 0 }));
  bench.restart();
  for (const second of [10, 12, 18]) bench.read(second, 1);
  assertEquals(bench.take(), ["8=1 (2)", "12=1 (1)"]);
});
