/**
 * Every format under fire: random bytes, damaged payloads, compressed or not, get a verdict and nothing else.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { encode as cbor } from "cborg";
import { encode as msgpack } from "@msgpack/msgpack";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { type Decoded, decoderFor } from "../../src/decode/mod.ts";
import { type Compression, type Format, type Limits, refusalText } from "../../src/model/mod.ts";
import { compileProfile } from "../../src/validate/mod.ts";
import { field, NONE, profile } from "../unit/pipeline/river_bench.ts";

const LIMITS: Limits = {
  ...{ payload: 65_536, depth: 16, keys: 100 },
  ...{ devices: 100, series: 100, windows: 100, deviceRate: 100 },
};
const RECEIPT = { topic: "spBv1.0/g/NBIRTH/n", receivedAt: 1_790_000_000_000, elapsed: 0 };

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const VALUE = { a: 1.5, b: true, c: "Öl", d: [1, { e: null }], big: 2n ** 60n };

/** Real payloads of each format. */
const REAL: Readonly<Record<Format, readonly Uint8Array[]>> = {
  json: [utf8('{"a":1,"b":[true,"x"]}')],
  value: [utf8("21.5")],
  senml: [
    utf8(
      '[{"bn":"d:","bt":1.79e9,"n":"a","u":"Cel","v":1.5},{"n":"b","vs":"x","t":-5},{"n":"c","vb":true,"s":1}]',
    ),
    cbor([new Map<number, unknown>([[-2, "d:"], [-3, 1.79e9], [0, "a"], [2, 1.5]]), new Map([[0, "b"]])]),
  ],
  cbor: [
    cbor(VALUE),
    cbor([VALUE, VALUE]),
    Uint8Array.of(0xbf, 0x61, 0x61, 0x9f, 1, 0xff, 0xff, 0xc2, 0x41, 1),
  ],
  msgpack: [
    msgpack(VALUE, { useBigInt64: true }),
    msgpack([{ a: new Date(1.79e12) }, { a: new Uint8Array(3) }]),
  ],
  sparkplug_b: [
    Uint8Array.of(0x12, 0x07, 0x0a, 0x01, 0x61, 0x20, 0x03, 0x50, 0x01, 0x18, 0x00),
    Uint8Array.of(
      0x08,
      1,
      0x12,
      0x0d,
      0x0a,
      1,
      0x61,
      0x92,
      0x01,
      7,
      0x12,
      5,
      0x0a,
      1,
      0x62,
      0x50,
      1,
      0x18,
      0,
    ),
  ],
  line_protocol: [utf8('m,site=a\\ b f=1.5,i=2i,u=3u,b=t,s="x \\" y" 1790000000000000000\n# c\nm f=1')],
};

const FORMATS = Object.keys(REAL) as Format[];

function verdicts(format: Format, compression: Compression, payload: Uint8Array): readonly unknown[] {
  const decoder = decoderFor(format, undefined, compression);
  const before = payload.slice();
  const result = decoder.decode(payload, LIMITS, RECEIPT);
  assertEquals(payload, before, "The payload was changed");
  if (!result.ok) {
    const text = refusalText(result.refusal);
    assert(text.length < 600 && text.isWellFormed() && !/[\n\r\0]/.test(text), text);
    return [text];
  }
  const checker = compileProfile(profile([field("a", NONE)], { time: null, unknownFields: "keep" }));
  return result.records.map((record) => {
    assert(isPlain(record.values, LIMITS.depth + 1), `${format} gave more than plain values`);
    holdTime(record);
    return checker.check(record.values, undefined, record.text);
  });
}

function holdTime({ moment }: Decoded): void {
  if (moment === undefined) return;
  const { ms, ns } = moment;
  assert(Number.isSafeInteger(ms) && Number.isInteger(ns) && ns >= 0 && ns < 1_000_000, `${ms} ${ns}`);
}

/** Nothing but what JSON can say, and bigints; nested no deeper than is allowed. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === null || ["string", "number", "boolean", "bigint"].includes(typeof value)) return true;
  if (typeof value !== "object" || depth === 0) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  return Object.values(value).every((member) => isPlain(member, depth - 1));
}

function damaged(format: Format): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(200),
    remove: fc.nat(6),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom([0x9f], [0xbf], [0xff], [0xdd, 0xff, 0xff], [0x7b, 0xff]).map((one) =>
        Uint8Array.from(one)
      ),
      fc.constantFrom("\\", '"', "\n", "1e400", "__proto__", "NaN", "-0", "9".repeat(30)).map(utf8),
    ),
  });
  return fc.tuple(fc.constantFrom(...REAL[format]), fc.array(change, { maxLength: 4 })).map((
    [payload, changes],
  ) =>
    changes.reduce((bytes, { at, remove, insert }) => {
      const start = at % (bytes.length + 1);
      return Uint8Array.of(...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + remove));
    }, payload)
  );
}

for (const format of FORMATS) {
  Deno.test(`P6 ${format}: each real payload is read, compressed or not`, () => {
    for (const payload of REAL[format]) {
      const plain = verdicts(format, "none", payload);
      assertEquals(verdicts(format, "gzip", gzipSync(payload)), plain);
    }
  });

  Deno.test(`P6 ${format}: random bytes and damaged payloads get the same verdict twice (property)`, () => {
    const any = fc.oneof(damaged(format), fc.uint8Array({ maxLength: 64 }));
    fc.assert(
      fc.property(any, (payload) => {
        assertEquals(verdicts(format, "none", payload), verdicts(format, "none", payload.slice()));
      }),
      { numRuns: 1_000 },
    );
    assertEquals(Reflect.get({}, "a"), undefined);
  });
}

Deno.test("P6 damaged gzip gets a verdict whatever it holds (property)", () => {
  const bytes = gzipSync(REAL.json[0] ?? new Uint8Array());
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      verdicts("json", "gzip", bytes.map((old, index) => index === at ? byte : old));
    }),
    { numRuns: 500 },
  );
});
