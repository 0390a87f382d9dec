import type { Clock, Timer } from "../clock.ts";
import type { FilePort } from "../journal/mod.ts";
import type { Observer } from "../observe/mod.ts";
import type { Core } from "./core.ts";
import { HistorySpace } from "./history_space.ts";
import { historyBytes } from "./make_history.ts";

/** From this part of the cap on something is given up, so that the cap itself is never reached. */
const FULL = 0.9;
/** The quarantine's part of the cap. */
const QUARANTINE = 0.05;
/** Pause between two looks, ms. */
const LOOK = 1_000;

/** Pause after a look that a full buffer has caused, ms. */
const QUIET = 100;

/** How long the inbox leaves a full disk to a checkpoint, ms; it goes on as soon as that is taken. */
const CHECKPOINT_FIRST = 10_000;

/** How much the journals take of the disk. */
export interface DiskUse {
  /** Bytes in use, the archive among them. */
  readonly used: number;
  /** Bytes allowed: `buffer.max_bytes`. */
  readonly max: number;
  /** Bytes of the raw archive. */
  readonly archive: number;
}

/**
 * Keeps the data folder within `buffer.max_bytes` and `max_age`. Order of sacrifice: raw archive, local history,
 * quarantine beyond its quota, outbox oldest first; the inbox never. An eviction is counted in a checkpoint before anything is
 * unlinked.
 */
export class Housekeeping {
  readonly #core: Core;
  readonly #files: FilePort;
  readonly #clock: Clock;
  readonly #observer: Observer;
  readonly #history: HistorySpace;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #archiveBytes = 0;
  #ended = false;
  #blocked = false;
  /** Lowest waiting block when delivered ones were last trimmed. */
  #lowAtTrim = -1;
  /** Until when a full buffer gives no reason for a further look, monotonic, ms. */
  #quietUntil = 0;
  /** How late the timer of the last look came, ms. */
  loopDelay = 0;

  /** Looks at nothing before `start`. */
  constructor(core: Core, files: FilePort, clock: Clock, observer: Observer) {
    this.#core = core;
    this.#files = files;
    this.#clock = clock;
    this.#observer = observer;
    this.#history = new HistorySpace(core.history, historyBytes(core.config));
  }

  /** What is in use now. */
  get use(): DiskUse {
    const { inbox, outbox, quarantine, audit, folder, config, history } = this.#core;
    const kept = inbox.bytes + folder.inboxJournal.pendingBytes + outbox.diskBytes + outbox.memoryBytes +
      quarantine.bytes + audit.bytes + (history?.bytes ?? 0);
    return {
      // Two generations, and the one that is being written.
      used: kept + 3 * folder.store.lastBytes + folder.ballast.bytes + this.#archiveBytes,
      max: config.buffer.maxBytes,
      archive: this.#archiveBytes,
    };
  }

  /** Whether intake is blocked because the buffer is full. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Begins to look once a second, and whenever a group of the inbox fills the buffer. */
  start(each: () => void): void {
    this.#core.inbox.onDurable(() => this.#pressed());
    const again = (): void => {
      if (this.#ended) return;
      const due = this.#clock.monotonic() + LOOK;
      this.#timer = this.#clock.after(LOOK, () => {
        this.loopDelay = Math.max(0, this.#clock.monotonic() - due);
        each();
        void this.#lookNow().finally(again);
      });
    };
    again();
  }

  /** Ends after the look under way. */
  async stop(): Promise<void> {
    this.#ended = true;
    this.#timer?.cancel();
    await this.#running;
  }

  /** A second is long at full rate: what comes in must not outrun what is given up. */
  #pressed(): void {
    const { used, max } = this.use;
    if (used <= FULL * max || this.#ended) return;
    if (this.#core.config.buffer.whenFull === "block") return this.#block(true);
    // What the last look could not give up, the next one cannot at once.
    if (used <= max && this.#clock.monotonic() < this.#quietUntil) return;
    this.#core.inbox.hold(true);
    void this.#lookNow();
  }

  /** One look at a time. */
  #lookNow(): Promise<void> {
    return this.#running ??= this.#look().catch((error) => {
      const words = error instanceof Error ? error.message : String(error);
      this.#observer.event("housekeeping_failed", "error", { words });
    }).finally(() => {
      this.#running = undefined;
      this.#quietUntil = this.#clock.monotonic() + QUIET;
      if (this.use.used <= this.use.max) this.#core.inbox.hold(false);
    });
  }

  async #look(): Promise<void> {
    const { buffer } = this.#core.config;
    await this.#trimArchive(Infinity);
    const high = FULL * buffer.maxBytes;
    if (this.use.used > high) await this.#core.folder.inboxJournal.freeSpare();
    if (this.use.used > high && this.#archiveBytes > 0) await this.#trimArchive(this.use.used - high);
    await this.#history.fit(high - this.use.used);
    await this.#trimQuarantine(QUARANTINE * buffer.maxBytes);
    await this.#core.quarantine.trimErased();
    if (buffer.whenFull === "block") await this.#blockOrFree(high);
    else if (this.use.used > high) await this.#evict(this.use.used - high, "size");
    await this.#evictOld(this.#clock.wall() - buffer.maxAge);
    await this.#makeSpace();
  }

  /**
   * When the disk is full, trimming needs a checkpoint, which needs space: the ballast gives it, and the inbox must not
   * be faster. Two checkpoints, since the first only makes the present one the older generation.
   */
  async #makeSpace(): Promise<void> {
    const { folder, driver } = this.#core;
    const { inboxJournal, outboxJournal, quarantineJournal, ballast, store } = folder;
    const journals = [inboxJournal, outboxJournal, quarantineJournal];
    if (journals.every(({ trouble }) => trouble === undefined) && !driver.checkpointFails) {
      await ballast.grow(2 * store.lastBytes);
      if (!ballast.held) await ballast.refill();
      return;
    }
    inboxJournal.postpone(CHECKPOINT_FIRST);
    await inboxJournal.freeSpare();
    await ballast.release();
    // A checkpoint leaves them synced.
    for (const journal of [outboxJournal, quarantineJournal]) journal.retryNow();
    await driver.checkpoint();
    await driver.checkpoint();
    for (const journal of journals) journal.retryNow();
    this.#core.inbox.writableAgain();
  }

  /** What was delivered is still on disk until two checkpoints no longer need it, and nothing else brings them on. */
  async #blockOrFree(high: number): Promise<void> {
    const { outbox, driver } = this.#core;
    if (this.use.used > high && outbox.low !== this.#lowAtTrim) {
      this.#lowAtTrim = outbox.low;
      await driver.checkpoint();
      await driver.checkpoint();
    }
    this.#block(this.use.used > high);
  }

  #block(full: boolean): void {
    if (full === this.#blocked) return;
    this.#blocked = full;
    this.#core.inbox.block("buffer_full", full);
    this.#observer.event(full ? "buffer_full" : "buffer_has_room", full ? "error" : "info", {});
  }

  /** Gives up the oldest waiting blocks, a whole segment at a time, until `bytes` are free or nothing is left. */
  async #evict(bytes: number, why: "size" | "age"): Promise<void> {
    const { outbox, driver, folder } = this.#core;
    let freed = 0;
    let before = 0;
    const last = folder.outboxJournal.segments.length - 1;
    for (const segment of folder.outboxJournal.segments.slice(0, last)) {
      if (freed >= bytes) break;
      freed += segment.bytes;
      before = segment.last + 1;
    }
    const lost = outbox.counts.total.evicted.points;
    if (before > outbox.low) await outbox.evictBelow(before);
    const points = outbox.counts.total.evicted.points - lost;
    // One checkpoint makes the eviction durable, the next makes it the older generation's: only then it is unlinked.
    await driver.checkpoint();
    await driver.checkpoint();
    if (points > 0) this.#observer.event("outbox_evicted", "error", { points, why });
  }

  async #evictOld(oldest: number): Promise<void> {
    const { segments } = this.#core.folder.outboxJournal;
    let bytes = 0;
    for (const [index, next] of segments.slice(1).entries()) {
      // Whatever a segment holds is older than the birth of the next one.
      if (next.createdAt >= oldest) break;
      bytes += segments[index]?.bytes ?? 0;
    }
    if (bytes > 0 && (segments[0]?.last ?? 0) >= this.#core.outbox.low) await this.#evict(bytes, "age");
  }

  async #trimQuarantine(quota: number): Promise<void> {
    const { quarantine } = this.#core;
    let over = quarantine.bytes - quota;
    let before = 0;
    for (const segment of quarantine.segments.slice(0, -1)) {
      if (over <= 0) break;
      over -= segment.bytes;
      before = segment.last + 1;
    }
    if (before > 0) await quarantine.trim(before);
  }

  /** Forgets archived segments beyond their age, and the oldest beyond it until `bytes` are free. */
  async #trimArchive(bytes: number): Promise<void> {
    const { archive } = this.#core.folder;
    if (archive === undefined) return;
    const byAge = bytes === Infinity;
    const oldest = this.#clock.wall() - this.#core.config.buffer.archive;
    const files = [...await this.#files.list(archive).catch(() => [])].sort((a, b) =>
      a.name < b.name ? -1 : 1
    );
    let freed = 0;
    this.#archiveBytes = 0;
    for (const file of files) {
      const goes = byAge ? file.modifiedAt < oldest : freed < bytes;
      if (goes) {
        await this.#files.remove(`${archive}/${file.name}`);
        freed += file.bytes;
      } else this.#archiveBytes += file.bytes;
    }
  }
}
