import type { Point } from "../model/mod.ts";

/** Where a number of points, and the readings that they account for, are. */
export interface Tally {
  /** Points: lines of the database. */
  points: number;
  /** Readings that these points account for. */
  readings: number;
}

/** Where the outbox's points are. */
export interface OutboxTally {
  /** Came in, wherever they are now: the sum of the other four. */
  readonly produced: Tally;
  /** Taken by the database. */
  readonly delivered: Tally;
  /** In the outbox. */
  readonly waiting: Tally;
  /** Refused by the database, each by itself. */
  readonly refused: Tally;
  /** Given up for space or age, or lost to damage. */
  readonly evicted: Tally;
}

/** The ways out of the outbox. */
export type Way = "delivered" | "refused" | "evicted";

/** The counters as the checkpoint holds them. */
export interface CountsSnapshot {
  /** All devices together. */
  readonly total: OutboxTally;
  /** By the number of the device; `undefined`: none of its points came in. */
  readonly devices: readonly (OutboxTally | undefined)[];
}

function emptyTally(): OutboxTally {
  const none = (): Tally => ({ points: 0, readings: 0 });
  return { produced: none(), delivered: none(), waiting: none(), refused: none(), evicted: none() };
}

function move(tally: OutboxTally, way: Way, points: number, readings: number): void {
  tally.waiting.points -= points;
  tally.waiting.readings -= readings;
  tally[way].points += points;
  tally[way].readings += readings;
}

/** Counts points and readings on their way through the outbox, for the gateway and for each device. */
export class OutboxCounts {
  /** All devices together; grows as points come and go. */
  readonly total: OutboxTally;
  readonly #devices: (OutboxTally | undefined)[];

  /**
   * Goes on from a snapshot, or from zero.
   *
   * @param snapshot what `snapshot` gave, not shared with anybody
   */
  constructor(snapshot?: CountsSnapshot) {
    this.total = snapshot?.total ?? emptyTally();
    this.#devices = [...snapshot?.devices ?? []];
  }

  /**
   * A point came in. One that was refused and is offered again was counted as produced then; where the accounts were
   * set anew since, it counts as one more.
   */
  came({ stream, readings, again }: Point): void {
    for (const tally of [this.total, this.#of(stream.deviceIndex)]) {
      const { refused, produced, waiting } = tally;
      const isBack = again?.partial === false && refused.points > 0 && refused.readings >= readings;
      const from = isBack ? refused : produced;
      from.points += isBack ? -1 : 1;
      from.readings += isBack ? -readings : readings;
      waiting.points++;
      waiting.readings += readings;
    }
  }

  /** One point left. `device` is `undefined` for one that an earlier life of the gateway had made. */
  left(way: Way, device: number | undefined, readings: number): void {
    move(this.total, way, 1, readings);
    if (device !== undefined) move(this.#of(device), way, 1, readings);
  }

  /** A block was found that no checkpoint knows of. */
  adopted(points: number, readings: number): void {
    for (const tally of [this.total.produced, this.total.waiting]) {
      tally.points += points;
      tally.readings += readings;
    }
  }

  /**
   * No block waits any more: whatever is still counted as waiting was in blocks that damage has taken.
   *
   * @returns how much that was
   */
  writeOff(): Tally {
    const { points, readings } = this.total.waiting;
    if (points === 0 && readings === 0) return { points, readings };
    for (const tally of [this.total, ...this.#devices]) {
      if (tally !== undefined) move(tally, "evicted", tally.waiting.points, tally.waiting.readings);
    }
    return { points, readings };
  }

  /** One device's counters. */
  device(index: number): OutboxTally {
    return this.#devices[index] ?? emptyTally();
  }

  /** The counters as plain data, still shared. */
  snapshot(): CountsSnapshot {
    return { total: this.total, devices: this.#devices };
  }

  #of(device: number): OutboxTally {
    return this.#devices[device] ??= emptyTally();
  }
}
