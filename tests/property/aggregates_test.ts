import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Aggregate, Value } from "../../src/model/mod.ts";
import { StageBench, windows } from "../unit/downsample/stage_bench.ts";

/** Readings of one window: their second within it and their value, in order of arrival. */
type Reading = readonly [second: number, value: number];

const readings: fc.Arbitrary<Reading[]> = fc.array(
  fc.tuple(
    // Moments that coincide now and then, so that "of several at one moment" comes about.
    fc.integer({ min: 0, max: 99 }).map((tenth) => tenth / 10),
    fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e9, max: 1e9 + 1, noNaN: true }),
    ),
  ),
  { minLength: 1, maxLength: 200, size: "max" },
);

/** The fields of the window's last point. */
function windowOf(
  aggregates: readonly Aggregate[],
  type: "float" | "boolean" | "string",
  all: readonly (readonly [number, Value])[],
  restartAt: number,
): Map<string, Value> {
  const bench = new StageBench(windows({ aggregates }), type);
  all.forEach(([second, value], index) => {
    if (index === restartAt) bench.restart();
    bench.read(second, value, 10 + index / 1_000, 10);
  });
  bench.pass(1_000);
  return new Map(bench.points.at(-1)?.fields.map(({ name, value }) => [name.slice(2), value]));
}

/** Exact where the values are: the sum of doubles as a rational number over 2^1074, in bigints. */
function exactSum(values: readonly number[]): number {
  const SCALE = 2n ** 80n;
  const total = values.reduce((sum, value) => {
    // A double of at most 1e9 and at least 2^-80 apart from zero is a whole number of 2^-80 parts, but for the tiniest.
    const whole = Math.trunc(value);
    return sum + BigInt(whole) * SCALE + BigInt(Math.round((value - whole) * 2 ** 52)) * 2n ** 28n;
  }, 0n);
  return Number(total / SCALE) + Number(total % SCALE) / Number(SCALE);
}

/** The first of the readings with the least (or most) moment, by order of arrival. */
function edge<T>(all: readonly (readonly [number, T])[], latest: boolean): T | undefined {
  let best: readonly [number, T] | undefined;
  for (const each of all) {
    if (best === undefined || (latest ? each[0] >= best[0] : each[0] < best[0])) best = each;
  }
  return best?.[1];
}

function holdsNumbers(all: readonly Reading[], restartAt: number): void {
  const aggregates: Aggregate[] = ["mean", "min", "max", "count", "sum", "first", "last", "stddev"];
  const values = all.map(([, value]) => value);
  const found = windowOf(aggregates, "float", all, restartAt);
  const sum = exactSum(values);
  const mean = sum / values.length;
  const squares = exactSum(values.map((value) => (value - mean) ** 2));
  const close = (name: string, expected: number, tolerance: number): void =>
    assertAlmostEquals(Number(found.get(name)), expected, tolerance, name);
  const largest = Math.max(...values.map(Math.abs), 1);
  close("sum", sum, largest * values.length * 1e-15);
  close("mean", mean, largest * 1e-13);
  const deviation = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  close("stddev", deviation, Math.max(deviation * 1e-6, largest * 1e-9));
  // Which of 0 and −0 is the least is nobody's business.
  assertEquals(
    [Number(found.get("min")) + 0, Number(found.get("max")) + 0, found.get("count")],
    [Math.min(...values) + 0, Math.max(...values) + 0, values.length],
  );
  assertEquals([found.get("first"), found.get("last")], [edge(all, false), edge(all, true)]);
}

Deno.test("every aggregate of numbers is what a naive calculation over all readings gives, in any order", () => {
  fc.assert(fc.property(readings, fc.nat({ max: 199 }), holdsNumbers));
});

Deno.test("aggregates, seed -1914167477: 0 and −0 in one window", () => holdsNumbers([[0, 0], [0, -0]], 0));

Deno.test("first, last and count of booleans and texts are what a naive calculation gives", () => {
  const aggregates: Aggregate[] = ["first", "last", "count"];
  const second = fc.integer({ min: 0, max: 99 }).map((tenth) => tenth / 10);
  const holds =
    (type: "boolean" | "string") => (all: (readonly [number, Value])[], restartAt: number): void => {
      const found = windowOf(aggregates, type, all, restartAt);
      assertEquals([found.get("first"), found.get("last"), found.get("count")], [
        edge(all, false),
        edge(all, true),
        all.length,
      ]);
    };
  const some = { minLength: 1, maxLength: 80, size: "max" } as const;
  fc.assert(
    fc.property(fc.array(fc.tuple(second, fc.boolean()), some), fc.nat({ max: 79 }), holds("boolean")),
  );
  const text = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 60 }).map(String));
  fc.assert(fc.property(fc.array(fc.tuple(second, text), some), fc.nat({ max: 79 }), holds("string")));
});

Deno.test("percentiles lie within 1 % of the value of their rank, whatever the order and wherever it restarts", () => {
  const percents = new Map<Aggregate, number>([["p50", 50], ["p90", 90], ["p95", 95], ["p99", 99]]);
  fc.assert(fc.property(readings, fc.nat({ max: 199 }), (all, restartAt) => {
    const found = windowOf(["count", ...percents.keys()], "float", all, restartAt);
    const sorted = all.map(([, value]) => value).sort((a, b) => a - b);
    for (const [name, percent] of percents) {
      const wanted = sorted[Math.ceil(percent * sorted.length / 100) - 1] ?? NaN;
      assertAlmostEquals(Number(found.get(name)), wanted, Math.abs(wanted) * 0.01 + 1e-300, name);
    }
  }));
});

Deno.test("whatever a double can hold, every aggregate is a finite number, and between the least and the greatest", () => {
  const extreme = fc.oneof(
    fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, -0, 0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), extreme), {
    minLength: 1,
    maxLength: 60,
    size: "max",
  });
  const between: Aggregate[] = ["mean", "min", "max", "first", "last", "p50", "p90", "p95", "p99"];
  fc.assert(fc.property(some, fc.nat({ max: 59 }), (all, restartAt) => {
    const found = windowOf([...between, "count", "sum", "stddev"], "float", all, restartAt);
    const values = all.map(([, value]) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    for (const [name, value] of found) assert(Number.isFinite(value), `${name} is ${value}`);
    for (const name of between) {
      const value = Number(found.get(name));
      // A mean may miss the ends by what the last of its digits are worth.
      const slack = name === "mean" ? Math.max(Math.abs(low), Math.abs(high)) * 1e-12 : 0;
      assert(value >= low - slack && value <= high + slack, `${name} is ${value}, not of ${low} … ${high}`);
    }
    assert(Number(found.get("stddev")) >= 0);
    assertEquals([Number(found.get("min")) + 0, Number(found.get("max")) + 0], [low + 0, high + 0]);
    assertEquals(found.get("count"), all.length);
    assertEquals([found.get("first"), found.get("last")], [edge(all, false), edge(all, true)]);
  }));
});
