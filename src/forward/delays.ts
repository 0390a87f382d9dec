import { type Backoff, fullJitter } from "../retry/mod.ts";
import type { Trouble } from "./verdict.ts";

/** Shortest wait after a refused token, ms: some servers lock out who tries too often. */
const UNAUTHORISED_FLOOR = 30_000;

/**
 * How long to wait after an attempt that failed.
 *
 * A wait that the server asked for is kept and lengthened by up to a tenth, so that many gateways do not return
 * in the same moment.
 *
 * @param attempt number of attempts that failed in a row, from 1
 * @returns ms
 */
export function delayAfter(failure: Trouble, attempt: number, retry: Backoff, random: () => number): number {
  if (failure.kind === "overloaded" && failure.retryAfter !== undefined) {
    return Math.round(failure.retryAfter * (1 + random() / 10));
  }
  const jittered = fullJitter(attempt, retry, random);
  return failure.kind === "unauthorised" ? UNAUTHORISED_FLOOR + jittered : jittered;
}
