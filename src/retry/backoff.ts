/** Bounds of the exponential back-off, in ms. */
export interface Backoff {
  /** Upper bound of the delay after the first failure. */
  readonly initial: number;
  /** Upper bound of every delay. */
  readonly max: number;
}

/**
 * Delay before the next attempt: uniform in `[floor, min(max, initial × 2^(attempt−1))]`.
 *
 * @param attempt number of the attempt that just failed, from 1
 * @param backoff bounds in ms
 * @param random dice in `[0, 1)`
 * @param floor shortest delay in ms (default: a tenth of `initial`, so that a retry is never a busy loop)
 * @returns delay in ms, a whole number
 */
export function fullJitter(
  attempt: number,
  backoff: Backoff,
  random: () => number,
  floor: number = backoff.initial / 10,
): number {
  const ceiling = Math.min(backoff.max, backoff.initial * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(floor + random() * Math.max(0, ceiling - floor));
}
