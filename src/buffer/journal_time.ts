import type { Stamp } from "../model/mod.ts";

/** A wall clock before this day is wrong: the gateway did not exist. 2026-11-01. */
const BUILT = 1_793_491_200_000;
/** A wall clock that moves by more than this against the monotonic one has stepped, ms. */
const STEP = 5_000;
/** How long after a step the wall clock counts as implausible, ms. */
const SETTLE = 60_000;

/** How often `pulse` is to be called, ms. */
export const PULSE = 500;
/** A process with a pulse that looked at no clock for so long stood still, ms. */
const STOOD_STILL = 2_000;

/** The two clocks that a stamp is made of. */
export interface Clocks {
  /** Wall clock, ms. */
  wall(): number;
  /** Monotonic clock, ms. */
  monotonic(): number;
}

/**
 * Stamps for inbox records: wall time, and journal time, which runs only while the gateway is subscribed and goes
 * on over restarts without the time that it was down. A process that stands still (SIGSTOP, a suspended machine) is
 * as good as down: what devices sent meanwhile waits in its sockets, so none of them was silent.
 */
export class JournalTime {
  readonly #clocks: Clocks;
  #passed: number;
  #runningSince: number | undefined;
  /** When a clock was last looked at, monotonic, ms; `undefined` without a pulse. */
  #lookedAt: number | undefined;
  #offset: number;
  #steppedAt = -Infinity;

  /** Stands at 0 until `continueAt` and `run`. */
  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#passed = 0;
    this.#offset = clocks.wall() - clocks.monotonic();
  }

  /** Journal time now, whole ms. */
  get elapsed(): number {
    return this.#elapsedAt(this.#clocks.monotonic());
  }

  /** The wall clock as it stamps, whole ms. */
  get wall(): number {
    return Math.floor(this.#clocks.wall());
  }

  /** The monotonic clock, ms. */
  get monotonic(): number {
    return this.#clocks.monotonic();
  }

  /** Whether it runs. */
  get running(): boolean {
    return this.#runningSince !== undefined;
  }

  /** Why the wall clock is not believed now, if so. */
  get doubt(): "before_build" | "stepped" | undefined {
    return this.#doubtAt(this.#clocks.wall(), this.#clocks.monotonic());
  }

  /** Goes on from where the newest record of the inbox stood, ms. */
  continueAt(elapsed: number): void {
    this.#passed = elapsed;
  }

  /** The gateway is subscribed, or is not any more. */
  run(subscribed: boolean): void {
    if (subscribed === this.running) return;
    this.#passed = this.elapsed;
    this.#runningSince = subscribed ? this.#clocks.monotonic() : undefined;
  }

  /**
   * Says that the process runs; to be called every `PULSE` ms from the first call on. Without it journal time cannot
   * tell a process that stands still from one that nobody asks.
   */
  pulse(): void {
    this.#lookedAt ??= this.#clocks.monotonic();
    this.#elapsedAt(this.#clocks.monotonic());
  }

  /** A stamp for a record that is appended now: each clock is read once. */
  stamp(): Stamp {
    const wall = this.#clocks.wall();
    const monotonic = this.#clocks.monotonic();
    return {
      receivedAt: Math.floor(wall),
      elapsed: this.#elapsedAt(monotonic),
      implausible: this.#doubtAt(wall, monotonic) !== undefined,
    };
  }

  #elapsedAt(monotonic: number): number {
    const still = this.#lookedAt === undefined ? 0 : monotonic - this.#lookedAt;
    if (this.#lookedAt !== undefined) this.#lookedAt = monotonic;
    if (this.#runningSince === undefined) return this.#passed;
    if (still > STOOD_STILL) this.#runningSince += still - PULSE;
    return this.#passed + Math.floor(monotonic - this.#runningSince);
  }

  #doubtAt(wall: number, monotonic: number): "before_build" | "stepped" | undefined {
    if (Math.abs(wall - monotonic - this.#offset) > STEP) {
      this.#offset = wall - monotonic;
      this.#steppedAt = monotonic;
    }
    if (wall < BUILT) return "before_build";
    return monotonic - this.#steppedAt < SETTLE ? "stepped" : undefined;
  }
}
