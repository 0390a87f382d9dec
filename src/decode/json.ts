import { type Limits, type Refusal, shown } from "../model/mod.ts";
import { recordsOf } from "./batch.ts";
import type { Decoder, DecodeResult } from "./decoder.ts";
import { integerOf } from "./integer.ts";
import { jsonScanner } from "./json_scan.ts";
import { oversized, refused } from "./refused.ts";
import { asciiText, notUtf8, utf8Text } from "./text.ts";

/**
 * JSON (RFC 8259): one value a payload. An array of objects is a batch, each of them one record; any other
 * value is one record. Integers beyond ±(2^53 − 1) become bigints.
 */
export function jsonDecoder(): Decoder {
  const scan = jsonScanner();

  return {
    decode(payload: Uint8Array, limits: Limits): DecodeResult {
      const large = oversized(payload, limits);
      if (large !== undefined) return refused(large);
      const seen = scan(payload, limits);
      if (seen.exceeded === "too_deep") {
        return refused({ reason: "too_deep", allowed: `at most ${limits.depth} levels` });
      }
      if (seen.exceeded === "too_many_keys") {
        return refused({ reason: "too_many_keys", allowed: `at most ${limits.keys} keys in one object` });
      }
      const wide = seen.wide;
      const text = seen.ascii ? asciiText(payload) : utf8Text(payload);
      if (text === undefined) return refused(notUtf8(payload));
      let value: unknown;
      try {
        value = wide ? parseExactly(text) : JSON.parse(text);
      } catch (error) {
        return refused(notJson(text, error));
      }
      return recordsOf(value, limits);
    },
  };
}

/** A reviver as ES2025's "JSON.parse source text access" calls it; the library types do not know it yet. */
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Integers from their digits, everything else as the parser reads it. Several times slower than without. */
function parseExactly(text: string): unknown {
  const reviver: SourceReviver = (_key, value, context) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    return context.source === undefined ? value : integerOf(context.source, value);
  };
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

function notJson(text: string, error: unknown): Refusal {
  if (text.trim() === "") return { reason: "undecodable", found: "an empty payload", allowed: "a JSON text" };
  const words = error instanceof Error ? error.message : String(error);
  return {
    reason: "undecodable",
    found: shown(text),
    allowed: "a JSON text",
    hint: `the parser says: ${shown(words)}`,
  };
}
