import type { Moment } from "../model/mod.ts";

const MILLISECOND = 1_000_000n;

/** The moment that lies so many nanoseconds after 1970-01-01T00:00:00Z; a negative number lies before it. */
export function momentOf(nanoseconds: bigint): Moment {
  const rest = ((nanoseconds % MILLISECOND) + MILLISECOND) % MILLISECOND;
  return { ms: Number((nanoseconds - rest) / MILLISECOND), ns: Number(rest) };
}
