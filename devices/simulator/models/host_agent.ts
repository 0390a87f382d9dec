import type { Dice } from "../dice.ts";
import { activity, type Fields, type Model, occurs, rounded, type Source } from "./model.ts";

const GIB = 2 ** 30;

class Host implements Source {
  readonly #dice: Dice;
  readonly #cores: number;
  readonly #memory: number;
  readonly #disk: number;
  readonly #booted: number;
  readonly #loads = [0.5, 0.5, 0.5];
  #job = 0;
  #used: number;
  #received: number;
  #sent: number;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#cores = 2 ** Math.floor(dice.between(1, 5));
    this.#memory = this.#cores * 4 * GIB;
    this.#disk = dice.between(100, 900) * GIB;
    this.#used = this.#disk * dice.between(0.2, 0.8);
    this.#booted = dice.between(1e3, 9e6);
    this.#received = Math.floor(dice.between(1e8, 1e11));
    this.#sent = Math.floor(dice.between(1e7, 1e10));
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    if (occurs(dice, step, 25_000)) this.#job = dice.happens(0.5) ? dice.between(0.2, 0.7) : 0;
    const busy = Math.min(1, Math.max(0, 0.04 + 0.25 * activity(elapsed) + this.#job + 0.03 * dice.normal()));
    for (const [index, minutes] of [1, 5, 15].entries()) {
      const before = this.#loads[index] ?? 0;
      this.#loads[index] = before +
        (busy * this.#cores - before) * (1 - Math.exp(-step / (minutes * 60_000)));
    }
    const memory = Math.min(0.97, 0.25 + 0.5 * busy + 0.01 * dice.normal());
    this.#used = Math.min(this.#disk * 0.98, this.#used + busy * step * 2_000);
    this.#received += Math.floor(busy * step * dice.between(500, 2_500));
    this.#sent += Math.floor(busy * step * dice.between(100, 900));
    return {
      cpu: rounded(100 * busy, 1),
      load: this.#loads.map((load) => rounded(load, 2)),
      processes: Math.round(110 + 60 * busy + 3 * dice.normal()),
      memory: {
        used: rounded(100 * memory, 1),
        free: Math.floor(this.#memory * (1 - memory)),
        swap_used: rounded(Math.max(0, 60 * (memory - 0.7)), 1),
      },
      disk: { used: rounded(100 * this.#used / this.#disk, 1), free: Math.floor(this.#disk - this.#used) },
      net: { received: this.#received, sent: this.#sent },
      uptime: Math.floor(this.#booted + elapsed / 1_000),
      failed_signins: dice.happens(0.02) ? Math.ceil(dice.between(0, 6)) : 0,
    };
  }
}

/** Computer: jobs come and go, load follows in its three paces, memory and disk fill, counters only grow. */
export const hostAgent: Model = {
  profile: "host-agent",
  kind: "host",
  pace: 0.5,
  counts: true,
  spikes: [{ path: ["cpu"], value: 104.2, costs: "reading" }],
  wrongTypes: [{ path: ["uptime"], value: "long", costs: "reading" }],
  create: (dice) => new Host(dice),
  // An agent counts from 0 with each of its starts.
  stamp: (time, sequence) => ({ ts: time, seq: sequence - 1 }),
};
