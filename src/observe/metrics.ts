import { expose, type Family, type Sample } from "./exposition.ts";
import { Counter, type Cumulated, cumulatedSamples, Histogram } from "./instruments.ts";

export { Counter, Histogram };

/** A value under some labels. */
export interface LabelledValue {
  /** Names and values; in the exposition sorted by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The value. */
  readonly value: number;
}

/** What a metric is, without its values. */
export interface MetricFacts {
  /** Its name, as it is exposed. */
  readonly name: string;
  /** How its values behave. */
  readonly type: "counter" | "gauge" | "histogram";
  /** What it counts or measures. */
  readonly help: string;
}

/** Reads one value, or some under labels, at the moment of the exposition. */
export type Read = () => number | readonly LabelledValue[];

/**
 * The metrics of one gateway. Values that are kept elsewhere are read at the moment of the exposition, which is
 * one synchronous cut: what belongs together fits together.
 */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** Adds a counter that the caller drives. The name ends in `_total`. */
  counter(name: string, help: string, labels: readonly string[] = []): Counter {
    for (const label of labels) check(label, LABEL);
    const counter = new Counter(labels);
    this.#add({ name, help, type: "counter", samples: () => counter.samples() });
    return counter;
  }

  /** Adds a counter whose value is kept elsewhere and only grows. The name ends in `_total`. */
  counterOf(name: string, help: string, read: Read): void {
    this.#add({ name, help, type: "counter", samples: () => samples(read()) });
  }

  /** Adds a value that may rise and fall, read when it is asked for. */
  gauge(name: string, help: string, read: Read): void {
    this.#add({ name, help, type: "gauge", samples: () => samples(read()) });
  }

  /**
   * Adds a histogram.
   *
   * @param bounds upper bounds of the buckets in the metric's unit (seconds, bytes), ascending
   */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const histogram = new Histogram(bounds);
    this.#add({ name, help, type: "histogram", samples: () => histogram.samples() });
    return histogram;
  }

  /** Adds a histogram that is kept elsewhere, read when it is asked for. */
  histogramOf(name: string, help: string, read: () => Cumulated): void {
    this.#add({ name, help, type: "histogram", samples: () => cumulatedSamples(read()) });
  }

  /** Everything in the Prometheus text format 0.0.4. */
  exposition(): string {
    return expose(this.#families.values());
  }

  /** Every metric there is, in order of the names; no value is read. */
  describe(): readonly MetricFacts[] {
    const facts = [...this.#families.values()].map(({ name, type, help }) => ({ name, type, help }));
    return facts.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** @throws RangeError for a malformed or taken name: a mistake in the program */
  #add(family: Family): void {
    check(family.name, NAME);
    if (this.#families.has(family.name)) throw new RangeError(`The metric "${family.name}" is there already`);
    this.#families.set(family.name, family);
  }
}

const NAME = /^sluice_[a-z0-9_]+$/;
const LABEL = /^[a-z][a-z0-9_]*$/;

function check(name: string, allowed: RegExp): void {
  if (!allowed.test(name)) throw new RangeError(`The name "${name}" does not match ${allowed}`);
}

function samples(read: number | readonly LabelledValue[]): readonly Sample[] {
  if (typeof read === "number") return [{ suffix: "", labels: [], value: read }];
  return read.map(({ labels, value }) => {
    const sorted = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1);
    for (const [name] of sorted) check(name, LABEL);
    return { suffix: "", labels: sorted, value };
  }).sort((a, b) => JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1);
}
