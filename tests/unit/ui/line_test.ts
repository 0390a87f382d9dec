import { assertEquals } from "@std/assert";
import { stretches } from "../../../src/ui/parts/line.tsx";

Deno.test("a line is drawn from edge to edge, highest at the top, a gap where there was no value", () => {
  assertEquals(stretches([], true), []);
  assertEquals(stretches([null, null], true), []);
  assertEquals(stretches([0, 10, 5], true).map(({ line }) => line), ["M0 37L100 3L200 20"]);
  assertEquals(stretches([0, 10, null, 5, 5], true).map(({ line }) => line), [
    "M0 37L50 3",
    "M150 20L200 20",
  ]);
});

Deno.test("a single value is a short dash, and equal values are a level line", () => {
  assertEquals(stretches([null, 4, null], true).map(({ line }) => line), ["M50 3L100 3"]);
  assertEquals(stretches([0, 0], true).map(({ line }) => line), ["M0 37L200 37"]);
  assertEquals(stretches([7, 7], false).map(({ line }) => line), ["M0 20L200 20"]);
});

Deno.test("without zero the least value is the bottom, and what is no number is a gap", () => {
  assertEquals(stretches([10, 20, Number.NaN, 15], false).map(({ line }) => line), [
    "M0 37L66.7 3",
    "M166.7 20L200 20",
  ]);
});
