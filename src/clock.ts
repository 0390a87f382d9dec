/**
 * The only place that reads a clock. Everything else takes one as an argument.
 * @module
 */

/** A timer that can be taken back. */
export interface Timer {
  /** Takes the timer back; harmless after it has fired. */
  cancel(): void;
}

/** What the gateway knows of time. */
export interface Clock {
  /** Wall clock, ms since 1970-01-01T00:00:00Z. May step. */
  wall(): number;
  /** Monotonic clock, ms since an arbitrary start. Never steps. */
  monotonic(): number;
  /** Calls `fire` once after `ms`. */
  after(ms: number, fire: () => void): Timer;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fire): Timer {
    const id = setTimeout(fire, Math.min(ms, 0x7fffffff));
    return { cancel: () => clearTimeout(id) };
  },
  sleep(ms, signal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(id);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const id = setTimeout(done, Math.min(ms, 0x7fffffff));
      signal?.addEventListener("abort", done);
    });
  },
};
