// Deferred: the package is loaded with the first subscription that needs it, not at every start.
import defer * as msgpack from "@msgpack/msgpack";
import { type Limits, shown } from "../model/mod.ts";
import { recordsOf } from "./batch.ts";
import type { Decoder, DecodeResult } from "./decoder.ts";
import { scanMsgpack } from "./msgpack_scan.ts";
import { plain } from "./plain.ts";
import { oversized, refused } from "./refused.ts";

/**
 * MessagePack: one value a payload. An array of maps is a batch, each of them one record.
 *
 * Of a key that stands twice the last value counts, as in JSON. Keys that are integers become decimal text, bytes
 * base64url text; a timestamp (extension −1) becomes its seconds since 1970, as a number where it is whole and else
 * as decimal text, so that no nanosecond is lost (`time: { unit: s }` reads both). Other extensions are refused.
 */
export function msgpackDecoder(): Decoder {
  const unpacker = new msgpack.Decoder({
    useBigInt64: true,
    extensionCodec: {
      // Nothing is ever encoded here.
      tryToEncode: () => null,
      decode(data, type): number | string {
        if (type !== TIMESTAMP) throw new TypeError(`The extension type ${type} is not known`);
        return timestamp(data);
      },
    },
    mapKeyConverter(key): string {
      if (typeof key === "string") return key;
      if (typeof key === "bigint" || Number.isInteger(key)) return String(key);
      throw new TypeError(`A key of a map is ${key === null ? "null" : `of type ${typeof key}`}`);
    },
  });

  return {
    decode(payload: Uint8Array, limits: Limits): DecodeResult {
      const unfit = oversized(payload, limits) ?? scanMsgpack(payload, limits);
      if (unfit !== undefined) return refused(unfit);
      try {
        return recordsOf(plain(unpacker.decode(payload)), limits);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        return refused({ reason: "undecodable", found: shown(words), allowed: "MessagePack" });
      }
    },
  };
}

/** The extension type of a timestamp (MessagePack specification, "Timestamp extension type"). */
const TIMESTAMP = -1;

const SECOND = 1_000_000_000n;

function timestamp(data: Uint8Array): number | string {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (data.byteLength) {
    case 4:
      return view.getUint32(0);
    case 8: {
      const both = view.getBigUint64(0);
      return seconds(both & 0x3_ffff_ffffn, both >> 34n);
    }
    case 12:
      return seconds(view.getBigInt64(4), BigInt(view.getUint32(0)));
    default:
      throw new RangeError(`A timestamp has ${data.byteLength} bytes`);
  }
}

function seconds(whole: bigint, nanoseconds: bigint): number | string {
  if (nanoseconds >= SECOND) throw new RangeError(`A timestamp has ${nanoseconds} nanoseconds`);
  const total = whole * SECOND + nanoseconds;
  const size = total < 0n ? -total : total;
  const fraction = size % SECOND;
  const text = `${total < 0n ? "-" : ""}${size / SECOND}`;
  return fraction === 0n ? Number(text) : `${text}.${String(fraction).padStart(9, "0")}`;
}
