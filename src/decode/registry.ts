import type { Format } from "../model/mod.ts";
import type { Decoder } from "./decoder.ts";
import { jsonDecoder } from "./json.ts";
import { valueDecoder } from "./value.ts";

/** Every format that this version reads. A further one is a file and a line here. */
const DECODERS: Partial<Readonly<Record<Format, () => Decoder>>> = {
  json: jsonDecoder,
  value: valueDecoder,
};

/** The formats that this version reads, for the check of a configuration. */
export function decodableFormats(): readonly Format[] {
  const names: Format[] = ["json", "value", "senml", "cbor", "msgpack", "sparkplug_b", "line_protocol"];
  return names.filter((name) => DECODERS[name] !== undefined);
}

/**
 * A decoder for one subscription.
 *
 * A format that this version does not read (rules from a newer version's checkpoint) refuses every payload as
 * `undecodable`: the messages stay in the quarantine, to be replayed once it can be read.
 */
export function decoderFor(format: Format): Decoder {
  const make = DECODERS[format];
  if (make !== undefined) return make();
  const allowed = decodableFormats().join(", ");
  const refusal = { reason: "undecodable", found: `format ${format}`, allowed } as const;
  return { decode: () => ({ ok: false, refusal }) };
}
