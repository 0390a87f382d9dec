import type { Dice } from "../dice.ts";
import { type Fields, type Model, rounded, type Source, timeOfDay } from "./model.ts";

const PHASES = 3;
/** Mean pause between two trips of a breaker, ms. */
const TRIP_EVERY = 240_000;
/** Pause between two readings of the energy register, ms. */
const REGISTER_EVERY = 2_000;

class Meter implements Source {
  readonly #dice: Dice;
  /** Current that always flows on each phase, A. */
  readonly #base: readonly number[];
  /** Current that the working day adds on each phase, A. */
  readonly #work: readonly number[];
  readonly #powerFactor: number;
  /** Current of the machine that switches on and off, A. */
  #machine = 0;
  #machineUntil = 0;
  #grid = 0;
  #closed = true;
  #openUntil = 0;
  #registerAt = 0;
  /** Wh, before rounding. */
  #energy: number;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#base = Array.from({ length: PHASES }, () => dice.between(0.4, 2.5));
    this.#work = Array.from({ length: PHASES }, () => dice.between(2, 14));
    this.#powerFactor = dice.between(0.86, 0.99);
    // Meters have been counting since they were built.
    this.#energy = dice.between(1e6, 9e7);
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    const hour = 24 * timeOfDay(elapsed);
    const busy = Math.max(0, Math.sin(Math.PI * (hour - 6) / 14));
    this.#switchMachine(elapsed, hour);
    this.#grid = this.#grid * Math.exp(-step / 20_000) + dice.normal() * 0.004 * Math.sqrt(step / 1_000);
    this.#trip(elapsed, step);
    const voltages: number[] = [];
    const currents: number[] = [];
    let power = 0;
    for (let phase = 0; phase < PHASES; phase++) {
      const load = (this.#base[phase] ?? 0) + busy * (this.#work[phase] ?? 0) + this.#machine;
      const current = this.#closed ? Math.max(0, load * (1 + dice.normal() * 0.01)) : 0;
      // The line's own resistance: a loaded phase sags.
      const voltage = 230 * (1 + this.#grid) - 0.15 * current + dice.normal() * 0.2;
      power += voltage * current * this.#powerFactor;
      voltages.push(Math.round(10 * voltage));
      currents.push(Math.round(100 * current));
    }
    this.#energy += power * step / 3_600_000;
    const said = {
      power: rounded(power, 1),
      voltage: voltages,
      current: currents,
      grid: { frequency: rounded(50 - this.#grid * 2 + dice.normal() * 0.004, 3) },
      breaker_closed: this.#closed,
    };
    if (elapsed < this.#registerAt) return said;
    this.#registerAt = elapsed + REGISTER_EVERY;
    return {
      ...said,
      register: { import: Math.floor(this.#energy) % 2 ** 32 },
      tariff: hour > 6 && hour < 22 ? "day" : "night",
    };
  }

  /** Every few minutes something makes the breaker trip, and somebody closes it again. */
  #trip(elapsed: number, step: number): void {
    if (!this.#closed) this.#closed = elapsed >= this.#openUntil;
    else if (this.#dice.happens(1 - Math.exp(-step / TRIP_EVERY))) {
      this.#closed = false;
      this.#openUntil = elapsed + this.#dice.between(3_000, 15_000);
    }
  }

  #switchMachine(elapsed: number, hour: number): void {
    if (elapsed < this.#machineUntil) return;
    const on = this.#machine === 0 && hour > 6 && hour < 20;
    this.#machine = on ? this.#dice.between(4, 11) : 0;
    this.#machineUntil = elapsed + this.#dice.between(5_000, 45_000);
  }
}

/** Three-phase meter: the working day's load, a machine that switches, a sagging grid, a breaker, an energy register. */
export const powerMeter: Model = {
  profile: "power-meter",
  kind: "power",
  pace: 1,
  counts: false,
  spikes: [
    { path: ["power"], value: 5e6, costs: "message" },
    { path: ["grid", "frequency"], value: 400, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["power"], value: "high", costs: "message" },
    { path: ["breaker_closed"], value: 1, costs: "reading" },
  ],
  create: (dice) => new Meter(dice),
  // Seconds, with the decimals that the milliseconds are.
  stamp: (time) => ({ time: time / 1_000 }),
};
