/** Upper bounds of the buckets in ms: those of the Prometheus client libraries, and two more for slow links. */
const BOUNDS: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

/** A histogram at one moment. */
export interface HistogramSnapshot {
  /** Upper bounds, ms; a value on a bound belongs to it. */
  readonly bounds: readonly number[];
  /** Values up to and including each bound: cumulative, as Prometheus wants them. */
  readonly counts: readonly number[];
  /** All values, those above the last bound too. */
  readonly count: number;
  /** Sum of all values, ms. */
  readonly sum: number;
}

/** Counts durations in fixed buckets. */
export class Histogram {
  readonly #buckets = new Array<number>(BOUNDS.length).fill(0);
  #count = 0;
  #sum = 0;

  /** Counts one duration in ms. */
  add(ms: number): void {
    this.#count++;
    this.#sum += ms;
    const at = BOUNDS.findIndex((bound) => ms <= bound);
    if (at >= 0) this.#buckets[at] = (this.#buckets[at] ?? 0) + 1;
  }

  /** What was counted so far. */
  snapshot(): HistogramSnapshot {
    let below = 0;
    return {
      bounds: BOUNDS,
      counts: this.#buckets.map((count) => below += count),
      count: this.#count,
      sum: this.#sum,
    };
  }
}
