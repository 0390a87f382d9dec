import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import {
  addToSketch,
  emptySketch,
  mergeSketch,
  MOST_BUCKETS,
  percentileOf,
  type Sketch,
} from "../../../src/downsample/aggregates/sketch.ts";

const PERCENTS = [50, 90, 95, 99];

function sketchOf(values: Iterable<number>): Sketch {
  const sketch = emptySketch();
  for (const value of values) addToSketch(sketch, value);
  return sketch;
}

/** Nearest rank over all values. */
function exact(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(percent * sorted.length / 100) - 1] ?? NaN;
}

function assertWithinOnePercent(values: readonly number[], label: string): void {
  const sketch = sketchOf(values);
  for (const percent of PERCENTS) {
    const wanted = exact(values, percent);
    assertAlmostEquals(
      percentileOf(sketch, percent),
      wanted,
      Math.abs(wanted) * 0.01,
      `${label} p${percent}`,
    );
  }
}

/** Numbers between 0 and 1 that are the same in every run: a linear congruence (Numerical Recipes). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function gauss(next: () => number): number {
  return Math.sqrt(-2 * Math.log(next() || 1e-9)) * Math.cos(2 * Math.PI * next());
}

const DISTRIBUTIONS: readonly (readonly [string, (next: () => number) => number])[] = [
  ["uniform", (next) => next() * 100],
  ["normal around zero", gauss],
  ["normal, far from zero", (next) => 230 + gauss(next)],
  ["exponential", (next) => -Math.log(next() || 1e-9)],
  ["log-normal over many decades", (next) => Math.exp(5 * gauss(next))],
  ["Pareto, heavy tail", (next) => 1 / Math.pow(next() || 1e-9, 1 / 1.2)],
  ["negative exponential", (next) => Math.log(next() || 1e-9)],
  ["two peaks of either sign", (next) => next() < 0.5 ? -1_000 + gauss(next) : 0.001 * (1 + next())],
  ["mostly zeros", (next) => next() < 0.7 ? 0 : next() - 0.5],
  ["whole numbers", (next) => Math.floor(next() * 40) - 20],
  ["whole numbers up to 2^53", (next) => Math.floor(next() * Number.MAX_SAFE_INTEGER)],
];

for (const [name, draw] of DISTRIBUTIONS) {
  Deno.test(`percentiles of a distribution lie within 1 % of the exact ones: ${name}`, () => {
    for (const count of [1, 2, 19, 20, 1_000, 20_000]) {
      const next = uniform(count);
      assertWithinOnePercent(Array.from({ length: count }, () => draw(next)), `${name} of ${count}`);
    }
  });
}

Deno.test("equal values give exactly that value, and no percentile lies outside what was seen", () => {
  for (const value of [21.3, -7, 0, 1e-310, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53 - 1]) {
    assertEquals(percentileOf(sketchOf([value, value, value]), 50), value);
  }
  const sketch = sketchOf([10, 10.05, 10.1]);
  for (const percent of PERCENTS) {
    const value = percentileOf(sketch, percent);
    assert(value >= 10 && value <= 10.1, String(value));
  }
});

Deno.test("the edges of doubles cost no percentile its finiteness", () => {
  const edges = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 2.3e-308, 0, 1];
  assertWithinOnePercent([Number.MAX_VALUE, Number.MAX_VALUE / 2, Number.MAX_VALUE / 3], "huge");
  for (const percent of PERCENTS) assert(Number.isFinite(percentileOf(sketchOf(edges), percent)));
});

Deno.test("a sketch depends on the values and not on their order, also when it is full", () => {
  const next = uniform(7);
  const values = Array.from({ length: 12_000 }, () => {
    return (next() < 0.4 ? -1 : 1) * Math.exp(600 * (next() - 0.5)) * (next() < 0.05 ? 0 : 1);
  });
  const sketch = sketchOf(values);
  assertEquals(sketch.keys.length, MOST_BUCKETS);
  assertEquals(sketchOf(values.toReversed()), sketch);
  assertEquals(sketchOf(values.toSorted((a, b) => a - b)), sketch);
  assertEquals(sketchOf(values.toSorted((a, b) => Math.abs(b) - Math.abs(a))), sketch);
  assertEquals(sketch.counts.reduce((sum, count) => sum + count, 0), values.length);
});

Deno.test("merged sketches are the sketch of all values together", () => {
  const next = uniform(3);
  for (const spread of [1, 400]) {
    const values = Array.from({ length: 6_000 }, () => (next() < 0.5 ? -1 : 1) * Math.exp(spread * next()));
    const merged = sketchOf(values.slice(0, 1_000));
    mergeSketch(merged, sketchOf(values.slice(1_000, 4_500)));
    mergeSketch(merged, emptySketch());
    mergeSketch(merged, sketchOf(values.slice(4_500)));
    assertEquals(merged, sketchOf(values), `spread ${spread}`);
  }
});

Deno.test("a full sketch stays bounded and is still right for values far from zero", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => Math.exp((index - 10_000) / 100));
  const sketch = sketchOf(values);
  assertEquals([sketch.keys.length, sketch.counts.length], [MOST_BUCKETS, MOST_BUCKETS]);
  for (const percent of [95, 99]) {
    const wanted = exact(values, percent);
    assertAlmostEquals(percentileOf(sketch, percent), wanted, wanted * 0.01);
  }
  assertLess(Math.abs(percentileOf(sketch, 10)), 1e-8 * Math.max(...values));
});

Deno.test("a sensor's window needs a few dozen buckets, however many readings", () => {
  const next = uniform(1);
  const sketch = sketchOf(Array.from({ length: 100_000 }, () => 230 + 5 * gauss(next)));
  assertLess(sketch.keys.length, 40);
});
