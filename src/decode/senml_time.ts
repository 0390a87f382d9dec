/** Times below it count from now, others from 1970 (RFC 8428 §4.5.3): 2^28 seconds, in nanoseconds. */
const RELATIVE = 268_435_456n * 1_000_000_000n;

/** Further away than any calendar, in seconds: such a time was never meant. */
const FURTHEST = 1e13;

/**
 * Seconds as nanoseconds, from their decimal digits: 1276020076.001 lies 1 ms after the second, though no binary
 * fraction does. What is finer than a nanosecond is cut off.
 *
 * @returns `undefined` where it is no finite number or lies beyond every calendar
 */
export function nanosecondsOf(seconds: number | bigint): bigint | undefined {
  const size = Math.abs(Number(seconds));
  if (!(size <= FURTHEST)) return undefined;
  if (typeof seconds === "bigint") return seconds * 1_000_000_000n;
  // Below it a number is written with an exponent, and from 10^21 on.
  if (size < 1e-6) return BigInt(Math.trunc(seconds * 1e9));
  const [whole = "0", fraction = ""] = String(size).split(".");
  const nanoseconds = BigInt(whole + fraction.slice(0, 9).padEnd(9, "0"));
  return seconds < 0 ? -nanoseconds : nanoseconds;
}

/**
 * The time of a record in nanoseconds since 1970; `undefined`: "now", the time of receipt.
 *
 * @param time base time and time together, ns
 * @param receivedAt wall clock at receipt, ms
 */
export function absoluteTime(time: bigint, receivedAt: number): bigint | undefined {
  if (time === 0n) return undefined;
  return time < RELATIVE ? BigInt(Math.trunc(receivedAt)) * 1_000_000n + time : time;
}
