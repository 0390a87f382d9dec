import type { Facts, Level } from "./facts.ts";

/** Identical events within this many ms become one line and a count. */
const INTERVAL = 10_000;
/** Different facts of one event that get lines of their own within the interval; further ones are folded. */
const LINES_PER_EVENT = 20;
/** Identities remembered; beyond it the oldest is closed early. */
const MOST = 1_000;

/** Writes a line. */
export type Write = (level: Level, event: string, facts: Facts) => void;

interface Open {
  readonly level: Level;
  readonly event: string;
  readonly facts: Facts;
  readonly since: number;
  /** Stands for all further facts of its event, not for one identity. */
  readonly folded: boolean;
  count: number;
}

/**
 * Keeps a flood out of the log. The first of identical events (level, name, facts) is written at once; those
 * that follow within 10 s are counted and written as one line with `repeated`. When one event comes with more
 * than 20 different facts in that time, the rest is one line with `similar`: a thousand mad devices fill no
 * disk. Without a timer: a count is written with the next event of any kind, or by `flush`.
 */
export class Repeats {
  readonly #write: Write;
  readonly #monotonic: () => number;
  /** In order of `since`. */
  readonly #open = new Map<string, Open>();
  readonly #perEvent = new Map<string, number>();

  /**
   * A filter that has seen nothing yet.
   *
   * @param write takes the lines that remain
   * @param monotonic clock in ms that never steps
   */
  constructor(write: Write, monotonic: () => number) {
    this.#write = write;
    this.#monotonic = monotonic;
  }

  /** Writes the event, or counts it. */
  log(level: Level, event: string, facts: Facts): void {
    const now = this.#monotonic();
    this.#closeOlderThan(now - INTERVAL);
    const identity = `${level} ${event} ${JSON.stringify(facts)}`;
    const same = this.#open.get(identity);
    if (same !== undefined) {
      same.count++;
      return;
    }
    const folded = (this.#perEvent.get(event) ?? 0) >= LINES_PER_EVENT;
    const key = folded ? `${level} ${event} *` : identity;
    const similar = this.#open.get(key);
    if (similar !== undefined) {
      similar.count++;
      return;
    }
    for (const [oldest, open] of this.#open) {
      if (this.#open.size < MOST) break;
      this.#close(oldest, open);
    }
    this.#open.set(key, { level, event, facts, since: now, folded, count: 0 });
    this.#perEvent.set(event, (this.#perEvent.get(event) ?? 0) + 1);
    this.#write(level, event, facts);
  }

  /** Writes every count that is still owed. */
  flush(): void {
    this.#closeOlderThan(Infinity);
  }

  #closeOlderThan(moment: number): void {
    for (const [key, open] of this.#open) {
      if (open.since > moment) return;
      this.#close(key, open);
    }
  }

  #close(key: string, open: Open): void {
    this.#open.delete(key);
    const left = (this.#perEvent.get(open.event) ?? 1) - 1;
    if (left === 0) this.#perEvent.delete(open.event);
    else this.#perEvent.set(open.event, left);
    if (open.count === 0) return;
    const facts = open.folded ? { similar: open.count } : { ...open.facts, repeated: open.count };
    this.#write(open.level, open.event, facts);
  }
}
