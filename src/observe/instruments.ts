import { exposedNumber, type Sample } from "./exposition.ts";

/** Keeps label values apart in a key; no label value of ours holds it. */
const SEPARATOR = "\u0000";

/** A number that only grows, one for each combination of its labels' values. */
export class Counter {
  readonly #labels: readonly string[];
  readonly #values = new Map<string, number>();

  /** A counter under `labels`; without any there is one number, from 0. */
  constructor(labels: readonly string[]) {
    this.#labels = labels;
    if (labels.length === 0) this.#values.set("", 0);
  }

  /**
   * Adds to the number.
   *
   * @param values one for each label, in their order
   * @param by how much, not negative
   * @throws RangeError where a value is missing or `by` is negative: a mistake in the program
   */
  add(values: readonly string[] = [], by = 1): void {
    if (values.length !== this.#labels.length) {
      throw new RangeError(`The counter has ${this.#labels.length} labels, but ${values.length} values came`);
    }
    if (!(by >= 0)) throw new RangeError(`A counter cannot grow by "${by}"`);
    const key = values.length === 1 ? values[0] ?? "" : values.join(SEPARATOR);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  /** The numbers now, in order of their labels' values. */
  samples(): readonly Sample[] {
    const keys = [...this.#values.keys()].sort();
    return keys.map((key) => {
      const values = key.split(SEPARATOR);
      const labels = this.#labels.map((name, index) => [name, values[index] ?? ""] as const);
      return { suffix: "", labels, value: this.#values.get(key) ?? 0 };
    });
  }
}

/** How often values fell below each of some bounds. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /**
   * A histogram of nothing yet.
   *
   * @param bounds upper bounds, ascending; one above all is added
   * @throws RangeError where they do not ascend
   */
  constructor(bounds: readonly number[]) {
    const ascending = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? Infinity));
    if (!ascending) throw new RangeError(`The bounds "${bounds.join(", ")}" do not ascend`);
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts one value, in the metric's unit. */
  observe(value: number): void {
    let at = this.#bounds.findIndex((bound) => value <= bound);
    if (at < 0) at = this.#bounds.length;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  /** How many values were observed. */
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * A quantile, interpolated within its bucket as PromQL's `histogram_quantile` does; the highest bound where
   * it lies above all of them.
   *
   * @param q 0 … 1
   * @returns the value, or `null` while nothing was observed
   */
  quantile(q: number): number | null {
    const wanted = q * this.count;
    if (this.count === 0) return null;
    let below = 0;
    for (const [index, bound] of this.#bounds.entries()) {
      const here = this.#counts[index] ?? 0;
      if (here > 0 && below + here >= wanted) {
        const start = index === 0 ? Math.min(0, bound) : this.#bounds[index - 1] ?? 0;
        return start + (bound - start) * Math.max(0, (wanted - below) / here);
      }
      below += here;
    }
    return this.#bounds.at(-1) ?? null;
  }

  /** The buckets, summed up from the lowest, then sum and count. */
  samples(): readonly Sample[] {
    const samples: Sample[] = [];
    let total = 0;
    for (const [index, count] of this.#counts.entries()) {
      total += count;
      const bound = exposedNumber(this.#bounds[index] ?? Infinity);
      samples.push({ suffix: "_bucket", labels: [["le", bound]], value: total });
    }
    samples.push({ suffix: "_sum", labels: [], value: this.#sum });
    samples.push({ suffix: "_count", labels: [], value: total });
    return samples;
  }
}

/** A histogram that is kept elsewhere. */
export interface Cumulated {
  /** Upper bounds, ascending, in the metric's unit. */
  readonly bounds: readonly number[];
  /** Values up to and including each bound. */
  readonly counts: readonly number[];
  /** All values. */
  readonly count: number;
  /** Their sum. */
  readonly sum: number;
}

/** The samples of a histogram that is kept elsewhere. */
export function cumulatedSamples({ bounds, counts, count, sum }: Cumulated): readonly Sample[] {
  const buckets = bounds.map((bound, index): Sample => (
    { suffix: "_bucket", labels: [["le", exposedNumber(bound)]], value: counts[index] ?? 0 }
  ));
  return [
    ...buckets,
    { suffix: "_bucket", labels: [["le", exposedNumber(Infinity)]], value: count },
    { suffix: "_sum", labels: [], value: sum },
    { suffix: "_count", labels: [], value: count },
  ];
}
