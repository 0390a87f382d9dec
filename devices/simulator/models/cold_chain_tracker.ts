import type { Dice } from "../dice.ts";
import { type Fields, type Model, occurs, rounded, type Source } from "./model.ts";

/** A degree of latitude, km. */
const DEGREE = 111;

class Trailer implements Source {
  readonly #dice: Dice;
  readonly #target: number;
  #latitude: number;
  #longitude: number;
  #heading: number;
  #speed: number;
  #cargo: number;
  #doorUntil = 0;
  #drivesUntil = 0;
  #tunnelUntil = 0;
  #charge: number;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#target = dice.happens(0.5) ? -19 : 4;
    this.#cargo = this.#target + dice.normal() * 0.4;
    this.#latitude = dice.between(47.5, 53.5);
    this.#longitude = dice.between(7, 14);
    this.#heading = dice.between(0, 2 * Math.PI);
    this.#speed = dice.between(60, 85);
    this.#charge = dice.between(60, 100);
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    this.#drive(elapsed, step);
    const open = elapsed < this.#doorUntil;
    const towards = open ? 18 : this.#target;
    this.#cargo += (towards - this.#cargo) * (1 - Math.exp(-step / (open ? 90_000 : 40_000))) +
      dice.normal() * 0.02 * Math.sqrt(step / 1_000);
    this.#charge = Math.max(5, this.#charge - step / 120_000);
    const said = {
      cargo: {
        temperature: rounded(this.#cargo + dice.normal() * 0.05, 2),
        humidity: rounded(Math.min(99, Math.max(5, 62 + 4 * dice.normal())), 1),
      },
      door: open,
      battery: Math.round(this.#charge),
      supply_mv: Math.round(13_600 + 150 * dice.normal() - (this.#speed === 0 ? 900 : 0)),
    };
    if (elapsed < this.#tunnelUntil) return { ...said, gps: { satellites: 0 } };
    return {
      ...said,
      gps: {
        position: [fix(this.#latitude), fix(this.#longitude)],
        speed: rounded(Math.max(0, this.#speed + (this.#speed > 0 ? dice.normal() : 0)), 1),
        satellites: Math.min(14, Math.max(4, Math.round(9 + 1.5 * dice.normal()))),
      },
    };
  }

  #drive(elapsed: number, step: number): void {
    const dice = this.#dice;
    if (elapsed >= this.#drivesUntil) {
      // Roads, and now and then a ramp where the door is opened.
      const stops = this.#drivesUntil > 0 && this.#speed > 0 && dice.happens(0.4);
      this.#speed = stops ? 0 : dice.between(55, 88);
      this.#drivesUntil = elapsed + dice.between(10_000, 60_000);
      if (stops && dice.happens(0.7)) this.#doorUntil = elapsed + dice.between(4_000, 9_000);
    }
    if (this.#speed > 0 && occurs(dice, step, 60_000)) {
      this.#tunnelUntil = elapsed + dice.between(3_000, 12_000);
    }
    this.#heading += dice.normal() * 0.02 * Math.sqrt(step / 1_000);
    const way = this.#speed * step / 3_600_000;
    this.#latitude += way * Math.cos(this.#heading) / DEGREE;
    this.#longitude += way * Math.sin(this.#heading) / (DEGREE * Math.cos(this.#latitude * Math.PI / 180));
  }
}

/** Five decimals, the last a 5: never just between two multiples of a hundredth, where rounding is a matter of taste. */
function fix(degrees: number): number {
  return rounded(Math.floor(degrees * 1e4) / 1e4 + 5e-5, 5);
}

/** Refrigerated trailer: drives, stops, opens its door; tunnels without a position; out of reach, then its memory. */
export const coldChainTracker: Model = {
  profile: "cold-chain-tracker",
  kind: "trailer",
  pace: 1,
  counts: true,
  personal: true,
  roams: true,
  spikes: [
    { path: ["cargo", "temperature"], value: 327, costs: "message" },
    { path: ["gps", "position"], value: [481.37, 11.57505], costs: "reading" },
  ],
  wrongTypes: [
    { path: ["cargo", "temperature"], value: "cold", costs: "message" },
    { path: ["door"], value: 1, costs: "reading" },
  ],
  create: (dice) => new Trailer(dice),
  stamp: (time, sequence) => ({ at: new Date(time).toISOString(), seq: sequence }),
};
