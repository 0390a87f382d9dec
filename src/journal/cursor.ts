import type { FilePort, OpenFile } from "./file_port.ts";
import { PACKED, SEGMENT_HEAD } from "./format.ts";
import { cipherOf, type KeyRing } from "./key_ring.ts";
import { sizeOf } from "./pack.ts";
import { type Entry, type Position, position } from "./position.ts";
import { RecordScan } from "./record_scan.ts";
import { corrupt, type Stretch } from "./scan_segment.ts";
import { noteStored, openRuns, type StoredRun } from "./stored_run.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import type { Segment, SegmentList } from "./segments.ts";
import { codeOf, type Damage } from "./trouble.ts";

/** Reads a journal in order, each position once, while it may be written and trimmed. */
export interface Cursor {
  /** The position it will look for next. */
  readonly position: Position;
  /**
   * The next entries, until their bodies reach `maxBytes` (at least one, if there is one). An empty list means:
   * everything that may be read now was read. What is damaged is skipped. One call at a time.
   *
   * @throws what the disk said where a file cannot be read at all
   */
  next(maxBytes: number): Promise<readonly Entry[]>;
  /** Closes its file; to be called also after an error. */
  close(): void;
}

/** What a cursor sees of the journal. */
export interface CursorSource {
  /** The file system. */
  readonly files: FilePort;
  /** The journal's folder. */
  readonly folder: string;
  /** Its segments as they are now. */
  readonly segments: SegmentList;
  /** Keys of an encrypted journal. */
  readonly keys: KeyRing | undefined;
  /** A stretch that recovery did not see could not be read. */
  readonly damaged: (segment: Segment, damage: Damage) => Promise<void>;
}

interface Reading {
  readonly segment: Segment;
  readonly file: OpenFile;
  readonly scan: RecordScan;
  /** `undefined`: the segment is not encrypted. */
  readonly cipher: SegmentCipher | undefined;
  /** Damage that the next entry will delimit. */
  damage: Omit<Stretch, "before"> | undefined;
}

/** A cursor over segments. */
export class SegmentCursor implements Cursor {
  readonly #source: CursorSource;
  #next: Position;
  #reading: Reading | undefined;

  /** @param from the first position to return */
  constructor(source: CursorSource, from: Position) {
    this.#source = source;
    this.#next = from;
  }

  get position(): Position {
    return this.#next;
  }

  async next(maxBytes: number): Promise<readonly Entry[]> {
    for (;;) {
      const wanted = this.#next;
      const runs: StoredRun[] = [];
      const entries = await this.#gather(maxBytes, runs);
      if (runs.length === 0) return entries;
      const opened = await openRuns(entries, runs, this.#source.damaged);
      // A packed record may begin before what is wanted.
      const first = opened.findIndex((entry) => entry.position >= wanted);
      if (first >= 0) return first === 0 ? opened : opened.slice(first);
    }
  }

  close(): void {
    this.#reading?.file.close();
    this.#reading = undefined;
  }

  /** The next records as they are stored; `runs` says which of them are encrypted or packed. */
  async #gather(maxBytes: number, runs: StoredRun[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    let bytes = 0;
    for (;;) {
      const reading = this.#reading ?? await this.#open();
      if (reading === undefined) return entries;
      const { scan } = reading;
      scan.end = reading.segment.readable;
      const step = scan.step();
      if (step === "entry") {
        if (reading.damage !== undefined) await this.#delimit(reading, scan.first);
        reading.segment.index.note(scan.first, scan.start);
        if (scan.last < this.#next) continue;
        const entry: Entry = { position: scan.first, flags: scan.flags, body: scan.body };
        const packed = scan.flags === PACKED;
        if (packed || reading.cipher !== undefined) noteStored(runs, reading, entries.length, scan.start);
        entries.push(entry);
        this.#next = position(scan.last + 1);
        bytes += packed ? sizeOf(entry.body) : entry.body.length;
        if (bytes >= maxBytes) return entries;
      } else if (step === "damage") {
        const [offset, length] = [scan.damageFrom, scan.offset - scan.damageFrom];
        reading.damage ??= { offset, bytes: length, after: scan.last, unreadable: scan.unreadable };
      } else if (step === "more") {
        // What is at hand is handed out before the file is asked again.
        if (entries.length > 0) return entries;
        if (!await this.#load(reading)) await this.#leave(reading);
      } else if (step === "end" && !await this.#leave(reading)) {
        return entries;
      }
    }
  }

  /** @returns `false` where the file became another segment meanwhile: what was read may be that one's */
  async #load(reading: Reading): Promise<boolean> {
    const { scan, segment } = reading;
    const wanted = scan.end;
    await scan.load();
    if (segment.gone) {
      reading.damage = undefined;
      return false;
    }
    // A file that someone cut short ends where it ends; recovery will report what is missing.
    if (scan.end < wanted) segment.readable = scan.end;
    return true;
  }

  /** At the end of a segment: goes on to its successor, or stays where there is none yet. */
  async #leave(reading: Reading): Promise<boolean> {
    const { segments } = this.#source;
    const next = segments.after(reading.segment);
    if (next === undefined) return false;
    if (reading.damage !== undefined) await this.#delimit(reading, next.first);
    if (this.#next < next.first) this.#next = next.first;
    this.close();
    return true;
  }

  async #delimit(reading: Reading, before: Position): Promise<void> {
    const { damage, segment } = reading;
    reading.damage = undefined;
    // What recovery reported is not reported again.
    if (damage === undefined || segment.damaged) return;
    segment.damaged = true;
    await this.#source.damaged(segment, corrupt(segment, { ...damage, before }, before));
  }

  async #open(): Promise<Reading | undefined> {
    const { files, folder, segments, keys } = this.#source;
    for (;;) {
      const segment = segments.holding(this.#next);
      if (segment === undefined || segment.readable <= SEGMENT_HEAD && segments.newest === segment) {
        return undefined;
      }
      const cipher = await cipherOf(keys, segment);
      try {
        const file = await files.open(`${folder}/${segment.name}`, "read");
        this.#reading = { segment, file, scan: this.#scan(segment, file), cipher, damage: undefined };
        return this.#reading;
      } catch (error) {
        // Trimmed between the two lines: look again.
        if (codeOf(error) === "ENOENT" && (segment.gone || !segments.all.includes(segment))) continue;
        throw error;
      }
    }
  }

  #scan(segment: Segment, file: OpenFile): RecordScan {
    const successor = this.#source.segments.after(segment);
    return new RecordScan(file, {
      seed: segment.seed,
      start: segment.index.find(this.#next, SEGMENT_HEAD),
      end: segment.readable,
      after: position(Math.max(0, segment.first - 1)),
      upTo: position(successor === undefined ? Number.MAX_SAFE_INTEGER : successor.first - 1),
    });
  }
}
