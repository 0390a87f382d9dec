import type { Limits } from "../model/mod.ts";
import { cborDecoder } from "./cbor.ts";
import type { Decoder, DecodeResult, Receipt } from "./decoder.ts";
import { jsonDecoder } from "./json.ts";
import { RecordsByTime } from "./records_by_time.ts";
import { refused } from "./refused.ts";
import { SenmlPack } from "./senml_pack.ts";

/**
 * SenML (RFC 8428), in JSON, or in CBOR where the first byte begins a CBOR array: one pack a payload.
 *
 * Records of one time become one record, in the order of their times; a time below 2^28 seconds counts from the
 * receipt. The key of a value is
 *
 * - its name `n` without the base name, under the pack's first base name; the base name where there is no `n`;
 * - the whole name, under another base name of the same pack or where there is none;
 * - with `#` and the unit behind it where the pack's first value of that name had another unit (a position's `lon`
 *   and `lat` under one name);
 * - with `#sum` behind it for a sum `s`.
 *
 * Base value and base sum are added. `vd` stays base64url text. Units and `ut` are not looked at any further.
 */
export function senmlDecoder(): Decoder {
  const json = jsonDecoder();
  const cbor = cborDecoder();

  return {
    decode(payload: Uint8Array, limits: Limits, receipt: Receipt): DecodeResult {
      const binary = isCborArray(payload[0]);
      const read = (binary ? cbor : json).decode(payload, limits, receipt);
      if (!read.ok) return read;
      const { receivedAt } = receipt;
      const found = new RecordsByTime();
      const pack = new SenmlPack(binary, receivedAt, found);
      for (const { values } of read.records) {
        const wrong = pack.take(values);
        if (wrong !== undefined) return refused(wrong);
      }
      const records = found.records(receivedAt);
      if (records.length > 0) return { ok: true, records, needs: "some" };
      return refused({ reason: "no_readings", found: "a pack without a value" });
    },
  };
}

/** JSON begins with white space, `[` or `{`: none of them begins an array in CBOR. */
function isCborArray(first: number | undefined): boolean {
  return first !== undefined && first >= 0x80 && first <= 0x9f;
}
