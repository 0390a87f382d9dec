import { assertEquals } from "@std/assert";
import { StageBench } from "./stage_bench.ts";

const CHANGE = { kind: "change", heartbeat: 60_000 } as const;

Deno.test("W14: `none` makes a point of every reading, at its own time to the nanosecond", () => {
  const bench = new StageBench({ kind: "none" });
  bench.read(1, 5);
  bench.read(1, 6, 1, 1, 17);
  bench.read(0.5, 7, 2, 2);
  assertEquals(bench.points.map(({ ns }) => ns), [0, 17, 0]);
  assertEquals(bench.take(), ["1=5 (1)", "1=6 (1)", "0.5=7 (1)!"]);
});

Deno.test("W14: `change` drops what is the same as the newest, and lets a heartbeat pass", () => {
  const bench = new StageBench(CHANGE, "boolean");
  const placed = [[0, true], [10, true], [59.999, true], [60, true], [61, true], [62, false], [
    63,
    false,
  ]] as const;
  assertEquals(placed.map(([second, value]) => bench.read(second, value)), [
    "passed",
    "unchanged",
    "unchanged",
    "passed",
    "unchanged",
    "passed",
    "unchanged",
  ]);
  assertEquals(bench.take(), ["0=true (1)", "60=true (1)", "62=false (1)"]);
});

Deno.test("W14: without a heartbeat an unchanged value never passes again", () => {
  const bench = new StageBench({ kind: "change", heartbeat: null }, "string");
  bench.read(0, "a");
  assertEquals(bench.read(1e6, "a"), "unchanged");
});

Deno.test("W14: nothing is invented for a device that is silent", () => {
  const bench = new StageBench(CHANGE, "boolean");
  bench.read(0, true);
  bench.pass(86_400);
  assertEquals(bench.take(), ["0=true (1)"]);
});

Deno.test("W14: a reading older than the newest point passes, and the newest value stays the newest", () => {
  const bench = new StageBench(CHANGE, "boolean");
  bench.read(10, true);
  assertEquals(bench.read(5, true, 11, 11), "passed", "the same value says something about the past");
  assertEquals(bench.read(6, false, 11, 11), "passed");
  assertEquals(bench.read(12, true), "unchanged");
  assertEquals(bench.take(), ["10=true (1)", "5=true (1)!", "6=false (1)!"]);
});

Deno.test("W14: of two values at one moment the later counts: what the database holds is what the next is held against", () => {
  const bench = new StageBench(CHANGE, "boolean");
  bench.read(10, true);
  assertEquals(bench.read(10, false), "passed");
  assertEquals(bench.read(11, false), "unchanged");
  assertEquals(bench.read(12, true), "passed");
  assertEquals(bench.take(), ["10=true (1)", "10=false (1)!", "12=true (1)"]);
});

Deno.test("W14: the same value at the same moment is no point", () => {
  const bench = new StageBench(CHANGE, "boolean");
  bench.read(10, true);
  assertEquals(bench.read(10, true), "unchanged");
});

Deno.test("W14: a restart remembers the newest value and when it passed", () => {
  const bench = new StageBench(CHANGE, "boolean");
  bench.read(0, true);
  bench.restart();
  assertEquals(bench.read(59, true), "unchanged");
  assertEquals(bench.read(60, true), "passed");
});
