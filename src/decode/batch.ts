import type { Limits } from "../model/mod.ts";
import type { Decoded, DecodeResult } from "./decoder.ts";
import { refused } from "./refused.ts";

/**
 * The records of a value: an array whose first element is an object is a batch, each element a record of its own;
 * any other value is one record.
 */
export function recordsOf(value: unknown, limits: Limits): DecodeResult {
  if (!Array.isArray(value)) return { ok: true, records: [{ values: value }] };
  if (value.length === 0) return refused({ reason: "no_readings", found: "an empty array" });
  if (!isObject(value[0])) return { ok: true, records: [{ values: value }] };
  if (value.length > limits.keys) {
    return refused({
      reason: "too_many_keys",
      found: `an array of ${value.length} records`,
      allowed: `at most ${limits.keys} records in one payload`,
    });
  }
  return { ok: true, records: value.map((values): Decoded => ({ values })) };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
