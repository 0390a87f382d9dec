import type { Dice } from "../dice.ts";

/** A stretch of the run, ms since it began: `from` belongs to it, `to` does not. */
export interface Episode {
  readonly from: number;
  readonly to: number;
}

/** Parts of the run in which one episode begins each; the last part stays free, so that all end within the run. */
const PARTS = 2;

/** When a fault strikes: one episode in each part of the run, apart from one another. */
export class Episodes {
  readonly #episodes: readonly Episode[];

  /**
   * @param duration of the run, ms
   * @param longest that an episode lasts, ms; never more than a quarter of its part
   */
  constructor(dice: Dice, duration: number, longest: number) {
    const part = duration * 0.8 / PARTS;
    this.#episodes = Array.from({ length: PARTS }, (_, index) => {
      const length = Math.min(longest, part / 4) * dice.between(0.7, 1);
      const from = part * (index + dice.between(0.1, 0.7));
      return { from, to: from + length };
    });
  }

  /** The episode that a moment lies in. */
  at(moment: number): Episode | undefined {
    return this.#episodes.find(({ from, to }) => moment >= from && moment < to);
  }

  /** The first episode that begins at a moment or later. */
  after(moment: number): Episode | undefined {
    return this.#episodes.find(({ from }) => from >= moment);
  }
}
