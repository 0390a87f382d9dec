/** A UTC day, ms. */
export const DAY = 86_400_000;

/** A stretch of whole UTC days, ms: `from` belongs to it, `to` does not. */
export interface Days {
  /** Its first moment. */
  readonly from: number;
  /** The first moment behind it. */
  readonly to: number;
}

/** The day of a moment, `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The first moment of a day, ms. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Each day of a stretch, by its first moment, ms. */
export function* eachDay({ from, to }: Days): Generator<number> {
  for (let at = from; at < to; at += DAY) yield at;
}
