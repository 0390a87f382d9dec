import type { FilePort, OpenFile } from "./file_port.ts";
import { encodeHead, SEGMENT_HEAD, type SegmentHead } from "./format.ts";
import { type Group, marker } from "./group.ts";
import { cipherOf, type KeyRing } from "./key_ring.ts";
import { type Position, position } from "./position.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import { type Segment, segmentOf } from "./segments.ts";
import { ShortWrite } from "./trouble.ts";

/** The one segment that is being written. */
export class OpenSegment {
  /** What the journal knows of it. */
  readonly segment: Segment;
  /** It could not be cut back after a failed write: nothing may be written behind that. */
  broken = false;
  /** End of what a completed fdatasync covers, and the last position there. */
  #synced: { end: number; last: Position };
  #marked: Position;
  readonly #file: OpenFile;
  readonly #cipher: SegmentCipher | undefined;

  private constructor(file: OpenFile, segment: Segment, cipher: SegmentCipher | undefined) {
    this.#file = file;
    this.#cipher = cipher;
    this.segment = segment;
    this.#synced = { end: SEGMENT_HEAD, last: segment.last };
    this.#marked = position(0);
  }

  /**
   * Makes the file and writes its head. It counts only once the caller has fsync'd the folder.
   * Where that fails, no file is left behind if it can be helped.
   *
   * @param name the file's; default: the segment's own
   */
  static async create(
    files: FilePort,
    folder: string,
    head: SegmentHead,
    keys: KeyRing | undefined,
    name?: string,
  ): Promise<OpenSegment> {
    const segment = segmentOf(head);
    const cipher = await cipherOf(keys, segment);
    const path = `${folder}/${name ?? segment.name}`;
    const file = await files.open(path, "create");
    try {
      await writeAll(file, encodeHead(head));
    } catch (error) {
      file.close();
      await files.remove(path).catch(() => {});
      throw error;
    }
    segment.end = segment.bytes = segment.readable = SEGMENT_HEAD;
    return new OpenSegment(file, segment, cipher);
  }

  /** Whether it holds any record. */
  get empty(): boolean {
    return this.segment.last < this.segment.first;
  }

  /** Whether it holds bytes that no fdatasync covers. */
  get dirty(): boolean {
    return this.segment.end > this.#synced.end;
  }

  /** Writes a whole group or, throwing, leaves the file as it was. */
  async write(group: Group, durable: Position): Promise<void> {
    const { seed } = this.segment;
    const bytes = this.#cipher === undefined
      ? group.finish(seed, durable)
      : await group.seal(this.#cipher, seed, durable);
    await this.#put(bytes);
    this.segment.index.note(group.first, this.segment.end);
    this.segment.last = group.last;
    this.#grown(bytes.length);
    this.#marked = durable;
  }

  /** Notes behind the last group that everything is durable, once. Not synced: it only sharpens recovery's view. */
  async mark(durable: Position): Promise<boolean> {
    if (this.#marked >= durable || this.empty) return false;
    const bytes = marker(this.segment.seed, durable);
    await this.#put(bytes);
    this.#grown(bytes.length);
    this.#marked = durable;
    return true;
  }

  /** fdatasync. */
  async sync(): Promise<void> {
    const { end, last } = this.segment;
    await this.#file.syncData();
    this.#synced = { end, last };
  }

  /** Lets readers see everything written. */
  publish(): void {
    this.segment.readable = this.segment.end;
  }

  /** After a failed fsync: what it did not cover does not count here any more. */
  fallBack(): void {
    const { end, last } = this.#synced;
    this.segment.end = this.segment.readable = end;
    this.segment.last = last;
    this.segment.index.cut(end);
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #grown(bytes: number): void {
    this.segment.end += bytes;
    this.segment.bytes = this.segment.end;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, bytes);
    } catch (error) {
      try {
        await this.#file.truncate(this.segment.end);
      } catch {
        this.broken = true;
      }
      throw error;
    }
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let taken = 0;
  while (taken < bytes.length) {
    const more = await file.write(taken === 0 ? bytes : bytes.subarray(taken));
    if (more <= 0) throw new ShortWrite(taken, bytes.length);
    taken += more;
  }
}
