import type { Limits } from "../model/mod.ts";
import type { Decoder, DecodeResult } from "./decoder.ts";
import { integerOf } from "./integer.ts";
import { oversized, refused } from "./refused.ts";
import { notUtf8, utf8Text } from "./text.ts";

/** A number as RFC 8259 §6 writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A bare value as text, e.g. `21.5`: a number (as JSON writes it, also with a leading `+`), `true`, `false`,
 * else the text itself. White space around a number or boolean does not count; text keeps it.
 */
export function valueDecoder(): Decoder {
  return { decode };
}

function decode(payload: Uint8Array, limits: Limits): DecodeResult {
  const large = oversized(payload, limits);
  if (large !== undefined) return refused(large);
  const text = utf8Text(payload);
  if (text === undefined) return refused(notUtf8(payload));
  const bare = text.trim();
  if (bare === "") {
    return refused({ reason: "undecodable", found: "an empty payload", allowed: "one value" });
  }
  return { ok: true, records: [{ values: read(bare) ?? text, text }] };
}

/** `undefined` where the text is neither number nor boolean. */
function read(bare: string): number | bigint | boolean | undefined {
  if (bare === "true") return true;
  if (bare === "false") return false;
  const digits = bare.startsWith("+") ? bare.slice(1) : bare;
  if (!NUMBER.test(digits) || (digits !== bare && digits.startsWith("-"))) return undefined;
  return integerOf(digits, Number(digits));
}
