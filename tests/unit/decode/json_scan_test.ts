import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonScanner } from "../../../src/decode/json_scan.ts";
import { bytes, limits } from "./limits.ts";

const scan = jsonScanner();

/** Depth and fullest object of a parsed value, by the plain recursive definition. */
function measure(value: unknown): { depth: number; keys: number } {
  if (typeof value !== "object" || value === null) return { depth: 0, keys: 0 };
  const inner = Object.values(value).map(measure);
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return {
    depth: 1 + Math.max(0, ...inner.map((one) => one.depth)),
    keys: Math.max(own, ...inner.map((one) => one.keys)),
  };
}

Deno.test("the scan finds depth and keys exactly as the parsed value has them (property)", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = bytes(JSON.stringify(value));
      const { depth, keys } = measure(value);
      assertEquals(scan(text, limits({ depth, keys })).exceeded, undefined);
      if (depth > 0) {
        assertEquals(scan(text, limits({ depth: depth - 1, keys: 1e9 })).exceeded, "too_deep");
      }
      if (keys > 0) {
        assertEquals(scan(text, limits({ depth: 1e9, keys: keys - 1 })).exceeded, "too_many_keys");
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("keys of different objects of one level do not add up", () => {
  assertEquals(scan(bytes('[{"a":1,"b":1},{"a":1,"b":1}]'), limits({ keys: 2 })).exceeded, undefined);
});

const WIDE: readonly [string, boolean][] = [
  ["123456789012345", false],
  ["8999999999999999", false],
  ["9007199254740993", true],
  ["12345678901234567", true],
  ["-12345678901234567", true],
  ["0.12345678901234567", false],
  ['"12345678901234567"', false],
  ['"a\\"",12345678901234567', true],
];

for (const [text, wide] of WIDE) {
  Deno.test(`the scan of ${text} ${wide ? "calls for" : "needs no"} exact integers`, () => {
    assertEquals(scan(bytes(`{"n":${text}}`), limits()).wide, wide);
  });
}

Deno.test("the scan tells ASCII from other text, inside strings and outside", () => {
  assertEquals(scan(bytes('{"a":"x"}'), limits()).ascii, true);
  assertEquals(scan(bytes('{"a":"ö"}'), limits()).ascii, false);
  assertEquals(scan(bytes('{"a":"\\ö"}'), limits()).ascii, false);
  assertEquals(scan(bytes("{ö}"), limits()).ascii, false);
});
