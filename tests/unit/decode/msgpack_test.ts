import { assertEquals } from "@std/assert";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { hex, recordsOf, refusalOf, refuses } from "./decoding.ts";

function valuesOf(payload: Uint8Array): unknown[] {
  return recordsOf("msgpack", payload).map(({ values }) => values);
}

const READ: readonly [string, string, unknown][] = [
  ["a map", "82 a1 61 01 a1 62 92 02 03", { a: 1, b: [2, 3] }],
  ["a map with a long head", "de 00 01 a1 61 cd 00 01", { a: 1 }],
  ["negative numbers", "93 ff d0 80 d3 ff ff ff ff ff ff ff ff", [-1, -128, -1]],
  ["single and double floats", "92 ca 3f 00 00 00 cb 3f f1 99 99 99 99 99 9a", [0.5, 1.1]],
  ["Infinity and NaN, which validate refuses", "92 ca 7f 80 00 00 ca 7f c0 00 00", [Infinity, NaN]],
  ["2^53 as a bigint", "cf 00 20 00 00 00 00 00 00", 9007199254740992n],
  ["2^53 − 1 as a number", "cf 00 1f ff ff ff ff ff ff", 9007199254740991],
  ["2^64 − 1 as a bigint", "cf ff ff ff ff ff ff ff ff", 18446744073709551615n],
  ["−2^63 as a bigint", "d3 80 00 00 00 00 00 00 00", -9223372036854775808n],
  ["bytes as base64url text", "c4 04 fb ef be ff", "----_w"],
  ["keys that are integers as text", "82 01 02 ff 03", { "1": 2, "-1": 3 }],
  ["the last value of a key that stands twice", "82 a1 61 01 a1 61 02", { a: 2 }],
  ["a timestamp of 32 bits", "d6 ff 51 4b 67 b0", 1363896240],
  ["a timestamp of 64 bits, to the nanosecond", "d7 ff 00 00 00 04 51 4b 67 b0", "1363896240.000000001"],
  ["a timestamp before 1970", "c7 0c ff 1d cd 65 00 ff ff ff ff ff ff ff ff", "-0.500000000"],
  ["text beyond ASCII", "a2 c3 bc", "ü"],
  ["nil", "91 c0", [null]],
];

for (const [what, payload, expected] of READ) {
  Deno.test(`msgpack reads ${what}`, () => assertEquals(valuesOf(hex(payload)), [expected]));
}

Deno.test("msgpack takes an array of maps for a batch", () => {
  assertEquals(valuesOf(hex("92 81 a1 61 01 81 a1 61 02")), [{ a: 1 }, { a: 2 }]);
});

refuses("msgpack", [
  ["nothing", "", "undecodable"],
  ["two values", hex("01 02"), "undecodable"],
  ["a map that ends early", hex("82 a1 61 01 a1"), "undecodable"],
  ["a text of 4 GiB", hex("db ff ff ff ff 61"), "undecodable"],
  ["bytes of 4 GiB", hex("c6 ff ff ff ff 61"), "undecodable"],
  ["an array of 4 billion items", hex("dd ff ff ff ff 01"), "undecodable"],
  ["a map of 4 billion keys", hex("df ff ff ff ff 01"), "too_many_keys"],
  ["an extension that is longer than the payload", hex("c9 ff ff ff ff 01 00"), "undecodable"],
  ["an unknown extension", hex("d4 05 00"), "undecodable"],
  ["a timestamp of 2 bytes", hex("d5 ff 00 00"), "undecodable"],
  ["a timestamp with 2^30 nanoseconds", hex("d7 ff ff ff ff fc 00 00 00 00"), "undecodable"],
  ["the byte that is never used", hex("c1"), "undecodable"],
  ["a key that is a map", hex("81 80 01"), "undecodable"],
  ["a key that is nil", hex("81 c0 01"), "undecodable"],
  ["a key __proto__", hex("81 a9 5f5f70726f746f5f5f 01"), "undecodable"],
  ["text that is no UTF-8", hex("a2 c3 28"), "undecodable"],
  ["a key that is no UTF-8", hex("81 a2 c3 28 01"), "undecodable"],
  ["100,000 nested arrays", new Uint8Array(100_000).fill(0x91), "too_deep"],
  [
    "nested arrays of 65,535 items each",
    Uint8Array.from({ length: 200_000 }, (_, n) => n % 3 ? 0xff : 0xdc),
    "too_deep",
  ],
  ["11 keys where 10 are allowed", encode(Object.fromEntries(range(11))), "too_many_keys", {
    limits: { keys: 10 },
  }],
  ["11 records where 10 are allowed", encode(range(11).map(([key]) => ({ key }))), "too_many_keys", {
    limits: { keys: 10 },
  }],
  ["an empty array", hex("90"), "no_readings"],
  ["a payload beyond the limit", new Uint8Array(11), "payload_too_large", { limits: { payload: 10 } }],
]);

function range(count: number): [string, number][] {
  return Array.from({ length: count }, (_, n) => [`k${n}`, n]);
}

Deno.test("a refusal of msgpack says what was found", () => {
  assertEquals(refusalOf("msgpack", hex("d4 05 00")).found, "The extension type 5 is not known");
});

Deno.test("msgpack gives back what an encoder wrote (property)", () => {
  const plain = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.boolean(),
      fc.string({ unit: "grapheme" }),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(fc.string().filter((key) => key !== "__proto__"), tie("any"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  })).any;
  fc.assert(
    fc.property(plain, (wanted) => assertEquals(valuesOf(encode({ wanted })), [{ wanted }])),
    { numRuns: 300 },
  );
});
