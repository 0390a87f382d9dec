import { assertEquals } from "@std/assert";
import { encode } from "cborg";
import fc from "fast-check";
import { hex, recordsOf, refusalOf, refuses } from "./decoding.ts";

function valuesOf(payload: Uint8Array): unknown[] {
  return recordsOf("cbor", payload).map(({ values }) => values);
}

/** Values of RFC 8949 appendix A, and shapes that devices send. */
const READ: readonly [string, string, unknown][] = [
  ["a map", "a2 61 61 01 61 62 82 02 03", { a: 1, b: [2, 3] }],
  ["a map of no announced length", "bf 61 61 01 61 62 9f 02 03 ff ff", { a: 1, b: [2, 3] }],
  ["a length that could be shorter, as cbor-x writes it", "b9 00 01 61 61 18 01", { a: 1 }],
  ["a half float", "f9 3c 00", 1],
  ["a single float", "fa 47 c3 50 00", 100_000],
  ["a double float", "fb 3f f1 99 99 99 99 99 9a", 1.1],
  ["Infinity and NaN, which validate refuses", "82 f9 7c 00 f9 7e 00", [Infinity, NaN]],
  ["2^53 as a bigint", "1b 00 20 00 00 00 00 00 00", 9007199254740992n],
  ["2^53 − 1 as a number", "1b 00 1f ff ff ff ff ff ff", 9007199254740991],
  ["2^64 − 1 as a bigint", "1b ff ff ff ff ff ff ff ff", 18446744073709551615n],
  ["−2^64 as a bigint", "3b ff ff ff ff ff ff ff ff", -18446744073709551616n],
  ["a large integer (tag 2)", "c2 49 01 00 00 00 00 00 00 00 00", 18446744073709551616n],
  ["a negative large integer (tag 3)", "c3 49 01 00 00 00 00 00 00 00 00", -18446744073709551617n],
  ["a decimal fraction (tag 4) as its decimal digits say", "c4 82 21 19 6a b3", 273.15],
  ["a binary fraction (tag 5)", "c5 82 20 03", 1.5],
  ["a time in seconds (tag 1)", "c1 1a 51 4b 67 b0", 1363896240],
  ["a time as text (tag 0)", "c0 74 32303133 2d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"],
  ["a value that says it is CBOR (tag 55799)", "d9 d9 f7 a1 61 61 01", { a: 1 }],
  ["bytes as base64url text", "44 fb ef be ff", "----_w"],
  ["keys that are integers as text", "a2 01 02 20 03", { "1": 2, "-1": 3 }],
  ["undefined as null", "81 f7", [null]],
  ["text beyond ASCII", "62 c3 bc", "ü"],
  ["a key __proto__ as an own member", "a1 69 5f5f70726f746f5f5f 01", JSON.parse('{"__proto__":1}')],
];

for (const [what, payload, expected] of READ) {
  Deno.test(`cbor reads ${what}`, () => assertEquals(valuesOf(hex(payload)), [expected]));
}

Deno.test("cbor takes an array of maps for a batch", () => {
  assertEquals(valuesOf(hex("82 a1 61 61 01 a1 61 61 02")), [{ a: 1 }, { a: 2 }]);
});

refuses("cbor", [
  ["nothing", "", "undecodable"],
  ["two values", hex("01 02"), "undecodable"],
  ["a map that ends early", hex("a2 61 61 01 61"), "undecodable"],
  ["a text of 4 GiB", hex("7a ff ff ff ff 61"), "undecodable"],
  ["a text of 2^64 − 1 bytes", hex("7b ff ff ff ff ff ff ff ff"), "undecodable"],
  ["an array of 4 billion items", hex("9a ff ff ff ff 01"), "undecodable"],
  ["a map of 2^63 keys", hex("bb 80 00 00 00 00 00 00 00"), "too_many_keys"],
  ["a key that stands twice", hex("a2 61 61 01 61 61 02"), "undecodable"],
  ["a key as text and as an integer", hex("a2 01 02 61 31 03"), "undecodable"],
  ["a key that is an array", hex("a1 80 01"), "undecodable"],
  ["a key that is a fraction", hex("a1 f9 3e 00 01"), "undecodable"],
  ["a text in pieces", hex("7f 61 61 61 62 ff"), "undecodable"],
  ["bytes in pieces", hex("5f 41 61 ff"), "undecodable"],
  ["a break by itself", hex("ff"), "undecodable"],
  ["a break in an array of announced length", hex("82 01 ff"), "undecodable"],
  ["a break in the place of a value", hex("bf 61 61 ff"), "undecodable"],
  ["an integer of no announced length", hex("1f"), "undecodable"],
  ["a reserved length", hex("1c"), "undecodable"],
  ["an unknown tag", hex("d8 40 41 01"), "undecodable"],
  [
    "a large integer of a kilobyte",
    Uint8Array.of(0xc2, 0x59, 4, 0, ...new Uint8Array(1024).fill(255)),
    "undecodable",
  ],
  ["a fraction of one part", hex("c4 81 01"), "undecodable"],
  ["text that is no UTF-8", hex("62 c3 28"), "undecodable"],
  ["a key that is no UTF-8", hex("a1 62 c3 28 01"), "undecodable"],
  ["100,000 nested arrays", new Uint8Array(100_000).fill(0x81), "too_deep"],
  ["100,000 nested arrays of no announced length", new Uint8Array(100_000).fill(0x9f), "too_deep"],
  ["100,000 nested tags", new Uint8Array(100_000).fill(0xc1), "too_deep"],
  ["11 keys where 10 are allowed", encode(Object.fromEntries(range(11))), "too_many_keys", {
    limits: { keys: 10 },
  }],
  [
    "11 keys in a map of no announced length",
    Uint8Array.of(0xbf, ...range(11).flatMap(([, n]) => [n, 0]), 0xff),
    "too_many_keys",
    { limits: { keys: 10 } },
  ],
  ["11 records where 10 are allowed", encode(range(11).map(([key]) => ({ key }))), "too_many_keys", {
    limits: { keys: 10 },
  }],
  ["an empty array", hex("80"), "no_readings"],
  ["a payload beyond the limit", new Uint8Array(11), "payload_too_large", { limits: { payload: 10 } }],
]);

function range(count: number): [string, number][] {
  return Array.from({ length: count }, (_, n) => [`k${n}`, n]);
}

Deno.test("a refusal of cbor says what was found", () => {
  assertEquals(
    refusalOf("cbor", hex("a2 61 61 01 61 61 02")).found,
    'CBOR decode error: found repeat map key "a"',
  );
  assertEquals(refusalOf("cbor", hex("1c")).found, "byte 0x1c at position 0");
});

Deno.test("cbor gives back what any other encoder wrote (property)", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
      // An encoder may write whole floats as integers.
      fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
      fc.boolean(),
      fc.string({ unit: "grapheme" }),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (wanted) => {
      assertEquals(valuesOf(encode({ wanted })), [{ wanted: settled(wanted) }]);
    }),
    { numRuns: 300 },
  );
});

/** What is the same number in JavaScript: −0, integers that a number carries. */
function settled(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, settled(member)]));
}
