import type { Timer } from "../clock.ts";
import type { Value } from "../model/mod.ts";
import { Accumulators, type HistorySlot, type HistoryStream } from "./accumulators.ts";
import type { HistoryOptions, HistoryState } from "./history_options.ts";
import type { Space } from "./space.ts";
import type { Answers, FromWorker, Question, Stretch, ToWorker } from "./protocol.ts";
import { type HistoryWorker, NoHistory, Questions } from "./worker_link.ts";

/** Shortest and longest time between two batches, ms, and open series from which on it is longer. */
const [SOON, LATE, MANY] = [2_000, 10_000, 5_000];
/** Buckets that are left and wait for a batch at most: a replay makes many in one turn. */
const MOST_LEFT = 32_768;
/** Batches that the worker has not taken yet at most; beyond them they are left out. */
const MOST_UNDER_WAY = 8;
/** Pause before a history that failed is tried again, ms. */
const RETRY = 60_000;
/** Longest wait for an answer, ms: a disk that hangs must not hold up who asks. */
const ANSWER = 5_000;
/** Longest wait for the last commit, ms. */
const CLOSING = 5_000;

/**
 * What charts and trials of rules are drawn from: each reading, gathered by series and ten seconds, and written by a
 * worker now and then. A bank of the river: nothing waits for it, and losing it is harmless.
 *
 * Each batch says up to which record of the inbox it goes, and the file keeps that with the data: what is taken in
 * again after a crash is told by its position and left out. What a checkpoint holds and no commit does is missing: the
 * seconds before a crash.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #gathering = new Accumulators();
  readonly #questions = new Questions();
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #worker: HistoryWorker | undefined;
  #state: HistoryState = "opening";
  #flushing: Timer | undefined;
  #retrying: Timer | undefined;
  /** Records up to this one are in the file, or cannot be told from those that are. */
  #cut: number;
  #position = 0;
  #space: Space;
  #underWay = 0;
  #troubled = false;
  #dropped = 0;
  #bytes = 0;

  /** Starts nothing before `begin`. */
  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#cut = options.newestRecord;
    this.#space = options.space;
  }

  /** Whether it works. */
  get state(): HistoryState {
    return this.#state;
  }

  /** Bytes of its files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Buckets that were left out because the worker did not keep up, or failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Starts the worker, once. */
  begin(): void {
    if (this.#flushing !== undefined) return;
    this.#open();
    this.#flushLater();
  }

  /** Waits until the file is open, for a replay: what is in it must be known before; no longer than `most` ms. */
  async opened(most: number): Promise<void> {
    const end = new AbortController();
    await Promise.race([this.#opened.promise, this.#options.clock.sleep(most, end.signal)]);
    end.abort();
  }

  /** Takes a reading in, in order of the records. Costs some tens of nanoseconds (`tests/bench/history.ts`). */
  reading(slot: HistorySlot, stream: HistoryStream, value: Value, ms: number, position: number): void {
    if (position <= this.#cut) return;
    if (position !== this.#position) {
      // Only between two records: a batch ends with a whole one.
      if (this.#gathering.left >= MOST_LEFT) this.flush();
      this.#position = position;
    }
    this.#gathering.add(slot, stream, value, ms);
  }

  /** Hands what was gathered to the worker. */
  flush(): void {
    if (this.#state === "opening" && this.#gathering.left < MOST_LEFT) return;
    if (this.#state !== "open" || this.#underWay >= MOST_UNDER_WAY) return this.#drop();
    const batch = this.#gathering.take();
    if (batch === undefined) return;
    this.#underWay++;
    const wall = this.#options.clock.wall();
    this.#send({ kind: "batch", batch: { ...batch, position: this.#position }, wall }, [
      batch.rows.buffer,
    ]);
  }

  /**
   * Buckets of some series; with everything that was taken in so far.
   *
   * @throws {NoHistory} where it does not work now
   */
  read(stretch: Stretch): Promise<Answers["read"]> {
    return this.#ask("read", { kind: "read", stretch });
  }

  /** The finest resolution that shows a stretch in at most so many buckets. Times in seconds. */
  pick(from: number, to: number, most: number): Promise<Answers["pick"]> {
    return this.#ask("pick", { kind: "pick", from, to, most });
  }

  /** Every series that it knows. */
  series(): Promise<Answers["series"]> {
    return this.#ask("series", { kind: "series" });
  }

  /** Sets another limit of its space, bytes, and resolves when it is kept. */
  async limit(bytes: number): Promise<void> {
    const wall = this.#options.clock.wall();
    this.#space = { ...this.#space, maxBytes: bytes };
    this.#bytes = await this.#ask("limit", { kind: "limit", bytes, wall });
  }

  /** Leaves a last commit. */
  async close(): Promise<void> {
    const wasOpen = this.#state === "open";
    if (wasOpen) this.flush();
    this.#state = "closed";
    this.#flushing?.cancel();
    this.#retrying?.cancel();
    if (wasOpen) {
      this.#send({ kind: "close", wall: this.#options.clock.wall() });
      const end = new AbortController();
      await Promise.race([this.#closed.promise, this.#options.clock.sleep(CLOSING, end.signal)]);
      end.abort();
    }
    this.#questions.refuseAll("The gateway ends");
    this.#worker?.end();
  }

  #open(): void {
    const { folder, clock, startWorker } = this.#options;
    this.#worker ??= startWorker((message) => this.#take(message), (words) => this.#ended(words));
    this.#send({ kind: "open", folder, space: this.#space, wall: clock.wall() });
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case "opened":
        return this.#begun(message.position, message.bytes, message.setAside);
      case "stored":
        this.#underWay--;
        this.#bytes = message.bytes;
        return;
      case "failed":
        return this.#failed(message.words);
      case "answer":
        return this.#questions.answered(message.id, message.answer);
      case "refused":
        return this.#questions.refused(message.id, message.words);
      case "closed":
        return this.#closed.resolve();
    }
  }

  #begun(position: number, bytes: number, setAside: string | null): void {
    if (this.#state === "closed") return;
    const { onEvent, newestRecord } = this.#options;
    // A folder that was emptied counts its records anew; so the file may know of records that are none of these.
    if (this.#state === "opening") this.#cut = Math.min(position, newestRecord);
    this.#state = "open";
    this.#bytes = bytes;
    this.#gathering.anew();
    if (setAside !== null) onEvent({ kind: "set_aside", words: setAside });
    if (this.#troubled) onEvent({ kind: "recovered" });
    this.#troubled = false;
    this.#opened.resolve();
  }

  #failed(words: string): void {
    if (this.#state === "closed") return;
    this.#state = "failed";
    this.#bytes = 0;
    this.#opened.resolve();
    this.#questions.refuseAll(words);
    if (!this.#troubled) this.#options.onEvent({ kind: "failed", words });
    this.#troubled = true;
    this.#retrying = this.#options.clock.after(RETRY, () => this.#open());
  }

  #ended(words: string): void {
    this.#worker = undefined;
    this.#underWay = 0;
    this.#closed.resolve();
    this.#failed(words);
  }

  #drop(): void {
    const buckets = this.#gathering.left + this.#gathering.open;
    this.#gathering.drop();
    if (buckets === 0) return;
    this.#dropped += buckets;
    if (this.#state === "open") this.#options.onEvent({ kind: "dropped", buckets });
  }

  #flushLater(): void {
    const wait = Math.min(LATE, SOON * Math.max(1, this.#gathering.open / MANY));
    this.#flushing = this.#options.clock.after(wait, () => {
      this.flush();
      this.#flushLater();
    });
  }

  #ask<K extends Question["kind"]>(kind: K, question: Question & { readonly kind: K }): Promise<Answers[K]> {
    if (this.#state !== "open") return Promise.reject(new NoHistory(WORDS[this.#state]));
    this.flush();
    const { id, answer } = this.#questions.ask(kind);
    this.#send({ kind: "question", id, question });
    const late = this.#options.clock.after(ANSWER, () => {
      this.#questions.refused(id, "The local history does not answer; its disk may be slow");
    });
    return answer.finally(() => late.cancel());
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker?.send(message, transfer);
  }
}

const WORDS: Readonly<Record<Exclude<HistoryState, "open">, string>> = {
  opening: "The local history is not open yet",
  failed: "The local history cannot be written now, see the log",
  closed: "The gateway ends",
};
