/** Shortest and longest wait that a `Retry-After` may ask for, in ms: 1 s and 15 min. */
const SHORTEST = 1_000;
const LONGEST = 15 * 60_000;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110 §10.2.3).
 *
 * @param value the header as it came
 * @param wall wall clock in ms, to turn a date into a wait
 * @returns the wait in ms within 1 s … 15 min, or `undefined` where the header says nothing usable
 */
export function parseRetryAfter(value: string | null | undefined, wall: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  const text = value.trim();
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - wall;
  if (Number.isNaN(wait)) return undefined;
  return Math.min(LONGEST, Math.max(SHORTEST, Math.round(wait)));
}
