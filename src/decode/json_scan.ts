import type { Limits } from "../model/mod.ts";

/** What one look at the bytes of a JSON text tells before it is parsed. */
export interface JsonScan {
  /** `undefined` where depth and keys are within the limits. */
  exceeded: "too_deep" | "too_many_keys" | undefined;
  /** Every byte is below 0x80. */
  ascii: boolean;
  /** There is an integer that a number may not carry exactly. */
  wide: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;

/** Integers of fewer digits are below 2^53 ≈ 9.007 × 10^15, whatever their digits are. */
const SAFE_DIGITS = 15;

/**
 * Looks once at every byte, outside of strings at its meaning: how deep the brackets go, how many keys the
 * fullest object has (a key written twice counts twice), and whether an integer has 17 digits or more, or 16 of
 * which the first is a 9. The text need not be JSON: the parser judges that.
 *
 * About 1 ns a byte, see tests/bench/stages/stages_decode_validate.ts. It stands before the parser so that a mad
 * payload costs neither a deep structure nor a wide one.
 *
 * @returns a scanner that reuses its result: read it before the next call
 */
export function jsonScanner(): (bytes: Uint8Array, limits: Limits) => JsonScan {
  const result: JsonScan = { exceeded: undefined, ascii: true, wide: false };
  /** Keys seen so far in the open object of each level. */
  const keys: number[] = [0];

  return (bytes, limits) => {
    const length = bytes.length;
    result.exceeded = undefined;
    result.wide = false;
    let high = 0;
    let depth = 0;
    keys[0] = 0;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        for (at++; at < length; at++) {
          const inside = bytes[at] ?? 0;
          if (inside === QUOTE) break;
          if (inside === BACKSLASH) at++;
          else high |= inside;
        }
      } else if (byte >= ZERO && byte <= NINE) {
        const start = at;
        while (at + 1 < length && isDigit(bytes[at + 1] ?? 0)) at++;
        const digits = at + 1 - start;
        if (digits <= SAFE_DIGITS || bytes[start - 1] === DOT) continue;
        if (digits > SAFE_DIGITS + 1 || byte === NINE) result.wide = true;
      } else if (byte === COLON) {
        const seen = (keys[depth] ?? 0) + 1;
        if (seen > limits.keys) {
          result.exceeded = "too_many_keys";
          return result;
        }
        keys[depth] = seen;
      } else if (byte === 0x7b || byte === 0x5b) {
        depth++;
        if (depth > limits.depth) {
          result.exceeded = "too_deep";
          return result;
        }
        keys[depth] = 0;
      } else if (byte === 0x7d || byte === 0x5d) {
        if (depth > 0) depth--;
      } else {
        high |= byte;
      }
    }
    result.ascii = high < 0x80;
    return result;
  };
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
