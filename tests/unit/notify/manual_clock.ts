import type { Clock } from "../../../src/clock.ts";

/** A clock that stands until it is told to go on. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; fire: () => void }[] = [];

  /** @param epoch wall clock at the start, ms */
  constructor(readonly epoch = 1_700_000_000_000) {}

  /** Number of timers that wait. */
  get timers(): number {
    return this.#timers.length;
  }

  wall(): number {
    return this.epoch + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): { cancel(): void } {
    const timer = { at: this.#now + ms, fire };
    this.#timers.push(timer);
    return { cancel: () => this.#timers = this.#timers.filter((other) => other !== timer) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.after(ms, resolve);
      signal?.addEventListener("abort", () => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** Lets time pass, timer by timer, and everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    while (true) {
      const [first] = this.#timers.sort((a, b) => a.at - b.at);
      if (first === undefined || first.at > end) break;
      this.#now = Math.max(this.#now, first.at);
      this.#timers.shift();
      first.fire();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Resolves when every promise that could go on has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
