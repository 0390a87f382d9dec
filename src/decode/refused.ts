import type { Limits, Refusal } from "../model/mod.ts";
import type { DecodeResult } from "./decoder.ts";

/** A payload that gives nothing. */
export function refused(refusal: Refusal): DecodeResult {
  return { ok: false, refusal };
}

/** The refusal of a payload that is too large; `undefined` where it is not. */
export function oversized(payload: Uint8Array, limits: Limits): Refusal | undefined {
  if (payload.length <= limits.payload) return undefined;
  const found = `${payload.length} bytes`;
  return { reason: "payload_too_large", found, allowed: `at most ${limits.payload} bytes` };
}
