import type { Clock, Timer } from "../../src/clock.ts";
import { until } from "./until.ts";

interface Waiting {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  readonly sleeper: boolean;
}

/** A clock that stands still until a test moves it. Wall and monotonic time move together. */
export class ManualClock implements Clock {
  /** Lengths of all sleeps so far, in order, ms. */
  readonly sleeps: number[] = [];
  #now = 0;
  #order = 0;
  #epoch: number;
  readonly #waiting = new Set<Waiting>();

  /** @param epoch wall clock at the start, ms */
  constructor(epoch = Date.UTC(2025, 0, 1)) {
    this.#epoch = epoch;
  }

  wall(): number {
    return this.#epoch + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): Timer {
    return this.#add(ms, fire, false);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    this.sleeps.push(ms);
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#add(ms, end, true);
      signal?.addEventListener("abort", end);
    });
  }

  /** How many sleep now. */
  get sleeping(): number {
    return [...this.#waiting].filter((entry) => entry.sleeper).length;
  }

  /** Moves the clock and fires what is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (true) {
      const next = [...this.#waiting].sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (next === undefined || next.due > end) break;
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.fire();
    }
    this.#now = end;
  }

  /**
   * Waits until somebody sleeps, then moves the clock to the end of the last sleep.
   *
   * @returns how long that sleep was, ms
   */
  async passSleep(): Promise<number> {
    await until("somebody sleeps", () => this.sleeping > 0);
    const length = this.sleeps.at(-1) ?? 0;
    this.advance(length);
    return length;
  }

  #add(ms: number, fire: () => void, sleeper: boolean): Timer {
    const entry: Waiting = { due: this.#now + ms, order: this.#order++, fire, sleeper };
    this.#waiting.add(entry);
    return { cancel: () => void this.#waiting.delete(entry) };
  }
}
