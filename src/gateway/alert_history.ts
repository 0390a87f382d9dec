import type { AlertEvent } from "../model/mod.ts";

/** Events that are kept for people. */
const KEPT = 500;

/** The newest alerts that ended, oldest first. */
export class AlertHistory {
  #events: AlertEvent[];

  /**
   * Begins empty, or with what a checkpoint held.
   *
   * @param events what an earlier process kept
   */
  constructor(events: readonly AlertEvent[] = []) {
    this.#events = [...events];
  }

  /** Resolved alerts, oldest first. */
  get events(): readonly AlertEvent[] {
    return this.#events;
  }

  /** Notes an event; only what ended is kept, since what stands is in the river's state. */
  add(event: AlertEvent): void {
    if (event.transition !== "resolved") return;
    this.#events.push(event);
    if (this.#events.length > KEPT) this.#events.splice(0, this.#events.length - KEPT);
  }
}
