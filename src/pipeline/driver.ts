import type { Timer } from "../clock.ts";
import type { Rules } from "../model/mod.ts";
import type { Checkpoint, DriverOptions, TrimMark } from "./driver_options.ts";
import { type Batch, replay } from "./replay.ts";
import type { ReplayMark } from "./replay_mark.ts";
import type { River } from "./river.ts";
import { snapshotRiver } from "./snapshot.ts";
import { TickTimer } from "./tick_timer.ts";

/** A checkpoint that failed is tried again after this, ms. */
const RETRY = 5_000;

/** The only loop: durable records through the river, ticks when nothing comes, checkpoints now and then. */
export class Driver<Banks> {
  /** The river that the records go through. */
  river: River;
  readonly #options: DriverOptions<Banks>;
  #newest: TrimMark | undefined;
  #bytesAt = 0;
  #changed = false;
  #checkpointing: Promise<void> | undefined;
  #checkpointTimer: Timer | undefined;
  readonly #ticks: TickTimer;
  #live = false;
  #failed = false;
  #checkpointFailure: unknown;

  /**
   * Takes nothing in before `replay` or `start`.
   *
   * @param river the river as the newest checkpoint left it, or an empty one
   * @param newest that checkpoint
   */
  constructor(options: DriverOptions<Banks>, river: River, newest?: Checkpoint<Banks>) {
    this.#options = options;
    this.#ticks = new TickTimer(options);
    this.river = river;
    this.#newest = newest === undefined ? undefined : options.banks.mark(newest);
  }

  /** Whether the last checkpoint could not be taken. */
  get checkpointFails(): boolean {
    return this.#checkpointFailure !== undefined;
  }

  /** Why it could not; `undefined` where it was. */
  get checkpointFailure(): unknown {
    return this.#checkpointFailure;
  }

  /** Whether a stage has failed. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * Takes in what the inbox holds beyond the checkpoint, then leaves a checkpoint behind it.
   *
   * @param present the rules of the configuration, for a recorded one that cannot be taken in
   * @returns records taken in
   * @throws {PoisonRecord} where recovery must begin anew from the checkpoint
   */
  async replay(mark: ReplayMark, present: Rules): Promise<number> {
    const { inbox, banks } = this.#options;
    const batches = inbox.replay(this.river.position + 1, inbox.last);
    let bytes = 0;
    const count = await replay(
      this.river,
      this.#counted(batches, (n) => bytes += n),
      banks.output,
      mark,
      present,
      async () => {
        if (bytes < this.#dueBytes()) return;
        bytes = 0;
        await this.#checkpointIfCan();
      },
    );
    if (count > 0) await this.#checkpointIfCan();
    if (!this.checkpointFails) await mark.done();
    return count;
  }

  /**
   * A full disk must not keep the gateway from coming to its feet: what it holds can only leave when it runs. The
   * failure is told by `onCheckpoint`, and tried again when it runs.
   */
  async #checkpointIfCan(): Promise<void> {
    await this.checkpoint().catch(() => {});
  }

  /** Puts the present configuration in force, if it differs, and goes live. */
  start(rules: Rules): void {
    const { inbox } = this.#options;
    this.#live = true;
    inbox.onDurable(() => this.pump());
    this.takeRules(rules);
    this.pump();
  }

  /** Puts rules in force by a record, if they differ from those that are. */
  takeRules(rules: Rules): void {
    if (JSON.stringify(rules) !== JSON.stringify(this.river.rules)) this.#options.inbox.rules(rules);
  }

  /** Takes in every durable record there is, in one turn. */
  pump(): void {
    if (this.#failed || !this.#live) return;
    const { inbox, banks, onFatal } = this.#options;
    const records = inbox.take();
    if (records.length > 0) {
      this.#changed = true;
      this.#ticks.taken();
      try {
        for (const record of records) this.river.step(record, banks.output);
      } catch (error) {
        this.#failed = true;
        onFatal(error);
        return;
      }
    }
    this.#ticks.arm(this.river);
    if (inbox.appendedBytes - this.#bytesAt >= this.#dueBytes()) this.#checkpointSoon();
    else if (this.#changed && this.#checkpointTimer === undefined) {
      this.#checkpointIn(this.#options.every.atMost);
    }
  }

  /** Journal time began to run or stopped. */
  timeChanged(): void {
    if (this.#live) this.#ticks.timeChanged(this.river);
  }

  /** Takes a checkpoint; one at a time. Rejects where the disk does not take it. */
  async checkpoint(): Promise<void> {
    while (this.#checkpointing !== undefined) await this.#checkpointing;
    if (this.#failed) return;
    const taking = this.#take();
    this.#checkpointing = taking.catch(() => {}).finally(() => this.#checkpointing = undefined);
    await taking;
  }

  /** Stops the timers; the last checkpoint is the caller's to take. */
  async stop(): Promise<void> {
    this.#live = false;
    this.#ticks.disarm();
    this.#checkpointTimer?.cancel();
    this.#checkpointTimer = undefined;
    while (this.#checkpointing !== undefined) await this.#checkpointing;
  }

  async #take(): Promise<void> {
    const { banks, store, version, inbox, onCheckpoint } = this.#options;
    this.#checkpointTimer?.cancel();
    this.#checkpointTimer = undefined;
    this.#bytesAt = inbox.appendedBytes;
    this.#changed = false;
    try {
      const content: Checkpoint<Banks> = {
        version,
        river: snapshotRiver(this.river),
        banks: banks.snapshot(),
      };
      const bytes = store.encode(content);
      const mark = banks.mark(content);
      await banks.sync();
      await store.write(bytes);
      // The generation before this one may still be needed; what is older than that is not.
      const older = this.#newest;
      this.#newest = mark;
      this.#checkpointFailure = undefined;
      onCheckpoint({ bytes: bytes.length });
      if (older !== undefined) await banks.trim(older);
    } catch (error) {
      this.#changed = true;
      this.#checkpointFailure = error;
      onCheckpoint({ error });
      throw error;
    }
  }

  #dueBytes(): number {
    return Math.max(this.#options.every.afterBytes, 2 * this.#options.store.lastBytes);
  }

  #checkpointSoon(): void {
    if (this.#checkpointing !== undefined || !this.#live) return;
    this.checkpoint().catch(() => {
      // Records that came meanwhile have set the timer to `atMost`: that would be a long wait on a full disk.
      if (this.#live) this.#checkpointIn(RETRY);
    });
  }

  #checkpointIn(ms: number): void {
    this.#checkpointTimer?.cancel();
    this.#checkpointTimer = this.#options.after(ms, () => {
      this.#checkpointTimer = undefined;
      this.#checkpointSoon();
    });
  }

  async *#counted(batches: AsyncIterable<Batch>, add: (bytes: number) => void): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      for (const { content } of batch.records) {
        add(
          content.kind === "message"
            ? content.message.payload.length + content.message.topic.length + 64
            : 64,
        );
      }
      yield batch;
    }
  }
}
