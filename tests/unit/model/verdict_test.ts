import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { refusalText, shown } from "../../../src/model/mod.ts";

Deno.test("a refusal says what failed, the value in quotes, what is allowed, and a hint", () => {
  const refusal = {
    reason: "range",
    field: "temperature",
    found: "200",
    allowed: "-40 … 125 degC",
    hint: "looks like degF",
  } as const;
  assertEquals(
    refusalText(refusal),
    'The value is out of range (temperature): found "200"; allowed is -40 … 125 degC; looks like degF',
  );
  assertEquals(refusalText({ reason: "no_readings" }), "The message holds no field of its profile");
});

const SHOWN: readonly [unknown, string][] = [
  ["a\nb\0", "a\\x0ab\\x00"],
  [1.5, "1.5"],
  [2n ** 63n, "9223372036854775808"],
  [null, "null"],
  [undefined, "undefined"],
  [[1], "an array"],
  [{}, "an object"],
  ["x".repeat(80), "x".repeat(80)],
  ["x".repeat(81), `${"x".repeat(79)}…`],
  ["\ud800", "\ufffd"],
];

for (const [value, text] of SHOWN) {
  Deno.test(`${typeof value} ${text.slice(0, 20)} is shown for people`, () =>
    assertEquals(shown(value), text));
}

Deno.test("whatever is shown is short, well-formed and on one line (property)", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything({ withBigInt: true }), fc.string({ unit: "binary" })), (value) => {
      const text = shown(value);
      assert(
        text.length <= 80 && text.isWellFormed() && !/\p{Cc}/u.test(text.replaceAll(/[\x80-\x9f]/g, "")),
        text,
      );
    }),
  );
});
