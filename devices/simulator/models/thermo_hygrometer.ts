import type { Dice } from "../dice.ts";
import { type Fields, type Model, rounded, type Source, timeOfDay } from "./model.ts";

/** Above this, ºC, a room is on fire: the alert of the site's configuration. */
export const TOO_HOT = 80;

/** Spikes per device and hour. */
const SPIKES_PER_HOUR = 6;
const HOUR = 3_600_000;
/** Mean pause between two notes of one device, ms. */
const NOTE_EVERY = 30_000;
/** With everything that a line to a database must escape. */
const NOTES = [
  "filter changed",
  'marked "B"',
  "back to C:\\store, shelf 2",
  "Prüfung = gut",
  "seen #7",
] as const;

class Room implements Source {
  readonly #dice: Dice;
  readonly #mean: number;
  readonly #swing: number;
  readonly #dampness: number;
  /** ms until the battery is down by one percent. */
  readonly #perPercent: number;
  readonly #charge: number;
  #drift = 0;
  #gust = 0;
  #door = false;
  #doorUntil = 0;
  #spikeUntil = 0;
  #spike = 0;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#mean = dice.between(17, 24);
    this.#swing = dice.between(1.5, 5);
    this.#dampness = dice.between(45, 65);
    this.#charge = dice.between(55, 100);
    this.#perPercent = dice.between(5, 40) * 60_000;
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    // Warmest at three in the afternoon.
    const daily = Math.cos(2 * Math.PI * (timeOfDay(elapsed) - 15 / 24));
    // A sensor's drift is a walk without a home; what a draught does dies away within seconds.
    this.#drift += dice.normal() * 0.02 * Math.sqrt(step / 60_000);
    this.#gust = this.#gust * Math.exp(-step / 8_000) + dice.normal() * 0.03 * Math.sqrt(step / 1_000);
    this.#turnDoor(elapsed, step);
    const spike = this.#spikeNow(elapsed, step);
    const temperature = this.#mean + this.#swing * daily + this.#drift + this.#gust -
      (this.#door ? 1.2 : 0) + spike + dice.normal() * 0.05;
    // The same water in warmer air is less relative humidity: about 2 % for each degree.
    const humidity = this.#dampness - 2 * (temperature - spike - this.#mean) - spike * 0.5 +
      dice.normal() * 0.3;
    const battery = Math.max(1, Math.round(this.#charge - elapsed / this.#perPercent));
    const said = {
      temperature: rounded(temperature, 2),
      humidity: rounded(Math.min(99, Math.max(3, humidity)), 1),
      battery,
      door: this.#door,
    };
    return step > 0 && dice.happens(1 - Math.exp(-step / NOTE_EVERY))
      ? { ...said, label: this.#note() }
      : said;
  }

  /** What somebody types into the device's display. */
  #note(): string {
    const note = NOTES[Math.floor(this.#dice.uniform() * NOTES.length)] ?? "";
    return this.#door ? `${note}, door open` : note;
  }

  #turnDoor(elapsed: number, step: number): void {
    if (this.#door) {
      this.#door = elapsed < this.#doorUntil;
      return;
    }
    // By day somebody comes about every minute, at night hardly anybody.
    const hour = 24 * timeOfDay(elapsed);
    const pause = hour > 6 && hour < 20 ? 60_000 : 600_000;
    if (!this.#dice.happens(1 - Math.exp(-step / pause))) return;
    this.#door = true;
    this.#doorUntil = elapsed + this.#dice.between(2_000, 20_000);
  }

  #spikeNow(elapsed: number, step: number): number {
    if (elapsed < this.#spikeUntil) return this.#spike;
    if (!this.#dice.happens(1 - Math.exp(-step * SPIKES_PER_HOUR / HOUR))) return 0;
    this.#spikeUntil = elapsed + this.#dice.between(3_000, 8_000);
    this.#spike = TOO_HOT + this.#dice.between(4, 12) - this.#mean + this.#swing;
    return this.#spike;
  }
}

/** Room climate: a daily curve, draughts, drift, a door, a battery, notes, and now and then a spike above `TOO_HOT`. */
export const thermoHygrometer: Model = {
  profile: "thermo-hygrometer",
  kind: "climate",
  pace: 1,
  counts: true,
  spikes: [
    { path: ["temperature"], value: 900, costs: "message" },
    { path: ["humidity"], value: 140, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["temperature"], value: "21.5", costs: "message" },
    { path: ["battery"], value: "97 %", costs: "reading" },
  ],
  create: (dice) => new Room(dice),
  stamp: (time, sequence) => ({ ts: time, seq: sequence }),
};
