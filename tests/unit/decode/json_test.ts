import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decoderFor } from "../../../src/decode/mod.ts";
import type { Limits, Reason, Refusal } from "../../../src/model/mod.ts";
import { bytes, limits, receipt } from "./limits.ts";

const json = decoderFor("json");

function valuesOf(payload: Uint8Array | string, changes: Partial<Limits> = {}): unknown[] {
  const result = json.decode(
    typeof payload === "string" ? bytes(payload) : payload,
    limits(changes),
    receipt(),
  );
  assert(result.ok, result.ok ? "" : JSON.stringify(result.refusal));
  return result.records.map((record) => record.values);
}

function refusalOf(payload: Uint8Array | string, changes: Partial<Limits> = {}): Refusal {
  const result = json.decode(
    typeof payload === "string" ? bytes(payload) : payload,
    limits(changes),
    receipt(),
  );
  assert(!result.ok, "The payload was decoded");
  return result.refusal;
}

const READ: readonly [string, string, unknown[]][] = [
  ["an object", '{"a":1.5,"b":true,"c":null,"d":"x"}', [{ a: 1.5, b: true, c: null, d: "x" }]],
  ["an object in white space", '\r\n\t {"a":1} \n', [{ a: 1 }]],
  ["a number", "21.5", [21.5]],
  ["a text", '"on"', ["on"]],
  ["null", "null", [null]],
  ["an array of objects as a batch", '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  ["a batch with a stray value, which validate refuses", '[{"a":1},7]', [{ a: 1 }, 7]],
  ["an array of values as one record", "[1,2,3]", [[1, 2, 3]]],
  ["text beyond ASCII", '{"name":"Öl 🛢"}', [{ name: "Öl 🛢" }]],
  ["a byte order mark, which is not part of the text", '\ufeff{"a":1}', [{ a: 1 }]],
  ["a key written twice, of which the last counts", '{"a":1,"a":2}', [{ a: 2 }]],
  ["brackets and colons in a text", '{"a":"[[{{::\\"]}"}', [{ a: '[[{{::"]}' }]],
  ["1e400 as Infinity, which validate refuses", '{"a":1e400}', [{ a: Infinity }]],
];

for (const [what, payload, expected] of READ) {
  Deno.test(`json reads ${what}`, () => assertEquals(valuesOf(payload), expected));
}

const INTEGERS: readonly [string, number | bigint][] = [
  ["9007199254740991", 9007199254740991],
  ["9007199254740992", 9007199254740992n],
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["9223372036854775808", 9223372036854775808n],
  ["1790000000000123456", 1790000000000123456n],
  ["1790000000000123", 1790000000000123],
  ["0.12345678901234567890", 0.12345678901234567890],
  ["12345678901234567890.5", 12345678901234567890.5],
  ["12345678901234567890e2", 12345678901234567890e2],
];

for (const [written, expected] of INTEGERS) {
  Deno.test(`json carries ${written} without loss, wherever it stands`, () => {
    assertEquals(valuesOf(written), [expected]);
    assertEquals(valuesOf(`{"a":{"b":[${written},1.5]},"s":"${written}"}`), [
      { a: { b: [expected, 1.5] }, s: written },
    ]);
  });
}

Deno.test("json: integers of any length come back digit by digit (property)", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), (integer) => {
    const [value] = valuesOf(`{"n": ${integer}}`);
    assertEquals(Object.values(Object(value)).map(String), [String(integer)]);
  }));
});

Deno.test("json: an integer of a quarter of a million digits costs no exact integer", () => {
  assertEquals(valuesOf(`{"n":${"9".repeat(250_000)}}`), [{ n: Infinity }]);
});

Deno.test("json: a __proto__ key is a key like any other and changes no prototype", () => {
  for (const payload of ['{"__proto__":{"x":1},"a":1}', '{"__proto__":{"x":1},"a":12345678901234567890}']) {
    const [value] = valuesOf(payload);
    assert(typeof value === "object" && value !== null);
    assertEquals(Object.getPrototypeOf(value), Object.prototype);
    assertEquals(Object.hasOwn(value, "__proto__"), true);
    assertEquals(Reflect.get({}, "x"), undefined);
  }
});

const REFUSED: readonly [string, Uint8Array | string, Reason, Partial<Refusal>, Partial<Limits>?][] = [
  ["an empty payload", "", "undecodable", { found: "an empty payload" }],
  ["white space alone", " \n", "undecodable", { found: "an empty payload" }],
  ["half an object", '{"a":', "undecodable", { found: '{"a":' }],
  ["NaN", '{"a":NaN}', "undecodable", { found: '{"a":NaN}' }],
  ["Infinity", '{"a":-Infinity}', "undecodable", { allowed: "a JSON text" }],
  ["two values", "1 2", "undecodable", {}],
  ["a control character, made visible", '{"a":"\u0001"}', "undecodable", { found: '{"a":"\\x01"}' }],
  ["a wrong byte", Uint8Array.of(0x22, 0xff, 0x22), "undecodable", { found: "byte 0xff at position 1" }],
  ["an overlong slash", Uint8Array.of(0x22, 0xc0, 0xaf), "undecodable", { found: "byte 0xc0 at position 1" }],
  [
    "an encoded surrogate",
    Uint8Array.of(0x22, 0xed, 0xa0, 0x80),
    "undecodable",
    { found: "byte 0xa0 at position 2" },
  ],
  [
    "bytes that end within a character",
    Uint8Array.of(0x22, 0xf0, 0x9f),
    "undecodable",
    { found: "3 bytes that end within a character" },
  ],
  ["an empty array", "[]", "no_readings", { found: "an empty array" }],
  ["too many bytes", '{"a":1}', "payload_too_large", { found: "7 bytes", allowed: "at most 6 bytes" }, {
    payload: 6,
  }],
  ["too many levels", "[[[1]]]", "too_deep", { allowed: "at most 2 levels" }, { depth: 2 }],
  ["too many keys", '{"a":{"b":1,"c":1,"d":1}}', "too_many_keys", {
    allowed: "at most 2 keys in one object",
  }, { keys: 2 }],
  ["a batch of too many records", "[{},{},{}]", "too_many_keys", { found: "an array of 3 records" }, {
    keys: 2,
  }],
];

for (const [what, payload, reason, facts, changes] of REFUSED) {
  Deno.test(`json refuses ${what}`, () => {
    const refusal = refusalOf(payload, changes);
    assertEquals({ ...refusal, ...facts }, refusal);
    assertEquals(refusal.reason, reason);
  });
}

Deno.test("json: the limits themselves are allowed", () => {
  assertEquals(valuesOf("[[1]]", { depth: 2, payload: 5 }), [[[1]]]);
  assertEquals(valuesOf('{"a":{"b":1,"c":1},"d":2}', { keys: 2 }), [{ a: { b: 1, c: 1 }, d: 2 }]);
  assertEquals(valuesOf("[{},{}]", { keys: 2 }), [{}, {}]);
});

Deno.test("json: the words of the parser are part of the refusal", () => {
  const { hint } = refusalOf('{"a":1,}');
  assert(hint?.startsWith("the parser says: "), hint);
});

Deno.test("json: any bytes give what a strict decoder and JSON.parse give, or a refusal (property)", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const texts = fc.json({ maxDepth: 4 }).map(bytes);
  const broken = fc.tuple(texts, fc.nat(), fc.nat(255)).map(([payload, at, byte]) => {
    payload[at % payload.length] = byte;
    return payload;
  });
  fc.assert(
    fc.property(fc.oneof(texts, broken, fc.uint8Array({ maxLength: 64 })), (payload) => {
      let expected: unknown;
      try {
        expected = JSON.parse(strict.decode(payload));
      } catch {
        assertEquals(json.decode(payload, limits(), receipt()).ok, false);
        return;
      }
      if (Array.isArray(expected) && expected.length === 0) return;
      const records = valuesOf(payload);
      const read = records.length === 1 && !isBatch(expected) ? records[0] : records;
      assertEquals(rounded(read), JSON.stringify(expected));
    }),
    { numRuns: 500 },
  );
});

/** JSON of a value with exact integers rounded, as a bare parse has them. */
function rounded(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => typeof inner === "bigint" ? Number(inner) : inner);
}

function isBatch(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null && !Array.isArray(first);
}
