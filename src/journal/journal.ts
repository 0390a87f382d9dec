import { type Cursor, SegmentCursor } from "./cursor.ts";
import { MARKER, MAX_BODY } from "./format.ts";
import type { JournalOptions, RecoveryReport, SegmentInfo } from "./options.ts";
import { type Entry, type Position, position } from "./position.ts";
import { recover, type Recovered } from "./recovery.ts";
import { cutSegments, type Retained, type Trimmed, trimSegments } from "./retention.ts";
import type { SegmentList } from "./segments.ts";
import { keepAside } from "./set_aside.ts";
import { JournalError, type JournalEvent, type JournalTrouble } from "./trouble.ts";
import { Writer } from "./writer.ts";

export type { Trimmed } from "./retention.ts";

/**
 * An append-only journal in a folder of segments. One process, one instance (see `FolderLock`).
 * SPEC.md states its rules, FORMAT.md its bytes.
 */
export class Journal {
  /** What recovery found when it was opened. */
  readonly recovery: RecoveryReport;
  readonly #options: JournalOptions;
  readonly #segments: SegmentList;
  readonly #writer: Writer;
  readonly #listeners: ((upTo: Position) => void)[] = [];

  private constructor(options: JournalOptions, { segments, nextNumber, report }: Recovered) {
    this.recovery = report;
    this.#options = options;
    this.#segments = segments;
    this.#writer = new Writer(options, segments, { last: report.last, number: nextNumber }, {
      durable: (upTo) => this.#durable(upTo),
      event: (event) => this.#tell(event),
    });
  }

  /**
   * Recovers what is in the folder and opens it. Reads from the segment on that holds `from`; what lies before
   * is taken as its successors describe it. Positions below `from` are never given out again. What survives is
   * fdatasync'd before this returns.
   *
   * @param from default: everything is read
   * @throws JournalError `future_version`, `no_key` or `unreadable`
   */
  static async open(options: JournalOptions, from: Position = position(0)): Promise<Journal> {
    return new Journal(options, await recover(options, from));
  }

  /** The first position that can still be read, or `last + 1` where there is none. */
  get first(): Position {
    return this.#segments.oldest?.first ?? position(this.last + 1);
  }

  /** The last position given out; 0 before the first. */
  get last(): Position {
    return this.#writer.last;
  }

  /** Everything up to here is in a file. */
  get written(): Position {
    return this.#writer.written;
  }

  /** Everything up to here survives a power cut (with `interval`: is in a file). */
  get durable(): Position {
    return this.#writer.durable;
  }

  /** Bytes appended and not yet durable, all of them in memory. */
  get pendingBytes(): number {
    return this.#writer.pendingBytes;
  }

  /** Why nothing can be written now; `undefined` while all is well. */
  get trouble(): JournalTrouble | undefined {
    return this.#writer.trouble;
  }

  /** The segments on disk, oldest first. */
  get segments(): readonly SegmentInfo[] {
    return this.#segments.all.map(({ name, first, last, bytes, createdAt, key }) => ({
      name,
      first,
      last,
      bytes,
      createdAt,
      key,
    }));
  }

  /** Bytes on disk, without what was set aside. */
  get bytes(): number {
    return this.#segments.bytes;
  }

  /**
   * Copies a record into the group being collected. Synchronous and cheap; it is durable when `onDurable` says so.
   *
   * @param flags the caller's own, 0 to 127
   * @param body at most 64 MiB
   * @param at its position, higher than `last`; default `last + 1`
   * @throws JournalError `bad_append`, `closed`, or `fatal` where fsync failed twice
   */
  append(flags: number, body: Uint8Array, at?: Position): Position {
    const last = this.#writer.last;
    const chosen = at ?? position(last + 1);
    if (chosen <= last || flags < 0 || flags >= MARKER || body.length > MAX_BODY) {
      throw badAppend(chosen, last, flags, body);
    }
    this.#writer.append(chosen, flags, body);
    return chosen;
  }

  /** Calls `listener` after each group, in order, with the position up to which all is durable. It must not throw. */
  onDurable(listener: (upTo: Position) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when everything appended so far is in a file. @throws JournalError `trouble` or `fatal` */
  write(): Promise<void> {
    return this.#writer.write();
  }

  /** Resolves when everything appended so far is fdatasync'd. @throws JournalError `trouble` or `fatal` */
  sync(): Promise<void> {
    return this.#writer.sync();
  }

  /** Tries a group again that could not be written, now that there may be space. */
  retryNow(): void {
    this.#writer.retryNow();
  }

  /** Leaves a group that could not be written alone for so many ms: what space there is, is for somebody else. */
  postpone(ms: number): void {
    this.#writer.postpone(ms);
  }

  /** Reads from `from` on. With `sync: "group"` it sees what is durable, with `"manual"` what is written. */
  read(from: Position): Cursor {
    return new SegmentCursor({
      files: this.#options.files,
      folder: this.#options.folder,
      segments: this.#segments,
      keys: this.#options.keys,
      damaged: async (segment, damage) => {
        const { files, folder } = this.#options;
        this.#tell({ kind: "corrupt", damage });
        await keepAside(files, folder, segment, (event) => this.#tell(event));
      },
    }, from);
  }

  /** The record at `at`, or `undefined` where it is not there (yet, any more, or not readable). */
  async readOne(at: Position): Promise<Entry | undefined> {
    const cursor = this.read(at);
    try {
      const [entry] = await cursor.next(1);
      return entry?.position === at ? entry : undefined;
    } finally {
      cursor.close();
    }
  }

  /**
   * Forgets every record after `last`, which is `last` from now on; new records go into a new segment.
   * Cursors opened before must not be used any more.
   *
   * @throws JournalError `trouble` where something is appended and not yet written, else what the disk said
   * @throws TypeError for a journal with `pack`, whose records are not to be parted
   */
  async cutAfter(last: Position): Promise<void> {
    if (this.#options.pack === true) throw new TypeError("A packed journal cannot be cut");
    await this.#writer.sync();
    await this.#writer.rest();
    this.#writer.restart(last);
    await cutSegments(this.#retained, last);
  }

  /**
   * Takes the segments away of which every position is below `before`, never the newest: unlinked, or moved to
   * the folder `archiveTo` on the same volume. Then a stuck group is tried again.
   */
  async trim(before: Position, options: { readonly archiveTo?: string } = {}): Promise<Trimmed> {
    const trimmed = await trimSegments(this.#retained, before, options.archiveTo);
    this.#writer.retryNow();
    return trimmed;
  }

  /** Gives the space of a file up that is kept for the next segment. */
  async freeSpare(): Promise<void> {
    await this.#segments.spare?.free();
  }

  /** Makes everything durable and closes the files; rejects where that fails, closed all the same. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  get #retained(): Retained {
    const { files, folder } = this.#options;
    return {
      files,
      folder,
      segments: this.#segments,
      recycle: this.trouble === undefined,
      tell: (event) => this.#tell(event),
    };
  }

  #durable(upTo: Position): void {
    for (const listener of this.#listeners) listener(upTo);
  }

  #tell(event: JournalEvent): void {
    this.#options.onEvent?.(event);
  }
}

function badAppend(at: Position, last: Position, flags: number, body: Uint8Array): JournalError {
  return new JournalError(
    "bad_append",
    `Record "${at}" with flags "${flags}" and ${body.length} bytes was refused; allowed are a position above ` +
      `${last}, flags from 0 to ${MARKER - 1} and at most ${MAX_BODY} bytes`,
  );
}
