import { segmentName } from "./format.ts";
import type { GroupQueue } from "./group_queue.ts";
import { OpenSegment } from "./open_segment.ts";
import type { JournalOptions } from "./options.ts";
import type { Position } from "./position.ts";
import type { SegmentList } from "./segments.ts";
import { type JournalEvent, wordsOf } from "./trouble.ts";

/** What became of an fsync. `failed`: everything unsynced waits to be written again; `dead`: it was the second in a row. */
export type SyncOutcome = "synced" | "failed" | "dead";

/** The end of the journal on disk: the segment being written, what follows it, and the rules of fsync. */
export class Tail {
  readonly #options: JournalOptions;
  readonly #segments: SegmentList;
  readonly #queue: GroupQueue;
  readonly #tell: (event: JournalEvent) => void;
  /** Readers see what is written, or only what is synced. */
  readonly #readWritten: boolean;
  #number: number;
  #open: OpenSegment | undefined;
  #written: Position;
  #synced: Position;
  #failures = 0;

  /** @param start the last position in use @param number for the next segment */
  constructor(
    options: JournalOptions,
    segments: SegmentList,
    queue: GroupQueue,
    start: { readonly last: Position; readonly number: number },
    tell: (event: JournalEvent) => void,
  ) {
    this.#options = options;
    this.#segments = segments;
    this.#queue = queue;
    this.#number = start.number;
    this.#written = this.#synced = start.last;
    this.#tell = tell;
    this.#readWritten = options.sync === "manual" || options.durability?.mode === "interval";
  }

  /** The last position written. */
  get written(): Position {
    return this.#written;
  }

  /** The last position an fdatasync covers. */
  get synced(): Position {
    return this.#synced;
  }

  /** The system's words for the last failed fsync. */
  failure = "";

  /**
   * Writes the queue's next group, into a new segment where it does not fit.
   *
   * @returns what an fsync on the way came to; `failed`: look at the queue again
   * @throws what the disk said; the group is back in the queue and the file as it was
   */
  async writeNext(): Promise<SyncOutcome> {
    try {
      return await this.#writeNext();
    } catch (error) {
      // Where there is no space, what was kept for later is needed now.
      await this.#segments.spare?.free();
      throw error;
    }
  }

  async #writeNext(): Promise<SyncOutcome> {
    const head = this.#queue.head;
    if (head === undefined) return "synced";
    if (this.#open !== undefined && this.#full(this.#open, head.size)) {
      // A segment is finished only when all of it is durable: its successor's first position says so (J5).
      if (this.#open.dirty) {
        const outcome = await this.sync();
        if (outcome !== "synced") return outcome;
      }
      this.release();
    }
    const open = this.#open ?? await this.#openNext(head.first);
    if (typeof open === "string") return open;
    const group = this.#queue.take();
    if (group === undefined) return "synced";
    try {
      await open.write(group, this.#synced);
    } catch (error) {
      this.#queue.putBack(group);
      throw error;
    }
    this.#queue.written(group);
    this.#written = group.last;
    if (this.#readWritten) open.publish();
    return "synced";
  }

  /** fdatasync of everything written. */
  async sync(): Promise<SyncOutcome> {
    const open = this.#open;
    if (open === undefined) return "synced";
    try {
      await open.sync();
    } catch (error) {
      return this.#syncFailed(open, error);
    }
    this.#failures = 0;
    this.#synced = this.#written;
    this.#queue.synced();
    open.publish();
    return "synced";
  }

  /** Writes behind the last group that it is durable, where that is not yet said. */
  async mark(): Promise<void> {
    if (this.#open === undefined || this.#open.broken || this.#written !== this.#synced) return;
    try {
      await this.#open.mark(this.#synced);
    } catch {
      // It only sharpens recovery's view of damage. If the disk refuses, the next group finds out.
    }
  }

  /** Closes the file; the next group opens a new segment. */
  release(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  /** Goes on behind `last`, in a new segment. */
  restart(last: Position): void {
    // All records are synced; a marker behind them may not be, and a seal must not vouch for it.
    this.#open?.fallBack();
    this.release();
    this.#written = this.#synced = last;
  }

  #full(open: OpenSegment, more: number): boolean {
    return open.broken || !open.empty && open.sizeWith(more) > this.#options.segmentBytes;
  }

  async #openNext(first: Position): Promise<OpenSegment | SyncOutcome> {
    const { files, folder, salt, wall, keys, pack = false } = this.#options;
    const seal = { last: this.#segments.lastEntry, offset: this.#segments.newest?.end ?? 0 };
    const createdAt = Math.max(0, Math.trunc(wall()));
    const key = keys?.current;
    const fresh = { salt: BigInt.asUintN(64, salt()), number: this.#number };
    const head = { first, createdAt, ...fresh, seal, key, packed: pack, recycled: false };
    const name = segmentName(head);
    const open = await OpenSegment.create(files, folder, head, { keys, spare: this.#segments.spare }).catch(
      (error) => {
        this.#segments.stillborn.add(name);
        throw error;
      },
    );
    // Nothing in a segment that begins at the same position counts: its group failed, or a crash came first.
    const replaced = this.#segments.all.filter((segment) => segment.first >= first);
    try {
      for (const { name: old } of replaced) await files.remove(`${folder}/${old}`);
      await files.syncFolder(folder);
    } catch (error) {
      const outcome = this.#syncFailed(open, error);
      await files.remove(`${folder}/${name}`).catch(() => this.#segments.stillborn.add(name));
      return outcome;
    }
    for (const segment of replaced) this.#segments.drop(segment);
    this.#number++;
    this.#segments.push(open.segment);
    this.#open = open;
    this.#tell({ kind: "segment_opened", segment: name, first });
    return open;
  }

  /** What the file holds unsynced is lost to it: a second fsync would succeed and prove nothing (J8). */
  #syncFailed(open: OpenSegment, error: unknown): SyncOutcome {
    this.#failures++;
    this.failure = wordsOf(error);
    this.#tell({ kind: "sync_failed", segment: open.segment.name, detail: this.failure });
    open.segment.suspect = true;
    open.fallBack();
    open.close();
    if (this.#open === open) this.#open = undefined;
    this.#queue.rewind();
    this.#written = this.#synced;
    return this.#failures > 1 ? "dead" : "failed";
  }
}
