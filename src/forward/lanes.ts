import type { Lane } from "./outbox_port.ts";

/** Sends of the fresh lane for each one that the backlog is owed: a quarter is the backlog's. */
const FRESH_PER_BACKLOG = 3;
/** Sends that the backlog can be owed at most, so that it does not hold the fresh lane up in turn. */
const MOST_OWED = 8;

/** Whose turn it is: fresh first, the backlog at least every fourth send while both have blocks (rule F13). */
export class Lanes {
  #credit = 0;

  /** The lanes in the order in which to look for a block. */
  order(): readonly [Lane, Lane] {
    return this.#credit >= FRESH_PER_BACKLOG ? ["backlog", "fresh"] : ["fresh", "backlog"];
  }

  /** Counts one request. */
  sent(lane: Lane): void {
    this.#credit = lane === "fresh"
      ? Math.min(MOST_OWED * FRESH_PER_BACKLOG, this.#credit + 1)
      : Math.max(0, this.#credit - FRESH_PER_BACKLOG);
  }
}
