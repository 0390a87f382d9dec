/**
 * Lets one piece of work go at a time, in the order in which they were asked for. What reads much of the disk is done so:
 * ten at once would take the time between two turns of the event loop ten times over, and acknowledgements wait for it.
 */
export class Turns {
  readonly #most: number;
  #last: Promise<unknown> = Promise.resolve();
  #inLine = 0;

  /** @param most in line at once, the one that goes with them */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Does it when its turn comes.
   *
   * @returns what came of it; `undefined`: too many are in line, nothing was done
   */
  take<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#inLine >= this.#most) return undefined;
    this.#inLine++;
    const turn = this.#last.then(work).finally(() => this.#inLine--);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
