/** Intervals that are kept: enough for a median. */
const KEPT = 64;
/** Fewer say nothing. */
const FEWEST = 3;

/** How often the devices of a kind report, from the time between two messages on one topic. */
export class Cadence {
  #intervals: number[] = [];
  #next = 0;

  /** Takes the time between two messages of a device, ms. */
  take(ms: number): void {
    if (!(ms > 0)) return;
    this.#intervals[this.#next] = ms;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The median in ms; `null` where too little was seen, or where it is too irregular to expect anything. */
  get every(): number | null {
    const sorted = this.#intervals.toSorted((a, b) => a - b);
    const [median, nearlyAll] = [
      sorted[Math.floor(sorted.length / 2)],
      sorted[Math.floor(sorted.length * 0.9)],
    ];
    if (sorted.length < FEWEST || median === undefined || nearlyAll === undefined) return null;
    return nearlyAll > 5 * median ? null : median;
  }

  /** Takes over what another has seen. */
  absorb(other: Cadence): void {
    for (const ms of other.#intervals) this.take(ms);
  }
}

/** An interval as one would write it: two digits, and never below a second. */
export function roundInterval(ms: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 1);
  return Math.max(1_000, Math.round(ms / power) * power);
}
