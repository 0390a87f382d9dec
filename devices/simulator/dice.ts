const UINT32 = 0x1_0000_0000;

/**
 * Seeded dice: the same seed throws the same numbers on every machine.
 *
 * The generator is sfc32 of Chris Doty-Humphrey's PractRand 0.93 (128 bits of state, one of them a counter, so no
 * cycle is shorter than 2^32). Not for secrets.
 */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  /**
   * @param seed of the whole run
   * @param stream keeps the throws of one device apart from those of the next
   */
  constructor(seed: number, stream = 0) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / UINT32) >>> 0;
    this.#c = stream >>> 0;
    // As PractRand seeds it: the first throws still show the seed.
    for (let round = 0; round < 15; round++) this.#next();
  }

  #next(): number {
    const out = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) >>> 0;
    return out;
  }

  /** A number of [0, 1), evenly spread, in steps of 2^-32. */
  uniform(): number {
    return this.#next() / UINT32;
  }

  /** A number of [low, high), evenly spread. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Whether an event of this probability happens. */
  happens(probability: number): boolean {
    return this.uniform() < probability;
  }

  /**
   * A number of the normal distribution with mean 0 and standard deviation 1.
   *
   * G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal Deviates", 1958.
   */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
