import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Plan } from "../../../src/downsample/plan.ts";
import { AGGREGATES } from "../../../src/downsample/mod.ts";
import type { Aggregate, Value } from "../../../src/model/mod.ts";
import { StageBench, windows } from "./stage_bench.ts";

/** What one aggregate says of values that come in this order. */
function result(aggregate: Aggregate, values: Iterable<number>): number {
  const aggregator = AGGREGATES[aggregate];
  if (aggregator === undefined) throw new Error(`There is no ${aggregate}`);
  const slots: number[] = [];
  let ms = 0;
  for (const value of values) {
    if (ms++ === 0) aggregator.start(slots, 0, value, ms, 0);
    else aggregator.add(slots, 0, value, ms, 0);
  }
  return aggregator.result(slots, 0);
}

function* times(count: number, value: (index: number) => number): Generator<number> {
  for (let index = 0; index < count; index++) yield value(index);
}

/** Values of a window in order of arrival with their seconds; returns the point's values by field name. */
function pointOf(
  aggregates: readonly Aggregate[],
  type: "float" | "int" | "boolean" | "string",
  readings: readonly (readonly [number, Value])[],
) {
  const bench = new StageBench(windows({ aggregates, lateness: 100_000, idleAfter: 200_000 }), type);
  for (const [second, value] of readings) bench.read(second, value, 10, 10);
  bench.pass(1_000);
  return Object.fromEntries(
    bench.points[0]?.fields.map(({ name, type, value }) => [name, [type, value]]) ?? [],
  );
}

Deno.test("the mean of 10,000,000 equal values is exactly that value, and they do not deviate", () => {
  for (const value of [0.1, 1 / 3, 1e300, -7.7]) {
    assertEquals(result("mean", times(1e6, () => value)), value);
    assertEquals(result("stddev", times(1_000, () => value)), 0);
  }
  assertEquals(result("mean", times(1e7, () => 21.3)), 21.3);
});

Deno.test("a large offset costs neither mean nor standard deviation their precision", () => {
  const count = 200_000;
  // A noise of ±0.5 whose mean is 0 and whose variance is known, on an offset of 1e9.
  const noise = (index: number): number => (index % 2 === 0 ? 1 : -1) * (0.25 + (index % 4 < 2 ? 0.25 : 0));
  const deviation = Math.sqrt((0.5 ** 2 + 0.25 ** 2) / 2);
  assertAlmostEquals(result("mean", times(count, (index) => 1e9 + noise(index))), 1e9, 1e-6);
  assertAlmostEquals(result("stddev", times(count, (index) => 1e9 + noise(index))), deviation, 1e-5);
});

Deno.test("the mean follows a small shift late in a long window", () => {
  const half = 200_000;
  const mean = result("mean", times(2 * half, (index) => index < half ? 1e9 : 1e9 + 0.5));
  assertAlmostEquals(mean, 1e9 + 0.25, 1e-6);
});

Deno.test("the sum carries its rounding errors along", () => {
  assertEquals(result("sum", [1, 1e100, 1, -1e100]), 2);
  assertEquals(result("sum", times(10_000_000, () => 0.1)), 1e6);
  assertEquals(result("sum", times(1_000, (index) => (index % 2 === 0 ? 1e16 : 1))), 500 * 1e16 + 500);
});

Deno.test("values at the edge of a double give a finite result", () => {
  const most = Number.MAX_VALUE;
  assertAlmostEquals(result("mean", [most, -most, most, -most]), 0, most * 1e-15);
  assertEquals(result("mean", [most, most, most]), most);
  assertEquals(result("sum", [most, most, most]), most);
  assertEquals(result("sum", [-most, -most]), -most);
  assert(Number.isFinite(result("stddev", [most, -most])));
  assertEquals(result("stddev", [5]), 0, "of a single reading");
});

Deno.test("first and last go by event time, whatever the order of arrival", () => {
  const aggregates = ["first", "last"] as const;
  assertEquals(pointOf(aggregates, "float", [[5, 50], [2, 20], [8, 80], [3, 30]]), {
    x_first: ["float", 20],
    x_last: ["float", 80],
  });
  assertEquals(pointOf(aggregates, "int", [[4, 1], [4, 2], [4, 3]]), {
    x_first: ["int", 1],
    x_last: ["int", 3],
  }, "at one moment by order of arrival");
});

Deno.test("first and last tell nanoseconds apart", () => {
  const bench = new StageBench(windows({ aggregates: ["first", "last"] }));
  bench.read(1, 1, 1, 1, 500);
  bench.read(1, 2, 1, 1, 900);
  bench.read(1, 3, 1, 1, 100);
  bench.pass(100);
  assertEquals(bench.take(), ["0=3/2 (3)"]);
});

Deno.test("booleans and texts have a first, a last and a count", () => {
  const aggregates = ["first", "last", "count"] as const;
  assertEquals(pointOf(aggregates, "boolean", [[5, false], [2, true], [8, false]]), {
    x_first: ["boolean", true],
    x_last: ["boolean", false],
    x_count: ["int", 3],
  });
  assertEquals(pointOf(aggregates, "string", [[5, "b"], [2, "a"], [8, "c"], [3, "b"], [4, ""]]), {
    x_first: ["string", "a"],
    x_last: ["string", "c"],
    x_count: ["int", 5],
  });
});

Deno.test("a window of texts keeps only those that count, however many come", () => {
  const bench = new StageBench(
    windows({ aggregates: ["count", "last", "first"], idleAfter: 3_600_000 }),
    "string",
  );
  for (let n = 0; n < 5_000; n++) bench.read(5, `text ${n}`, 5 + n / 1_000, 5);
  const [window] = bench.series.windows.values();
  assertLess(window?.texts.length ?? Infinity, 20);
  bench.restart();
  bench.read(6, "the end", 100, 100);
  bench.read(7, "really", 100, 100);
  bench.pass(10_000);
  assertEquals(bench.take(), ["0=5002/really/text 0 (5002)"]);
});

Deno.test("a single last keeps the field's plain name, everything else names its aggregate", () => {
  const names = (aggregates: readonly Aggregate[]): string[] =>
    Object.keys(pointOf(aggregates, "int", [[1, 1]]));
  assertEquals(names(["last"]), ["x"]);
  assertEquals(names(["first"]), ["x_first"]);
  assertEquals(names(["last", "count"]), ["x_last", "x_count"]);
});

Deno.test("integers stay integers where they can, and become floats where they may not fit", () => {
  const all: Aggregate[] = ["mean", "min", "max", "count", "sum", "first", "last", "stddev"];
  assertEquals(
    Object.values(pointOf(all, "int", [[1, 2], [2, 4]])).map(([type]) => type),
    ["float", "int", "int", "int", "float", "int", "int", "float"],
  );
});

Deno.test("percentiles are floats on the wire, also of integers, beside the other aggregates and in their order", () => {
  const readings = Array.from({ length: 9 }, (_, index) => [index, index + 1] as const);
  const point = pointOf(["max", "p50", "count", "p99"], "int", readings);
  assertEquals(Object.entries(point).map(([name, [type]]) => `${name} ${type}`), [
    "x_max int",
    "x_p50 float",
    "x_count int",
    "x_p99 float",
  ]);
  assertAlmostEquals(Number(point.x_p50?.[1]), 5, 0.05);
  assertEquals(point.x_p99?.[1], 9, "the largest value is known exactly");
});

Deno.test("all percentiles of a window share one sketch, and a window without percentiles has none", () => {
  const with4 = new Plan("x", "float", ["p50", "p90", "p95", "p99"]);
  const slots: number[] = [];
  with4.start(slots, 1, 0, 0);
  assertEquals([with4.sketches, slots], [true, []]);
  assertEquals(new Plan("x", "float", ["mean", "last"]).sketches, false);
  const bench = new StageBench(windows({ aggregates: ["mean"] }));
  bench.read(1, 5);
  assertEquals(bench.series.windows.get(0)?.sketch, undefined);
});

Deno.test("an aggregate that a type does not have is an error at once, not a wrong number later", () => {
  assertThrows(() => new Plan("x", "string", ["p99"]), RangeError, 'A string field has no aggregate "p99"');
  assertThrows(() => new Plan("x", "boolean", ["p50"]), RangeError, 'A boolean field has no aggregate "p50"');
});
