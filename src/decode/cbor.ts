import { decode, type TagDecoder } from "cborg";
import { type Limits, shown } from "../model/mod.ts";
import { recordsOf } from "./batch.ts";
import { scanCbor } from "./cbor_scan.ts";
import type { Decoder, DecodeResult } from "./decoder.ts";
import { plain } from "./plain.ts";
import { oversized, refused } from "./refused.ts";

/**
 * CBOR (RFC 8949): one value a payload. An array of maps is a batch, each of them one record.
 *
 * Strict about what is valid: a key twice in a map, text that is no UTF-8, an unknown tag, bytes behind the value
 * and a string in pieces are refused. Lenient about how it is written: numbers and lengths need not be in their
 * shortest form, arrays and maps need not announce their length, since encoders of small devices do neither. Keys
 * that are integers become decimal text (`2` is the path `["2"]`), byte strings base64url text (RFC 8949 §6.1).
 * Tags read: 0 and 1 (times; the number counts seconds), 2 and 3 (large integers), 4 and 5 (fractions), 55799.
 */
export function cborDecoder(): Decoder {
  return { decode: decodeCbor };
}

const OPTIONS = {
  useMaps: true,
  rejectDuplicateMapKeys: true,
  coerceUndefinedToNull: true,
  tags: {
    0: inner,
    1: inner,
    2: (content) => large(content()),
    3: (content) => -1n - large(content()),
    4: (content) => fraction(content(), (mantissa, exponent) => Number(`${mantissa}e${exponent}`)),
    5: (content) => fraction(content(), (mantissa, exponent) => Number(mantissa) * 2 ** Number(exponent)),
    55799: inner,
  } satisfies Record<number, TagDecoder>,
};

function decodeCbor(payload: Uint8Array, limits: Limits): DecodeResult {
  const unfit = oversized(payload, limits) ?? scanCbor(payload, limits);
  if (unfit !== undefined) return refused(unfit);
  try {
    return recordsOf(plain(decode(payload, OPTIONS)), limits);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return refused({ reason: "undecodable", found: shown(words), allowed: "CBOR as of RFC 8949" });
  }
}

function inner(content: () => unknown): unknown {
  return content();
}

/** The longest integer whose digits are kept; a longer one cannot be a reading. */
const LONGEST = 16;

function large(content: unknown): bigint {
  if (!(content instanceof Uint8Array)) throw new TypeError("A large integer is no byte string");
  if (content.length > LONGEST) throw new RangeError(`An integer has ${content.length} bytes`);
  let value = 0n;
  for (const byte of content) value = (value << 8n) | BigInt(byte);
  return value;
}

type Whole = number | bigint;

function fraction(content: unknown, value: (mantissa: Whole, exponent: Whole) => number): number {
  const [exponent, mantissa, ...more] = Array.isArray(content) ? content : [];
  if (!isWhole(exponent) || !isWhole(mantissa) || more.length > 0) {
    throw new TypeError("A fraction is no pair of integers");
  }
  return value(mantissa, exponent);
}

function isWhole(value: unknown): value is Whole {
  return typeof value === "bigint" || Number.isInteger(value);
}
