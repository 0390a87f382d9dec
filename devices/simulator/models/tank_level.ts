import type { Dice } from "../dice.ts";
import { activity, type Fields, type Model, occurs, rounded, type Source, timeOfDay } from "./model.ts";

/** Height of the tank, mm. */
const HEIGHT = 6_000;

class Tank implements Source {
  readonly #dice: Dice;
  /** mm that the inlet fills, and the outlet takes, in a second of the site's quick day. */
  readonly #fills: number;
  readonly #takes: number;
  #level: number;
  #inlet = false;
  #outlet = false;
  #manholeUntil = 0;
  #wave = 0;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#fills = dice.between(25, 60);
    this.#takes = dice.between(15, 40);
    this.#level = dice.between(1_500, 4_500);
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    // A float switch fills between a quarter and nine tenths; the plant takes what its day asks for.
    if (this.#level < 0.25 * HEIGHT) this.#inlet = true;
    if (this.#level > 0.9 * HEIGHT) this.#inlet = false;
    const busy = activity(elapsed);
    if (occurs(dice, step, 15_000)) this.#outlet = this.#level > 600 && dice.happens(0.2 + 0.7 * busy);
    const flow = (this.#inlet ? this.#fills : 0) - (this.#outlet ? this.#takes : 0);
    this.#level = Math.min(5_900, Math.max(100, this.#level + flow * step / 1_000));
    this.#wave = this.#wave * Math.exp(-step / 2_000) +
      dice.normal() * (this.#inlet ? 12 : 2) * Math.sqrt(Math.min(1, step / 1_000));
    if (occurs(dice, step, 300_000)) this.#manholeUntil = elapsed + dice.between(5_000, 20_000);
    return {
      distance_mm: Math.round(Math.min(HEIGHT, Math.max(0, HEIGHT - this.#level + this.#wave))),
      echo: rounded(70 - Math.abs(this.#wave) * 0.4 + dice.normal(), 1),
      temperature: rounded(
        16 + 4 * Math.cos(2 * Math.PI * (timeOfDay(elapsed) - 0.65)) + dice.normal() * 0.1,
        1,
      ),
      valves: { inlet: this.#inlet, outlet: this.#outlet },
      manhole: elapsed < this.#manholeUntil,
    };
  }
}

/** Tank: a float switch fills it, the working day empties it, waves while it fills, now and then the manhole. */
export const tankLevel: Model = {
  profile: "tank-level",
  kind: "tank",
  pace: 1,
  counts: true,
  spikes: [
    { path: ["distance_mm"], value: 65_535, costs: "message" },
    { path: ["echo"], value: 255, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["distance_mm"], value: "1500", costs: "message" },
    { path: ["valves", "inlet"], value: 1, costs: "reading" },
  ],
  create: (dice) => new Tank(dice),
  stamp: (time, sequence) => ({ ts: time / 1_000, seq: sequence }),
};
