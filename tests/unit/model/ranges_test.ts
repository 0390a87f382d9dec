import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NumberRanges } from "../../../src/model/mod.ts";

Deno.test("a set of numbers as ranges is the same set, however it was filled, and survives a snapshot", () => {
  const step = fc.oneof(
    { weight: 9, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ below: fc.integer({ min: 0, max: 30 }) }) },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    let ranges = new NumberRanges();
    const model = new Set<number>();
    let low = 0;
    for (const each of steps) {
      if ("add" in each) {
        ranges.add(each.add);
        if (each.add >= low) model.add(each.add);
      } else {
        ranges.forgetBelow(each.below);
        low = Math.max(low, each.below);
        for (const one of model) if (one < low) model.delete(one);
      }
      ranges = new NumberRanges(ranges.snapshot());
      const { edges } = ranges.snapshot();
      const sorted = [...model].sort((a, b) => a - b);
      assertEquals(ranges.low, low);
      assertEquals(Array.from({ length: 50 }, (_, n) => n).filter((n) => ranges.has(n)), sorted);
      assertEquals(ranges.count(5, 20), sorted.filter((n) => n >= 5 && n <= 20).length);
      assertEquals(ranges.first?.from, sorted[0]);
      // As few ranges as there can be: no two touch.
      assert(
        edges.every((edge, at) => at === 0 || at % 2 === 1 || edge > (edges[at - 1] ?? 0) + 1),
        `${edges}`,
      );
    }
  }));
});

Deno.test("what is scattered beyond a megabyte is told to be full, and neighbours are not scattered", () => {
  const scattered = new NumberRanges();
  const together = new NumberRanges();
  for (let n = 0; n < 100_000; n++) {
    assertEquals(scattered.full, false);
    scattered.add(2 * n);
    together.add(n);
  }
  assertEquals([scattered.full, together.full], [true, false]);
});
