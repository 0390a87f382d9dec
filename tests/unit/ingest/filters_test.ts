import { assertEquals } from "@std/assert";
import { covers, overlap, overlapping, withoutCovered } from "../../../src/ingest/filters.ts";

const CASES: readonly (readonly [string, string, boolean])[] = [
  ["a/b", "a/b", true],
  ["a/+", "a/b", true],
  ["a/b", "a/+", false],
  ["a/#", "a/b/c", true],
  ["a/#", "a", true],
  ["a/#", "a/#", true],
  ["a/+", "a/#", false],
  ["a/+/#", "a/#", false],
  ["a/#", "a/+/#", true],
  ["#", "a/b", true],
  ["#", "$SYS/broker", false],
  ["+/broker", "$SYS/broker", false],
  ["$SYS/#", "$SYS/broker/load", true],
  ["a/+/c", "a/b/c/d", false],
  ["a/+/c/d", "a/b/c", false],
  ["+/+", "a/", true],
];

for (const [wide, narrow, expected] of CASES) {
  Deno.test(`the filter ${wide} ${expected ? "covers" : "does not cover"} ${narrow}`, () => {
    assertEquals(covers(wide, narrow), expected);
  });
}

Deno.test("repeated and covered filters are left out, the others keep their order", () => {
  assertEquals(withoutCovered(["x/+/t", "a/b", "x/#", "a/b", "a/+"]), ["x/#", "a/+"]);
});

const OVERLAPS: readonly (readonly [string, string, boolean])[] = [
  ["a/+", "+/b", true],
  ["a/+/c", "a/b/#", true],
  ["a/b", "a/c", false],
  ["a/+", "a/b/c", false],
  ["a/#", "a", true],
  ["#", "$SYS/#", false],
  ["$SYS/+", "$SYS/a", true],
  ["+", "a/b", false],
];

for (const [one, other, expected] of OVERLAPS) {
  Deno.test(`the filters ${one} and ${other} ${expected ? "have" : "do not have"} a topic in common`, () => {
    assertEquals([overlap(one, other), overlap(other, one)], [expected, expected]);
  });
}

Deno.test("only the filters that overlap are named", () => {
  assertEquals([...overlapping(["a/+", "x/y", "+/b"])], ["a/+", "+/b"]);
});
