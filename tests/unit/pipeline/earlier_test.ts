import { assertEquals } from "@std/assert";
import type { Point } from "../../../src/model/mod.ts";
import { field, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const RULES = rulesOf(profile([
  field("t", windowed({ aggregates: ["mean", "count"] })),
  field("raw", NONE),
]));

/** Name, time and what was overwritten of each point, as text. */
function told({ fields, ms, earlier }: Point): string {
  const over = earlier === undefined
    ? "new"
    : earlier.kind === "unknown"
    ? "unknown"
    : earlier.fields.map(({ name, value }) => `${name}=${value}`).join(" ");
  return `${fields[0]?.name} ${ms - START} over ${over}`;
}

Deno.test("W19: the first point of a window is new, a fuller one tells what it overwrites, also after a crash", () => {
  const bench = new RiverBench(RULES);
  bench.report("a", 1_000, { t: 10 }, { elapsed: 1_000 });
  bench.report("a", 12_500, { t: 1 }, { elapsed: 12_500 });
  bench.report("a", 5_000, { t: 30 });
  bench.crash();
  bench.report("a", 6_000, { t: 50 });
  bench.tick(23_000);
  assertEquals(bench.out.points.map(told), [
    "t_mean 0 over new",
    "t_mean 0 over t_mean=10 t_count=1",
  ]);
  assertEquals(bench.out.points[1]?.fields.map(({ value }) => value), [30, 3]);
});

Deno.test("W19: a reading that passes tells what it overwrites, where that is remembered", () => {
  const bench = new RiverBench(RULES);
  for (let n = 0; n < 20; n++) bench.report("a", n * 1_000, { raw: n });
  bench.report("a", 19_000, { raw: 7 });
  bench.report("a", 18_500, { raw: 8 });
  bench.crash();
  bench.report("a", 18_500, { raw: 9 });
  bench.report("a", 3_000, { raw: 1 });
  bench.report("a", -5_000, { raw: 2 });
  assertEquals(bench.out.points.slice(20).map(told), [
    "raw 19000 over raw=19",
    "raw 18500 over new",
    "raw 18500 over raw=8",
    "raw 3000 over unknown",
    "raw -5000 over new",
  ]);
});

Deno.test("W19: where reloads have put windows in the place of readings, it is not known what they overwrite", () => {
  const bench = new RiverBench(RULES);
  bench.report("a", 500, { raw: 1 });
  // A series keeps four definitions: after so many the readings of the beginning have become windows of the oldest.
  for (const hold of [1, 2, 3, 4]) {
    bench.rules(rulesOf(profile([field("raw", windowed({ aggregates: ["last"], hold }))])));
    const elapsed = hold * 50_000;
    bench.report("a", elapsed, { raw: hold }, { elapsed });
  }
  bench.report("a", 0, { raw: 9 }, { elapsed: 250_000 });
  bench.report("a", -20_000, { raw: 8 });
  bench.tick(300_000);
  assertEquals(bench.out.points.map(told), [
    "raw 500 over new",
    "raw 50000 over new",
    "raw 100000 over new",
    "raw 150000 over new",
    "raw 200000 over new",
    "raw 0 over unknown",
    "raw -20000 over unknown",
  ]);
});
