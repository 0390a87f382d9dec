import type { Clock, Timer } from "../clock.ts";
import { type Backoff, fullJitter } from "../retry/mod.ts";

/**
 * When to connect again.
 *
 * The wait grows with each failure in a row. A connection that was accepted and soon lost again is a failure
 * too: two gateways under one client id would otherwise throw each other out without a pause.
 */
export class Reconnect {
  #attempts = 0;
  #timer: Timer | undefined;

  constructor(readonly backoff: Backoff, readonly clock: Clock, readonly random: () => number) {}

  /** An attempt is coming by itself. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** A connection stood for `ms`: after the longest back-off it counts as a good one. */
  stood(ms: number): void {
    if (ms >= this.backoff.max) this.#attempts = 0;
  }

  /** The last end was no failure. */
  forget(): void {
    this.#attempts = 0;
  }

  /**
   * Plans the next attempt.
   *
   * @param connect called when it is time
   * @returns the wait in ms, at least half of the initial bound
   */
  plan(connect: () => void): number {
    const wait = fullJitter(++this.#attempts, this.backoff, this.random, this.backoff.initial / 2);
    this.#timer = this.clock.after(wait, () => {
      this.#timer = undefined;
      connect();
    });
    return wait;
  }

  /** Takes the planned attempt back. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
