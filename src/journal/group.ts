import { crc32 } from "node:zlib";
import { CRC_FROM, MARKER, putU64, RECORD_HEAD } from "./format.ts";
import { type Position, position } from "./position.ts";

const INITIAL = 64 * 1024;

/**
 * Records that go down together, encoded back to back behind the place of the marker that heads them.
 * Only `finish` computes the crcs, since only then the salt of the file they go to is known; a group that could
 * not be written is finished again for another file.
 */
export class Group {
  #bytes = new Uint8Array(INITIAL);
  #view = new DataView(this.#bytes.buffer);
  #used = RECORD_HEAD;
  #first = position(0);
  #last = position(0);

  /** The first position in it. */
  get first(): Position {
    return this.#first;
  }

  /** The last position in it. */
  get last(): Position {
    return this.#last;
  }

  /** Bytes on disk, with the marker. */
  get size(): number {
    return this.#used;
  }

  /** Bytes of memory it holds. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Whether it holds no record. */
  get empty(): boolean {
    return this.#used === RECORD_HEAD;
  }

  /** Copies a record in. */
  add(at: Position, flags: number, body: Uint8Array): void {
    const start = this.#used;
    const end = start + RECORD_HEAD + body.length;
    if (end > this.#bytes.length) this.#grow(end);
    const view = this.#view;
    view.setUint32(start, body.length, true);
    putU64(view, start + 8, at);
    view.setUint8(start + 16, flags);
    this.#bytes.set(body, start + RECORD_HEAD);
    if (start === RECORD_HEAD) this.#first = at;
    this.#last = at;
    this.#used = end;
  }

  /**
   * Fills in the crcs and the marker.
   *
   * @param seed the crc of the file's salt
   * @param durable every position up to it is durable
   * @returns the bytes to write, which rest until the next `add`, `finish` or `clear`
   */
  finish(seed: number, durable: Position): Uint8Array {
    const bytes = this.#bytes;
    const view = this.#view;
    bytes.set(marker(seed, durable));
    for (let at = RECORD_HEAD; at < this.#used;) {
      const end = at + RECORD_HEAD + view.getUint32(at, true);
      view.setUint32(at + 4, crc32(bytes.subarray(at + CRC_FROM, end), seed), true);
      at = end;
    }
    return bytes.subarray(0, this.#used);
  }

  /** Empties it for the next use. */
  clear(): void {
    this.#used = RECORD_HEAD;
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** The record that says "all positions up to this one are durable". */
export function marker(seed: number, durable: Position): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEAD);
  const view = new DataView(bytes.buffer);
  putU64(view, 8, durable);
  view.setUint8(16, MARKER);
  view.setUint32(4, crc32(bytes.subarray(CRC_FROM), seed), true);
  return bytes;
}
