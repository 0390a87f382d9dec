/** Where a number of points, and the readings that they account for, are. */
export interface Tally {
  points: number;
  readings: number;
}

/** Where the outbox's points are. */
export interface OutboxTally {
  readonly produced: Tally;
  readonly delivered: Tally;
  readonly waiting: Tally;
  readonly refused: Tally;
  readonly evicted: Tally;
}

/** The ways out of the outbox. */
export type Way = "delivered" | "refused" | "evicted";

/** The counters as the checkpoint holds them. */
export interface CountsSnapshot {
  readonly total: OutboxTally;
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
  readonly total: OutboxTally;
  readonly #devices: (OutboxTally | undefined)[];

  /** @param snapshot what `snapshot` gave, not shared with anybody */
  constructor(snapshot?: CountsSnapshot) {
    this.total = snapshot?.total ?? emptyTally();
    this.#devices = [...snapshot?.devices ?? []];
  }

  /** One point came in. */
  produced(device: number, readings: number): void {
    for (const tally of [this.total, this.#of(device)]) {
      tally.produced.points++;
      tally.produced.readings += readings;
      tally.waiting.points++;
      tally.waiting.readings += readings;
    }
  }

  /** One point left. */
  left(way: Way, device: number, readings: number): void {
    move(this.total, way, 1, readings);
    move(this.#of(device), way, 1, readings);
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
