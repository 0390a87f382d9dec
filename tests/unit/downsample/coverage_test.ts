import { assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { Coverage, MAX_RANGES } from "../../../src/downsample/coverage.ts";

Deno.test("W9: neighbours become one range, in whatever order they are written", () => {
  const coverage = new Coverage();
  for (const from of [30, 10, 0, 20, 50]) coverage.add(from, from + 10);
  assertEquals(coverage.edges, [0, 40, 50, 60]);
});

Deno.test("W9: beyond 16 ranges the two with the smallest gap become one", () => {
  const coverage = new Coverage();
  for (let n = 0; n < MAX_RANGES; n++) coverage.add(n * 100, n * 100 + 10);
  coverage.add(1_530, 1_540);
  assertEquals(coverage.edges.length, 2 * MAX_RANGES);
  assertEquals(coverage.edges.slice(-2), [1_500, 1_540]);
  coverage.add(3_000, 3_010);
  assertEquals(coverage.edges.slice(0, 2), [0, 110], "of equal gaps the oldest");
});

Deno.test("W9: the memory says yes to all that was written, and no to what lies in none of its ranges", () => {
  fc.assert(fc.property(
    fc.array(fc.nat({ max: 60 }), { maxLength: 60 }),
    fc.nat({ max: 60 }),
    (written, asked) => {
      const coverage = new Coverage();
      for (const n of written) coverage.add(n * 10, n * 10 + 10);
      for (const n of written) assertEquals(coverage.overlaps(n * 10, n * 10 + 10), true);
      const { edges } = coverage;
      assertLessOrEqual(edges.length, 2 * MAX_RANGES);
      for (let at = 1; at < edges.length; at++) {
        assertGreaterOrEqual((edges[at] ?? 0) - (edges[at - 1] ?? 0), 10, "sorted and disjoint");
      }
      let inside = false;
      for (let at = 0; at < edges.length; at += 2) {
        inside ||= asked * 10 >= (edges[at] ?? 0) && asked * 10 < (edges[at + 1] ?? 0);
      }
      assertEquals(coverage.overlaps(asked * 10, asked * 10 + 10), inside);
      if (new Set(written).size <= MAX_RANGES) {
        assertEquals(inside, written.includes(asked), "exact while it fits");
      }
      assertEquals(new Coverage(edges).edges, edges);
    },
  ));
});
