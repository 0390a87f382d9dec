import { assert, assertEquals } from "@std/assert";
import { decodableFormats, decoderFor } from "../../../src/decode/mod.ts";
import type { Format } from "../../../src/model/mod.ts";
import { bytes, limits } from "./limits.ts";

const FORMATS: readonly Format[] = [
  "json",
  "value",
  "senml",
  "cbor",
  "msgpack",
  "sparkplug_b",
  "line_protocol",
];

Deno.test("a format reads payloads exactly if the list of decodable formats names it", () => {
  for (const format of FORMATS) {
    const result = decoderFor(format).decode(bytes("1"), limits());
    if (decodableFormats().includes(format)) continue;
    assert(!result.ok);
    assertEquals(result.refusal.reason, "undecodable");
    assertEquals(result.refusal.found, `format ${format}`);
  }
  for (const format of ["json", "value"] as const) {
    assert(decodableFormats().includes(format));
    assert(decoderFor(format).decode(bytes("1"), limits()).ok);
  }
});
