/**
 * Which outbox positions are settled: delivered, refused or evicted. Everything below `low` is, and some ranges
 * above it.
 */
export class Settled {
  #low: number;
  /** Flat, sorted, disjoint: `from, to, from, to …`, both ends included. */
  #ranges: number[];

  /**
   * Begins with nothing settled, or where a snapshot left off.
   *
   * @param low lowest position that is not settled
   * @param ranges settled ranges above it, flat, both ends included
   */
  constructor(low = 1, ranges: readonly number[] = []) {
    this.#low = low;
    this.#ranges = [...ranges];
  }

  /** Lowest position that is not settled. */
  get low(): number {
    return this.#low;
  }

  /** The settled ranges above `low`, flat. */
  get ranges(): readonly number[] {
    return this.#ranges;
  }

  /** How many positions are settled, from the first on. */
  get count(): number {
    let count = this.#low - 1;
    for (let at = 0; at < this.#ranges.length; at += 2) {
      count += (this.#ranges[at + 1] ?? 0) - (this.#ranges[at] ?? 0) + 1;
    }
    return count;
  }

  /** Whether a position is settled. */
  has(position: number): boolean {
    if (position < this.#low) return true;
    for (let at = 0; at < this.#ranges.length; at += 2) {
      if (position < (this.#ranges[at] ?? 0)) return false;
      if (position <= (this.#ranges[at + 1] ?? 0)) return true;
    }
    return false;
  }

  /** Settles one position. */
  add(position: number): void {
    if (this.has(position)) return;
    if (position === this.#low) {
      this.#low++;
      if (this.#ranges[0] === this.#low) {
        this.#low = (this.#ranges[1] ?? 0) + 1;
        this.#ranges.splice(0, 2);
      }
      return;
    }
    const ranges = this.#ranges;
    let at = 0;
    while (at < ranges.length && (ranges[at] ?? 0) < position) at += 2;
    const touchesLeft = at > 0 && ranges[at - 1] === position - 1;
    const touchesRight = at < ranges.length && ranges[at] === position + 1;
    if (touchesLeft && touchesRight) ranges.splice(at - 1, 2);
    else if (touchesLeft) ranges[at - 1] = position;
    else if (touchesRight) ranges[at] = position;
    else ranges.splice(at, 0, position, position);
  }

  /** Settles everything below a position. */
  addBelow(position: number): void {
    if (position <= this.#low) return;
    this.#low = position;
    while (this.#ranges.length > 0 && (this.#ranges[0] ?? 0) <= this.#low) {
      this.#low = Math.max(this.#low, (this.#ranges[1] ?? 0) + 1);
      this.#ranges.splice(0, 2);
    }
  }
}
