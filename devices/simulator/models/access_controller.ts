import type { Dice } from "../dice.ts";
import { activity, type Fields, type Json, type Model, type Source } from "./model.ts";

/** Badges that open this door. */
const BADGES = 12;

/** A badge number as readers say it: seven digits, zeros in front. */
export function badgeNumber(number: number): string {
  return String(number % 10_000_000).padStart(7, "0");
}

class Door implements Source {
  readonly #dice: Dice;
  readonly #badges: readonly string[];
  #openSince: number | undefined;
  #tampered = false;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#badges = Array.from({ length: BADGES }, () => badgeNumber(Math.floor(dice.between(100, 90_000))));
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    if (this.#openSince !== undefined) {
      // Who came in lets the door close; sometimes it is held open first.
      const openFor = Math.round(elapsed - this.#openSince);
      if (dice.happens(0.08)) {
        return { event: "held_open", door: { open: true, locked: false, open_ms: openFor } };
      }
      this.#openSince = undefined;
      return { event: "closed", door: { open: false, locked: true, open_ms: openFor } };
    }
    if (!dice.happens(0.15 + 0.75 * activity(elapsed))) return { event: "alive", tamper: this.#tampered };
    if (dice.happens(0.01)) {
      this.#openSince = elapsed;
      return { event: "forced", door: { open: true, locked: true, open_ms: 0 } };
    }
    if (dice.happens(0.01)) {
      this.#tampered = !this.#tampered;
      return { event: "tamper", tamper: this.#tampered };
    }
    const number = this.#badges[Math.floor(dice.uniform() * BADGES)] ?? "0000000";
    const card: Json = { number, holder: "A. N. Other" };
    if (dice.happens(0.06)) return { event: "denied", reason: "badge has expired", card };
    this.#openSince = elapsed;
    return {
      event: "granted",
      card,
      direction: dice.happens(0.5) ? "in" : "out",
      door: { open: true, locked: false },
    };
  }
}

/** Door with a badge reader: busy by day, signs of life at night, doors held open or forced, a cover that is taken off. */
export const accessController: Model = {
  profile: "access-controller",
  kind: "access",
  pace: 0.5,
  counts: true,
  personal: true,
  spikes: [{ path: ["door", "open_ms"], value: 4_294_967_295, costs: "reading" }],
  wrongTypes: [
    { path: ["card", "number"], value: 4_711, costs: "reading" },
    { path: ["event"], value: 7, costs: "message" },
  ],
  create: (dice) => new Door(dice),
  stamp: (time, sequence) => ({ time, event_id: sequence }),
};
