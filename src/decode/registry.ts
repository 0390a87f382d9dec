import type { Compression, Format } from "../model/mod.ts";
import { cborDecoder } from "./cbor.ts";
import type { Decoder } from "./decoder.ts";
import { gunzipping } from "./gzip.ts";
import { jsonDecoder } from "./json.ts";
import { lineProtocolDecoder } from "./line_protocol.ts";
import { type DecodeMemory, newDecodeMemory } from "./memory.ts";
import { msgpackDecoder } from "./msgpack.ts";
import { senmlDecoder } from "./senml.ts";
import { sparkplugDecoder } from "./sparkplug.ts";
import { valueDecoder } from "./value.ts";

/** Every format. A further one is a file and a line here. */
const DECODERS: Readonly<Record<Format, (memory: DecodeMemory) => Decoder>> = {
  json: jsonDecoder,
  value: valueDecoder,
  senml: senmlDecoder,
  cbor: cborDecoder,
  msgpack: msgpackDecoder,
  sparkplug_b: ({ sparkplug }) => sparkplugDecoder(sparkplug),
  line_protocol: lineProtocolDecoder,
};

/**
 * A decoder for one subscription.
 *
 * A format that this version does not know (rules from a newer version's checkpoint) refuses every payload as
 * `undecodable`: the messages stay in the quarantine, to be replayed once it can be read.
 *
 * @param memory what formats remember between messages, shared by all subscriptions
 * @param compression how its payloads are compressed
 */
export function decoderFor(
  format: Format,
  memory: DecodeMemory = newDecodeMemory(),
  compression: Compression = "none",
): Decoder {
  if (!Object.hasOwn(DECODERS, format)) {
    const refusal = {
      reason: "undecodable",
      found: `format ${format}`,
      allowed: Object.keys(DECODERS).join(", "),
    } as const;
    return { decode: () => ({ ok: false, refusal }) };
  }
  const decoder = DECODERS[format](memory);
  return compression === "gzip" ? gunzipping(decoder) : decoder;
}
