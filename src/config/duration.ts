/** Why a text is no duration, size or rate. */
export interface ValueProblem {
  /** What kind of value it should have been. */
  readonly reason: "bad_duration" | "bad_size" | "bad_rate";
  /** The text as it was given. */
  readonly found: string;
  /** What is allowed in its place. */
  readonly allowed: string;
}

/** Milliseconds of a unit, the longest first. */
const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** What a duration looks like, for editors. */
export const DURATION_PATTERN = "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$";

/** Longest duration, ms: 100 years. */
const LONGEST = 36_500 * 86_400_000;

/**
 * Reads a duration: one number with one unit, `500ms`, `10s`, `5m`, `24h`, `7d`.
 *
 * @returns whole milliseconds, or why the text is none
 */
export function parseDuration(text: string): number | ValueProblem {
  const problem: ValueProblem = {
    reason: "bad_duration",
    found: text,
    allowed: "a number with a unit: 500ms, 10s, 5m, 24h, 7d",
  };
  const match = /^(\d{1,16}(?:\.\d{1,9})?)(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS.find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined) return problem;
  const ms = Number(match[1]) * unit[1];
  const whole = Math.round(ms);
  // A decimal such as 1.1h is not exact in binary; anything that is off by more was meant finer than 1 ms.
  if (Math.abs(ms - whole) > 1e-3 || whole > LONGEST) return problem;
  return whole;
}

/** The shortest text of a duration that `parseDuration` reads back: 90000 → `90s`, 0 → `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  const unit = UNITS.find(([, factor]) => ms % factor === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
