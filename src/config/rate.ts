import type { ValueProblem } from "./duration.ts";

/** So many in so long. */
export interface Rate {
  /** How many; above 0. */
  readonly limit: number;
  /** In how long, ms: a second, a minute or an hour. */
  readonly per: number;
}

const MILLISECONDS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** What a rate looks like, for editors. */
export const RATE_PATTERN = "^[0-9]+(\\.[0-9]+)?/(s|m|h)$";

/**
 * Reads a rate: a number above zero per second, minute or hour, `5000/s`, `5/m`, `0.5/h`.
 *
 * @returns the rate as it was written (`5/m` is 5 in 60 000 ms), or why the text is none
 */
export function parseRate(text: string): Rate | ValueProblem {
  const match = /^(\d{1,16}(?:\.\d{1,9})?)\/(s|m|h)$/.exec(text);
  const per = MILLISECONDS[match?.[2] ?? ""];
  const limit = Number(match?.[1]);
  if (per === undefined || !(limit > 0)) {
    return {
      reason: "bad_rate",
      found: text,
      allowed: "a number above 0 per second, minute or hour: 5000/s, 5/m, 1/h",
    };
  }
  return { limit, per };
}
