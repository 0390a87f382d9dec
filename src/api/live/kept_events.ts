import type { Topic } from "../schemas/live.ts";
import { frame } from "./frame.ts";

/** An event that a client which returns is told of. */
export interface Kept {
  readonly id: number;
  readonly topic: Topic;
  /** As it goes out. */
  readonly frame: Uint8Array;
}

/** The newest events, for clients that were away for a moment. */
export class KeptEvents {
  readonly #most: number;
  #events: Kept[] = [];
  #last: number;
  /** Whoever has seen this one has missed nothing that is not here. */
  #whole: number;

  /**
   * Holds none yet.
   *
   * @param first the number before the first event
   * @param most how many are kept
   */
  constructor(first: number, most: number) {
    this.#last = this.#whole = first;
    this.#most = most;
  }

  /** Number of the newest event; that before the first where there is none. */
  get last(): number {
    return this.#last;
  }

  /** Numbers an event and keeps it. */
  add(topic: Topic, event: string, data: unknown): Kept {
    const id = ++this.#last;
    const kept = { id, topic, frame: frame(event, data, id) };
    this.#events.push(kept);
    // Not one by one: to take the first from a list moves all others.
    if (this.#events.length >= 2 * this.#most) this.#events = this.#events.slice(-this.#most);
    this.#whole = Math.max(this.#whole, id - this.#most);
    return kept;
  }

  /** Something happened that is not kept: whoever is not here now has missed it. */
  forget(): void {
    this.#events = [];
    this.#whole = ++this.#last;
  }

  /**
   * What a client has missed.
   *
   * @param id the newest that it has seen
   * @returns oldest first; `undefined` where there is a gap, also for an id that was never given out
   */
  since(id: number): readonly Kept[] | undefined {
    if (id < this.#whole || id > this.#last) return undefined;
    return this.#events.filter((kept) => kept.id > id);
  }
}
