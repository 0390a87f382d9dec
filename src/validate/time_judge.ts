import { type Refusal, rfc3339, type TimeUnit } from "../model/mod.ts";

/** Milliseconds in a unit, from the coarsest on. */
const UNITS: readonly (readonly [TimeUnit, number, string])[] = [
  ["s", 1_000, "seconds"],
  ["ms", 1, "milliseconds"],
  ["us", 1e-3, "microseconds"],
  ["ns", 1e-6, "nanoseconds"],
];

const YEAR = 365 * 86_400_000;

/**
 * What the database can hold: nanoseconds since 1970 in a signed 64-bit number, 1677-09-21 to 2262-04-11. One
 * second is left at either end for the nanoseconds.
 */
const OLDEST = -9_223_372_035_854;
const NEWEST = 9_223_372_035_854;

/**
 * Holds the device's time against the receipt.
 *
 * While the wall clock is implausible, `future` is not judged, unless no database could hold the moment. A
 * refusal names the unit that would put the time within a year of the receipt, if there is one.
 *
 * @param ms the device's time, ms since the epoch
 * @param receivedAt wall clock at receipt, ms since the epoch
 * @param implausible the wall clock at receipt is not to be trusted
 * @param maxFuture furthest ahead of the receipt that is allowed, ms
 * @param maxAge oldest before the receipt that is allowed, ms
 * @param unit the unit in which the profile reads the time
 * @returns `future` or `too_old`, or `undefined` where the time may stand
 */
export function judgeTime(
  ms: number,
  receivedAt: number,
  implausible: boolean,
  maxFuture: number,
  maxAge: number,
  unit: TimeUnit,
): Refusal | undefined {
  const newest = implausible ? NEWEST : Math.min(receivedAt + maxFuture, NEWEST);
  if (ms > newest) return refusal("future", ms, newest, "at the latest", receivedAt, unit);
  const oldest = Math.max(receivedAt - maxAge, OLDEST);
  if (ms < oldest) return refusal("too_old", ms, oldest, "at the earliest", receivedAt, unit);
  return undefined;
}

function refusal(
  reason: "future" | "too_old",
  ms: number,
  bound: number,
  which: string,
  receivedAt: number,
  unit: TimeUnit,
): Refusal {
  const verdict: Refusal = { reason, found: timeText(ms), allowed: `${timeText(bound)} ${which}` };
  const likely = likelyUnit(ms, receivedAt, unit);
  return likely === undefined ? verdict : { ...verdict, hint: `looks like ${likely}` };
}

function timeText(ms: number): string {
  return rfc3339(ms) ?? `${ms} ms since 1970`;
}

/** The other unit that puts the same digits within a year of the receipt. */
function likelyUnit(ms: number, receivedAt: number, unit: TimeUnit): string | undefined {
  const own = UNITS.find(([name]) => name === unit);
  if (own === undefined) return undefined;
  const digits = ms / own[1];
  return UNITS.find(([name, size]) => name !== unit && Math.abs(digits * size - receivedAt) <= YEAR)?.[2];
}
