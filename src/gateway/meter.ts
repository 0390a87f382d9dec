/** Seconds that a rate looks back. */
const SPAN = 10;

/** A rate over the last ten seconds, from a counter that only grows. */
export class Meter {
  readonly #read: () => number;
  readonly #seen: number[] = [];

  /**
   * Begins without a past: the rate is 0 until it has looked twice.
   *
   * @param read the counter
   */
  constructor(read: () => number) {
    this.#read = read;
  }

  /** Notes where the counter stands; call it once a second. */
  look(): void {
    this.#seen.push(this.#read());
    if (this.#seen.length > SPAN + 1) this.#seen.shift();
  }

  /** Per second. */
  get rate(): number {
    const first = this.#seen[0];
    const last = this.#seen[this.#seen.length - 1];
    if (first === undefined || last === undefined || this.#seen.length < 2) return 0;
    return Math.max(0, (last - first) / (this.#seen.length - 1));
  }
}
