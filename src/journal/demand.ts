import type { GroupQueue } from "./group_queue.ts";
import type { JournalOptions } from "./options.ts";
import { type Position, position } from "./position.ts";

const MAX_UNSYNCED = 4 * 1024 * 1024;
const EVERYTHING = position(Number.MAX_SAFE_INTEGER);

/** How far the owner wants records written and synced; what lies beyond stays in memory. */
export class Demand {
  /** Milliseconds between syncs, where they go by time. */
  readonly interval: number | undefined;
  readonly #queue: GroupQueue;
  #write: Position;
  #sync: Position;

  /** @param start the last position in use */
  constructor({ sync, durability }: JournalOptions, queue: GroupQueue, start: Position) {
    this.interval = sync === "group" && durability?.mode === "interval" ? durability.every : undefined;
    this.#queue = queue;
    this.#write = sync === "group" ? EVERYTHING : start;
    this.#sync = sync === "group" && this.interval === undefined ? EVERYTHING : start;
  }

  /** Wants everything up to `upTo` written. */
  askWrite(upTo: Position): void {
    if (this.#write < upTo) this.#write = upTo;
  }

  /** Wants everything up to `upTo` written and synced. */
  askSync(upTo: Position): void {
    this.askWrite(upTo);
    if (this.#sync < upTo) this.#sync = upTo;
  }

  /** Positions begin anew behind `last`. */
  restart(last: Position): void {
    if (this.#write !== EVERYTHING) this.#write = last;
    if (this.#sync !== EVERYTHING) this.#sync = last;
  }

  /** Whether a group that begins at or below `upTo` is to be written. */
  writeDue(upTo: Position = EVERYTHING): boolean {
    const head = this.#queue.head;
    return head !== undefined && head.first <= this.#write && head.first <= upTo;
  }

  /** Whether something is to be synced: it was asked for, or much is kept in memory for want of it. */
  syncDue(): boolean {
    const first = this.#queue.firstUnsynced;
    return first !== undefined && (first <= this.#sync || this.#queue.unsyncedBytes > MAX_UNSYNCED);
  }
}
