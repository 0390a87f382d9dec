import type { Dice } from "../dice.ts";
import { activity, type Fields, type Model, occurs, rounded, type Source } from "./model.ts";

/** Mean pause between two shocks, ms. */
const SHOCK_EVERY = 20_000;

class Bearing implements Source {
  readonly #dice: Dice;
  /** Nominal speed of the machine, 1/min. */
  readonly #nominal: number;
  /** Velocity of a healthy bearing at that speed, mm/s. */
  readonly #smooth: number;
  /** How fast it wears: parts of the velocity per minute. */
  readonly #wear: number;
  #speed: number;
  #temperature = 24;
  #shock = 0;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#nominal = dice.between(900, 3_000);
    this.#smooth = dice.between(0.6, 2.2);
    this.#wear = dice.between(0.001, 0.02);
    this.#speed = this.#nominal;
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    // The machine follows the working day; its mass follows within seconds.
    const wanted = this.#nominal * (0.2 + 0.8 * activity(elapsed));
    this.#speed += (wanted - this.#speed) * (1 - Math.exp(-step / 6_000)) +
      dice.normal() * 0.5 * Math.sqrt(step);
    this.#speed = Math.max(0, this.#speed);
    const turning = this.#speed / this.#nominal;
    if (occurs(dice, step, SHOCK_EVERY)) this.#shock = dice.between(1, 6);
    this.#shock *= Math.exp(-step / 150);
    const velocity = this.#smooth * turning * (1 + this.#wear * elapsed / 60_000) *
      Math.exp(0.12 * dice.normal());
    const acceleration = velocity * turning * 0.08 + this.#shock * 0.3 + Math.abs(dice.normal()) * 0.004;
    this.#temperature += (24 + 30 * turning + velocity - this.#temperature) * (1 - Math.exp(-step / 120_000));
    const peak = (): number => rounded(3 * acceleration * dice.normal() + this.#shock * dice.normal(), 3);
    return {
      rms: { velocity: rounded(velocity, 3), acc: rounded(acceleration, 4) },
      peak: [peak(), peak(), peak()],
      temperature: rounded(this.#temperature, 1),
      rpm: Math.round(this.#speed),
    };
  }
}

/** Bearing: follows the machine's speed, wears slowly, now and then a shock; ten times as fast as the rest of the site. */
export const vibrationSensor: Model = {
  profile: "vibration-sensor",
  kind: "vibration",
  pace: 10,
  counts: true,
  spikes: [
    { path: ["rms", "velocity"], value: -1, costs: "message" },
    { path: ["peak", 0], value: 327.67, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["rms", "velocity"], value: "fast", costs: "message" },
    { path: ["temperature"], value: "hot", costs: "reading" },
  ],
  create: (dice) => new Bearing(dice),
  stamp: (time, sequence) => ({ t: Math.round(time * 1_000), n: sequence }),
};
