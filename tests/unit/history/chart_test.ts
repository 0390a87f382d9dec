import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type ChartPoint, thinOut } from "../../../src/history/mod.ts";

function point(at: number, mean: number): ChartPoint {
  return { at, mean, min: mean - 1, max: mean + 1, count: 2, last: mean };
}

const lines = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 400 })
  .map((values) => values.map((value, n) => point(n * 10, value)));

Deno.test("no more than so many points, in order, the first and the last among them, no reading lost from the counts", () => {
  fc.assert(fc.property(lines, fc.integer({ min: 3, max: 60 }), (points, most) => {
    const thin = thinOut(points, most);
    assert(thin.length <= most, `${thin.length} of ${points.length}`);
    assertEquals([thin[0]?.at, thin.at(-1)?.at], [points[0]?.at, points.at(-1)?.at]);
    assertEquals(thin.map(({ at }) => at), thin.map(({ at }) => at).toSorted((a, b) => a - b));
    const readings = (all: readonly ChartPoint[]): number => all.reduce((sum, { count }) => sum + count, 0);
    assertEquals(readings(thin), readings(points));
    const most_of = (all: readonly ChartPoint[]): number => Math.max(...all.map(({ max }) => max ?? 0));
    const least_of = (all: readonly ChartPoint[]): number => Math.min(...all.map(({ min }) => min ?? 0));
    assertEquals([least_of(thin), most_of(thin)], [least_of(points), most_of(points)]);
  }));
});

Deno.test("a single peak is chosen, with its own time and value", () => {
  const points = Array.from({ length: 500 }, (_, n) => point(n, n === 333 ? 90 : 20));
  const peak = thinOut(points, 20).find(({ mean }) => mean === 90);
  assertEquals(peak?.at, 333);
});

Deno.test("few points are left as they are", () => {
  const points = [point(0, 1), point(10, 2)];
  assertEquals(thinOut(points, 3), points);
  assertEquals(thinOut([], 3), []);
});
