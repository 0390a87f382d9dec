import { parseDuration } from "../config/mod.ts";
import { iso8601 } from "../model/mod.ts";

/** A stretch of time, ms: `from` belongs to it, `to` does not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretch that `--since` and `--until` choose.
 *
 * @param now wall clock, ms: what durations count back from
 * @returns the stretch, or the sentence that says what is wrong
 */
export function rangeOf(since: string | undefined, until: string | undefined, now: number): Range | string {
  const from = momentOf("since", since, -Infinity, now);
  if (typeof from === "string") return from;
  const to = momentOf("until", until, Infinity, now);
  if (typeof to === "string") return to;
  if (from < to) return { from, to };
  return `--since was "${since}" and --until "${until}"; allowed is a stretch that begins before it ends`;
}

function momentOf(name: string, text: string | undefined, otherwise: number, now: number): number | string {
  if (text === undefined) return otherwise;
  const duration = parseDuration(text);
  if (typeof duration === "number") return now - duration;
  return iso8601(text)?.ms ??
    `--${name} was "${text}"; allowed is a moment with its zone, such as 2026-11-28T14:00:00Z, or a duration before ` +
      "now, such as 2h";
}
