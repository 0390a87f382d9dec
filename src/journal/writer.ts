import { Demand } from "./demand.ts";
import { GroupQueue } from "./group_queue.ts";
import { overheadOf } from "./key_ring.ts";
import type { JournalOptions } from "./options.ts";
import type { Position } from "./position.ts";
import type { SegmentList } from "./segments.ts";
import { type SyncOutcome, Tail } from "./tail.ts";
import {
  diskReason,
  JournalError,
  type JournalEvent,
  type JournalTrouble,
  troubleError,
  wordsOf,
} from "./trouble.ts";
import { Waiters } from "./waiters.ts";

const RETRY_AFTER = 1_000;

/** What the writer tells the journal. */
export interface WriterHooks {
  /** Everything up to here is durable (or, with `interval`, written). */
  readonly durable: (upTo: Position) => void;
  /** Something happened. */
  readonly event: (event: JournalEvent) => void;
}

/**
 * The only one who writes: one turn at a time, each taking down what collected during the last. SPEC.md J6–J9
 * are its rules.
 */
export class Writer {
  readonly #options: JournalOptions;
  readonly #hooks: WriterHooks;
  readonly #queue: GroupQueue;
  readonly #tail: Tail;
  readonly #writes = new Waiters();
  readonly #syncs = new Waiters();
  readonly #demand: Demand;
  #last: Position;
  #durable: Position;
  #working: Promise<void> | undefined;
  /** After a failed write: wait for the timer, a trim or a request. */
  #held = false;
  #trouble: JournalTrouble | undefined;
  #closed = false;
  #retryTimer: { cancel(): void } | undefined;
  #syncTimer: { cancel(): void } | undefined;

  /** @param start the last position in use, and the number for the next segment */
  constructor(
    options: JournalOptions,
    segments: SegmentList,
    start: { readonly last: Position; readonly number: number },
    hooks: WriterHooks,
  ) {
    this.#options = options;
    this.#hooks = hooks;
    this.#queue = new GroupQueue(options.segmentBytes, overheadOf(options.keys), options.pack);
    this.#tail = new Tail(options, segments, this.#queue, start, hooks.event);
    this.#last = this.#durable = start.last;
    this.#demand = new Demand(options, this.#queue, start.last);
  }

  /** The last position given out. */
  get last(): Position {
    return this.#last;
  }

  /** The last position written. */
  get written(): Position {
    return this.#tail.written;
  }

  /** The last position that counts as durable. */
  get durable(): Position {
    return this.#durable;
  }

  /** Bytes appended and not yet durable. */
  get pendingBytes(): number {
    return this.#queue.waitingBytes + (this.#demand.interval === undefined ? this.#queue.unsyncedBytes : 0);
  }

  /** Why nothing can be written. */
  get trouble(): JournalTrouble | undefined {
    return this.#trouble;
  }

  /** Takes a record in; the journal has checked it. */
  append(at: Position, flags: number, body: Uint8Array): void {
    if (this.#closed) throw new JournalError("closed", `Journal "${this.#options.folder}" is closed`);
    if (this.#dead) throw this.#error();
    this.#queue.add(at, flags, body);
    this.#last = at;
    if (this.#working === undefined && this.#due()) this.#wake();
  }

  /** Resolves when everything appended so far is written. */
  write(): Promise<void> {
    return this.#ask(this.#writes, false);
  }

  /** Resolves when everything appended so far is fdatasync'd. */
  sync(): Promise<void> {
    return this.#ask(this.#syncs, true);
  }

  /** Tries a stuck group again. */
  retryNow(): void {
    if (!this.#held || this.#dead) return;
    this.#retryTimer?.cancel();
    this.#held = false;
    this.#wake();
  }

  /** Leaves a stuck group alone for so many ms. */
  postpone(ms: number): void {
    if (!this.#held || this.#dead) return;
    this.#retryTimer?.cancel();
    this.#retryTimer = this.#options.after(ms, () => this.retryNow());
  }

  /** Waits until nothing is being written. */
  async rest(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Goes on behind `last` in a new segment. Nothing may be pending. */
  restart(last: Position): void {
    this.#tail.restart(last);
    this.#last = this.#durable = last;
    this.#demand.restart(last);
  }

  /** Takes the last group down and closes the file; rejects where that fails, closed all the same. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.sync();
    } finally {
      await this.rest();
      for (const timer of [this.#retryTimer, this.#syncTimer]) timer?.cancel();
      this.#tail.release();
    }
  }

  async #ask(waiters: Waiters, sync: boolean): Promise<void> {
    const upTo = this.#last;
    if ((sync ? this.#tail.synced : this.#tail.written) >= upTo) return;
    if (this.#dead) throw this.#error();
    this.#demand[sync ? "askSync" : "askWrite"](upTo);
    const done = waiters.wait(upTo);
    if (this.#held) this.retryNow();
    else this.#wake();
    return await done;
  }

  get #dead(): boolean {
    return this.#trouble?.reason === "fsync";
  }

  #error(): JournalError {
    return troubleError(this.#options.folder, this.#trouble);
  }

  #wake(): void {
    this.#working ??= this.#work();
  }

  #due(): boolean {
    return !this.#held && (this.#demand.writeDue() || this.#demand.syncDue());
  }

  async #work(): Promise<void> {
    // Let the appends of this turn of the event loop come together first.
    await Promise.resolve();
    do {
      while (this.#due()) await this.#turn();
      if (!this.#held) await this.#tail.mark();
    } while (this.#due());
    this.#working = undefined;
  }

  /** Writes what had collected when it began, then syncs once. */
  async #turn(): Promise<void> {
    const upTo = this.#last;
    while (this.#demand.writeDue(upTo)) {
      let outcome: SyncOutcome;
      try {
        outcome = await this.#tail.writeNext();
      } catch (error) {
        return this.#writeFailed(error);
      }
      if (outcome === "synced") this.#recovered();
      this.#advance();
      if (outcome === "dead") return this.#die();
    }
    if (!this.#demand.syncDue()) return;
    const outcome = await this.#tail.sync();
    this.#advance();
    if (outcome === "dead") this.#die();
  }

  #advance(): void {
    const { written, synced } = this.#tail;
    const durable = this.#demand.interval === undefined ? synced : written;
    if (durable > this.#durable) {
      this.#durable = durable;
      this.#hooks.durable(durable);
    }
    this.#writes.settle(written);
    this.#syncs.settle(synced);
    const { interval } = this.#demand;
    if (interval === undefined || this.#syncTimer !== undefined || synced >= written || this.#closed) return;
    this.#syncTimer = this.#options.after(interval, () => this.#syncNow());
  }

  #syncNow(): void {
    this.#syncTimer = undefined;
    this.#demand.askSync(this.#tail.written);
    if (this.#due()) this.#wake();
  }

  #recovered(): void {
    if (this.#trouble === undefined) return;
    this.#hooks.event({ kind: "write_recovered", since: this.#trouble.since });
    this.#trouble = undefined;
  }

  #die(): void {
    const detail = this.#tail.failure;
    this.#hold({ reason: "fsync", detail, since: this.#options.wall() });
    this.#hooks.event({ kind: "fatal", detail });
  }

  #writeFailed(error: unknown): void {
    const [reason, detail] = [diskReason(error), wordsOf(error)];
    if (this.#trouble === undefined) this.#hooks.event({ kind: "write_failed", reason, detail });
    this.#hold({ reason, detail, since: this.#trouble?.since ?? this.#options.wall() });
    if (!this.#closed) this.postpone(RETRY_AFTER);
  }

  #hold(trouble: JournalTrouble): void {
    this.#held = true;
    this.#trouble = trouble;
    for (const waiters of [this.#writes, this.#syncs]) waiters.fail(this.#error());
  }
}
