import { iso8601, type TimeUnit } from "../../model/mod.ts";
import { wordsOf } from "./confidential.ts";

/** How many ms a unit has. */
const SCALES: readonly (readonly [Exclude<TimeUnit, "iso8601">, number])[] = [
  ["s", 1_000],
  ["ms", 1],
  ["us", 1e-3],
  ["ns", 1e-6],
];

/** What a profile takes where nothing else is said: 5 minutes ahead of the receipt, 30 days behind it. */
const MOST_AHEAD = 5 * 60_000;
const MOST_BEHIND = 30 * 86_400_000;

const NAMES =
  /^(?:ts|t|time|timestamp|date|datetime|epoch|clock|moment|at|when|created|measured|sampled|recorded|received|sent|utc|unix)$/;

/** Whether a name is that of a time. */
export function isTimeName(name: string): boolean {
  return wordsOf(name).some((word) => NAMES.test(word));
}

/** Holds what stands in a field against the receipt of each message: whether it is the device's clock, and in what unit. */
export class MomentWatch {
  #values = 0;
  readonly #fits = new Map<TimeUnit, number>();
  #looksLikeTime = 0;

  /** Takes one value with the wall clock of its receipt, ms. */
  take(value: unknown, receivedAt: number): void {
    this.#values++;
    const units: (readonly [TimeUnit, number])[] = typeof value === "string"
      ? [["iso8601", iso8601(value)?.ms ?? NaN]]
      : typeof value === "number" || typeof value === "bigint"
      ? SCALES.map(([unit, scale]) => [unit, Number(value) * scale] as const)
      : [];
    let near = false;
    for (const [unit, ms] of units) {
      if (ms - receivedAt <= MOST_AHEAD && receivedAt - ms <= MOST_BEHIND) {
        this.#fits.set(unit, (this.#fits.get(unit) ?? 0) + 1);
      }
      near ||= Math.abs(ms - receivedAt) < 10 * 365 * 86_400_000;
    }
    if (near) this.#looksLikeTime++;
  }

  /** The unit in which every value lies near its receipt; `undefined`: there is none. */
  get unit(): TimeUnit | undefined {
    return [...this.#fits].find(([, count]) => count === this.#values)?.[0];
  }

  /** Every value is a time of the last ten years or the next, though perhaps by a clock that is wrong. */
  get isTime(): boolean {
    return this.#values > 0 && this.#looksLikeTime === this.#values;
  }

  /** Takes over what another has seen of the same field. */
  absorb(other: MomentWatch): void {
    this.#values += other.#values;
    this.#looksLikeTime += other.#looksLikeTime;
    for (const [unit, count] of other.#fits) this.#fits.set(unit, (this.#fits.get(unit) ?? 0) + count);
  }
}
