import type { Timer } from "../clock.ts";
import type { DriverInbox } from "./driver_options.ts";

/** How long after a deadline a tick is appended, ms: a message that comes meanwhile does it without one. */
const TICK_SLACK = 100;
/** A wall clock can be set: the end of a silence is looked at again after this at the latest, ms. */
const LOOK = 60_000;
/** An inbox that takes nothing in is asked again after this, ms. */
const RETRY = 1_000;

/** What the timer works with. */
export interface TickTimerOptions {
  /** Where ticks go. */
  readonly inbox: Pick<DriverInbox, "tick" | "writable">;
  /** Calls `fire` once after so many ms. */
  readonly after: (ms: number, fire: () => void) => Timer;
  /** Journal time and wall clock now, ms, and whether journal time runs. */
  readonly time: { readonly elapsed: number; readonly running: boolean; readonly wall: number };
}

/** What is waited for. */
export interface Awaited {
  /** Journal time of the next deadline, ms; Infinity: none. */
  readonly nextDeadline: number;
  /** When silences end, by the wall clock. */
  readonly alerts: { readonly silences: { readonly nextEnd: number; due(at: number): boolean } };
}

/** Where no record comes, a tick tells the river that time has passed. */
export class TickTimer {
  readonly #options: TickTimerOptions;
  #deadline: Timer | undefined;
  /** The deadline that the timer was set for; Infinity: no timer. */
  #deadlineFor = Infinity;
  #pending = false;
  #silence: Timer | undefined;
  /** The end that the timer was set for; Infinity: no timer. */
  #silenceFor = Infinity;

  /** Sets no timer before `arm`. */
  constructor(options: TickTimerOptions) {
    this.#options = options;
  }

  /** Records were taken in, a tick among them if there was one. */
  taken(): void {
    this.#pending = false;
  }

  /** Journal time began to run or stopped. */
  timeChanged(awaited: Awaited): void {
    this.#disarmDeadline();
    this.arm(awaited);
  }

  /** Waits for what is next, unless it does already. Called after each batch: two comparisons. */
  arm(awaited: Awaited): void {
    this.#armDeadline(awaited);
    const { nextEnd } = awaited.alerts.silences;
    if (nextEnd !== this.#silenceFor) this.#armSilence(awaited, 0);
  }

  /** Waits for nothing. */
  disarm(): void {
    this.#disarmDeadline();
    this.#disarmSilence();
  }

  #armDeadline(awaited: Awaited): void {
    const { time, after, inbox } = this.#options;
    if (this.#pending || !time.running) return;
    const next = awaited.nextDeadline;
    // A timer that fires too early is set again then; one that fires too late would keep the deadline waiting.
    if (next >= this.#deadlineFor) return;
    this.#disarmDeadline();
    this.#deadlineFor = next;
    this.#deadline = after(Math.max(0, next - time.elapsed) + TICK_SLACK, () => {
      this.#disarmDeadline();
      if (awaited.nextDeadline <= time.elapsed && time.running && inbox.writable) {
        this.#pending = true;
        inbox.tick();
      } else this.#armDeadline(awaited);
    });
  }

  /** The wall clock goes on where journal time stands still, so a silence also ends without a broker. */
  #armSilence(awaited: Awaited, atLeast: number): void {
    const { time, after, inbox } = this.#options;
    this.#disarmSilence();
    const { nextEnd } = awaited.alerts.silences;
    if (nextEnd === Infinity) return;
    this.#silenceFor = nextEnd;
    const wait = Math.min(LOOK, Math.max(0, Math.ceil(nextEnd - time.wall)));
    this.#silence = after(Math.max(atLeast, wait), () => {
      const due = awaited.alerts.silences.due(time.wall);
      // The tick comes back through the river, or is tried again: what it tells the river must not get lost.
      if (due && inbox.writable) inbox.tick();
      this.#armSilence(awaited, due ? RETRY : 1);
    });
  }

  #disarmDeadline(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#deadlineFor = Infinity;
  }

  #disarmSilence(): void {
    this.#silence?.cancel();
    this.#silence = undefined;
    this.#silenceFor = Infinity;
  }
}
