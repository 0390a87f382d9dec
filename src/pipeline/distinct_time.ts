import type { CheckedField } from "../validate/mod.ts";
import { scattered, textHash } from "./message_hash.ts";

/** Nanoseconds of a millisecond. */
const PLACES = 1_000_000;

/**
 * The nanoseconds of an event whose clock counts milliseconds (`time: {distinct: true}`): a database overwrites a
 * point with the same series and time, and a log has several lines in one millisecond. What the event says decides,
 * so that the same event has the same time whenever it comes; of two that differ, one pair in a million meets.
 *
 * @param fields what the event says, after redaction: the time tells nothing that the fields do not
 */
export function distinctNanoseconds(fields: readonly CheckedField[]): number {
  let hash: number | undefined;
  for (const { rule, value } of fields) hash = textHash(`${rule.name}\n${value}\n`, hash);
  return scattered(hash ?? 0) % PLACES;
}
