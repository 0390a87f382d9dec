import { gunzipSync } from "node:zlib";
import { type Limits, shown } from "../model/mod.ts";
import type { Decoder, DecodeResult, Receipt } from "./decoder.ts";
import { oversized, refused } from "./refused.ts";

/**
 * Payloads of another format, compressed with gzip (RFC 1952). `limits.payload` counts the bytes that come out:
 * expanding stops there, so a few bytes that stand for gigabytes cost no more than a payload of that size.
 */
export function gunzipping(inner: Decoder): Decoder {
  return {
    decode(payload: Uint8Array, limits: Limits, receipt: Receipt): DecodeResult {
      const large = oversized(payload, limits);
      if (large !== undefined) return refused(large);
      let expanded: Uint8Array;
      try {
        expanded = gunzipSync(payload, { maxOutputLength: limits.payload });
      } catch (error) {
        return refused(notExpanded(error, limits));
      }
      return inner.decode(expanded, limits, receipt);
    },
  };
}

function notExpanded(error: unknown, limits: Limits): Parameters<typeof refused>[0] {
  if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
    return {
      reason: "payload_too_large",
      found: `more than ${limits.payload} bytes after gzip`,
      allowed: `at most ${limits.payload} bytes`,
    };
  }
  const words = error instanceof Error ? error.message : String(error);
  return { reason: "undecodable", found: shown(words), allowed: "a payload compressed with gzip" };
}
