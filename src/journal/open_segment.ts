import type { FilePort, OpenFile } from "./file_port.ts";
import { CLAIM, encodeHead, RECORD_HEAD, SEGMENT_HEAD, type SegmentHead } from "./format.ts";
import { endRecord, type Group, marker } from "./group.ts";
import { cipherOf, type KeyRing } from "./key_ring.ts";
import { type Position, position } from "./position.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import { type Segment, segmentOf } from "./segments.ts";
import type { Spare } from "./spare.ts";
import { writeAll } from "./write_all.ts";

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

  private constructor(file: OpenFile, segment: Segment, cipher: SegmentCipher | undefined, bytes: number) {
    this.#file = file;
    this.#cipher = cipher;
    this.segment = segment;
    segment.end = segment.readable = SEGMENT_HEAD;
    segment.bytes = bytes;
    this.#synced = { end: SEGMENT_HEAD, last: segment.last };
    this.#marked = position(0);
  }

  /**
   * Makes the file, of `spare` if there is one, and writes its head. It counts only once the caller has fsync'd the
   * folder. Where that fails, no file is left behind if it can be helped.
   *
   * @param how `name`: the file's; default: the segment's own
   */
  static async create(
    files: FilePort,
    folder: string,
    head: SegmentHead,
    how: { readonly keys: KeyRing | undefined; readonly name?: string; readonly spare?: Spare | undefined },
  ): Promise<OpenSegment> {
    const { keys, name, spare } = how;
    if (spare !== undefined) {
      const recycled = segmentOf({ ...head, recycled: true });
      const cipher = await cipherOf(keys, recycled);
      const taken = await spare.become({ ...head, recycled: true }, recycled.seed);
      if (taken !== undefined) return new OpenSegment(taken.file, recycled, cipher, taken.bytes);
    }
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
    return new OpenSegment(file, segment, cipher, SEGMENT_HEAD);
  }

  /** Whether it holds any record. */
  get empty(): boolean {
    return this.segment.last < this.segment.first;
  }

  /** Bytes that it would have, with so many more of a group. In a recycled one the end has its place, so that it need not grow. */
  sizeWith(group: number): number {
    const { end, recycled } = this.segment;
    return end + group + (recycled ? 2 * (CLAIM + RECORD_HEAD) + RECORD_HEAD : 0);
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
    const at = this.segment.end;
    await this.#put(bytes, durable);
    this.segment.index.note(group.first, at);
    this.segment.last = group.last;
    this.#marked = durable;
  }

  /** Notes behind the last group that everything is durable, once. Not synced: it only sharpens recovery's view. */
  async mark(durable: Position): Promise<boolean> {
    if (this.#marked >= durable || this.empty) return false;
    await this.#put(marker(this.segment.seed, durable), durable);
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

  /** Writes a marker and what follows it. */
  async #put(bytes: Uint8Array, durable: Position): Promise<void> {
    const { segment } = this;
    const { end, recycled } = segment;
    const framed = recycled ? this.#framed(bytes, durable) : bytes;
    try {
      await writeAll(this.#file, framed, recycled ? end : undefined);
    } catch (error) {
      try {
        await this.#file.truncate(end);
        segment.bytes = end;
      } catch {
        this.broken = true;
      }
      throw error;
    }
    segment.bytes = Math.max(segment.bytes, end + framed.length);
    segment.end = end + framed.length - (recycled ? RECORD_HEAD : 0);
  }

  /** In a recycled segment the marker says where its group ends, and there an end record follows (J24). */
  #framed(bytes: Uint8Array, durable: Position): Uint8Array {
    const { seed, end } = this.segment;
    const framed = new Uint8Array(bytes.length + CLAIM + RECORD_HEAD);
    const behind = end + bytes.length + CLAIM;
    framed.set(marker(seed, durable, behind));
    framed.set(bytes.subarray(RECORD_HEAD), RECORD_HEAD + CLAIM);
    framed.set(endRecord(seed, behind), framed.length - RECORD_HEAD);
    return framed;
  }
}
