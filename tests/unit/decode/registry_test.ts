import { assert, assertEquals } from "@std/assert";
import { decoderFor } from "../../../src/decode/mod.ts";
import type { Format } from "../../../src/model/mod.ts";
import { bytes, limits, receipt } from "./limits.ts";

const PAYLOADS: Readonly<Record<Format, Uint8Array>> = {
  json: bytes('{"a":1}'),
  value: bytes("1"),
  senml: bytes('[{"n":"a","v":1}]'),
  cbor: Uint8Array.of(0xa1, 0x61, 0x61, 0x01),
  msgpack: Uint8Array.of(0x81, 0xa1, 0x61, 0x01),
  // A birth with seq 0 and a metric "a" of type Int32 with the value 1.
  sparkplug_b: Uint8Array.of(0x12, 0x07, 0x0a, 0x01, 0x61, 0x20, 0x03, 0x50, 0x01, 0x18, 0x00),
  line_protocol: bytes("m a=1i"),
};

for (const [format, payload] of Object.entries(PAYLOADS)) {
  Deno.test(`the format ${format} reads the value 1`, () => {
    const decoder = decoderFor(format as Format);
    const result = decoder.decode(payload, limits(), receipt({ topic: "spBv1.0/g/NBIRTH/n" }));
    assert(result.ok, JSON.stringify(result));
    const [record] = result.records;
    const { values } = record ?? {};
    assertEquals(typeof values === "object" && values !== null ? Reflect.get(values, "a") : values, 1);
  });
}

Deno.test("rules of a newer version may name a format that is not known: its payloads are refused, not lost", () => {
  const result = decoderFor("avro" as Format).decode(bytes("1"), limits(), receipt());
  assert(!result.ok);
  assertEquals([result.refusal.reason, result.refusal.found], ["undecodable", "format avro"]);
});
