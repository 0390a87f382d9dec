/** The ranges as the checkpoint holds them. */
export interface RangesSnapshot {
  /** Everything below is forgotten. */
  readonly low: number;
  /** Flat, sorted, disjoint: `from, to, from, to …`, both ends included. */
  readonly edges: readonly number[];
}

/** Ranges that are remembered at most: a megabyte of a checkpoint. */
const MOST = 100_000;

/** A set of whole numbers, as ranges; neighbours become one. */
export class NumberRanges {
  #low: number;
  /** Flat, sorted, disjoint, never touching: both ends included. */
  readonly #edges: number[];

  /**
   * Begins empty, or where a snapshot left off.
   *
   * @param snapshot what `snapshot` gave
   */
  constructor(snapshot?: RangesSnapshot) {
    this.#low = snapshot?.low ?? 0;
    this.#edges = [...snapshot?.edges ?? []];
  }

  /** Whatever is lower is forgotten, whether it was in the set or not. */
  get low(): number {
    return this.#low;
  }

  /** Whether it takes no further range: what is scattered costs memory. */
  get full(): boolean {
    return this.#edges.length >= 2 * MOST;
  }

  /** The first range; `undefined`: it is empty. */
  get first(): { readonly from: number; readonly to: number } | undefined {
    const [from, to] = this.#edges;
    return from === undefined || to === undefined ? undefined : { from, to };
  }

  /** Whether a number is in the set. */
  has(number: number): boolean {
    const at = this.#find(number);
    return (this.#edges[at] ?? Infinity) <= number;
  }

  /** How many numbers from one to another are in the set, both included. */
  count(from: number, to: number): number {
    let count = 0;
    for (let at = this.#find(from); (this.#edges[at] ?? Infinity) <= to; at += 2) {
      count += Math.min(to, this.#edges[at + 1] ?? 0) - Math.max(from, this.#edges[at] ?? 0) + 1;
    }
    return count;
  }

  /** Adds a number. */
  add(number: number): void {
    if (number < this.#low || this.has(number)) return;
    const edges = this.#edges;
    const at = this.#find(number);
    const touchesBefore = at > 0 && edges[at - 1] === number - 1;
    const touchesBehind = edges[at] === number + 1;
    if (touchesBefore && touchesBehind) edges.splice(at - 1, 2);
    else if (touchesBefore) edges[at - 1] = number;
    else if (touchesBehind) edges[at] = number;
    else edges.splice(at, 0, number, number);
  }

  /** Forgets every number below one. */
  forgetBelow(number: number): void {
    if (number <= this.#low) return;
    this.#low = number;
    const at = this.#find(number);
    this.#edges.splice(0, at);
    if ((this.#edges[0] ?? Infinity) < number) this.#edges[0] = number;
  }

  /** The set as plain data; shares nothing. */
  snapshot(): RangesSnapshot {
    return { low: this.#low, edges: [...this.#edges] };
  }

  /** Index of the first range that ends at a number or behind it. */
  #find(number: number): number {
    const edges = this.#edges;
    let [from, to] = [0, edges.length / 2];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((edges[2 * middle + 1] ?? 0) < number) from = middle + 1;
      else to = middle;
    }
    return 2 * from;
  }
}
