import { crc32 } from "node:zlib";
import { CLAIM, CRC_FROM, END, getU64, MARKER, PACKED, putU64, RECORD_HEAD } from "./format.ts";
import { pack, spanOf } from "./pack.ts";
import { type Position, position } from "./position.ts";
import { inBatches, type SegmentCipher } from "./segment_cipher.ts";

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
  #count = 0;
  #first = position(0);
  #last = position(0);
  readonly #overhead: number;
  readonly #pack: boolean;

  /** @param overhead bytes that encryption will add to each body @param pack whether its records become one */
  constructor(overhead = 0, pack = false) {
    this.#overhead = overhead;
    this.#pack = pack;
  }

  /** The first position in it. */
  get first(): Position {
    return this.#first;
  }

  /** The last position in it. */
  get last(): Position {
    return this.#last;
  }

  /** Bytes on disk, with the marker; at most, where it is packed. */
  get size(): number {
    return this.#used + this.#count * this.#overhead;
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
    putHead(view, start, body.length, at, flags);
    this.#bytes.set(body, start + RECORD_HEAD);
    if (start === RECORD_HEAD) this.#first = at;
    this.#last = flags === PACKED ? position(at + spanOf(body) - 1) : at;
    this.#count++;
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
    const bytes = this.#packed() ?? this.#bytes.subarray(0, this.#used);
    const view = new DataView(bytes.buffer);
    bytes.set(marker(seed, durable));
    for (let at = RECORD_HEAD; at < bytes.length;) {
      const end = at + RECORD_HEAD + view.getUint32(at, true);
      view.setUint32(at + 4, crc32(bytes.subarray(at + CRC_FROM, end), seed), true);
      at = end;
    }
    return bytes;
  }

  /** The records as one behind the place of the marker, where that is asked for and worth it. */
  #packed(): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#pack || this.#count < 2) return undefined;
    const body = pack(this.#bytes.subarray(RECORD_HEAD, this.#used), this.#last - this.#first + 1);
    if (body === undefined) return undefined;
    const bytes = new Uint8Array(2 * RECORD_HEAD + body.length);
    putHead(new DataView(bytes.buffer), RECORD_HEAD, body.length, this.#first, PACKED);
    bytes.set(body, 2 * RECORD_HEAD);
    return bytes;
  }

  /**
   * The same, with encrypted bodies, in bytes of its own: the plain ones stay, since they may have to go to
   * another file, whose key is another.
   */
  async seal(cipher: SegmentCipher, seed: number, durable: Position): Promise<Uint8Array> {
    const plain = this.#packed() ?? this.#bytes.subarray(0, this.#used);
    const view = new DataView(plain.buffer);
    const starts: number[] = [];
    for (let at = RECORD_HEAD; at < plain.length; at += RECORD_HEAD + view.getUint32(at, true)) {
      starts.push(at);
    }
    const bodies = await inBatches(starts.length, (i) => {
      const at = starts[i] ?? 0;
      const body = plain.subarray(at + RECORD_HEAD, at + RECORD_HEAD + view.getUint32(at, true));
      return cipher.seal(getU64(view, at + 8), view.getUint8(at + 16), body);
    });
    const sealed = bodies.reduce((sum, body) => sum + RECORD_HEAD + body.length, RECORD_HEAD);
    const bytes = new Uint8Array(sealed);
    const out = new DataView(bytes.buffer);
    bytes.set(marker(seed, durable));
    let to = RECORD_HEAD;
    for (const [i, body] of bodies.entries()) {
      const at = starts[i] ?? 0;
      const end = to + RECORD_HEAD + body.length;
      bytes.set(plain.subarray(at + CRC_FROM, at + RECORD_HEAD), to + CRC_FROM);
      bytes.set(body, to + RECORD_HEAD);
      out.setUint32(to, body.length, true);
      out.setUint32(to + 4, crc32(bytes.subarray(to + CRC_FROM, end), seed), true);
      to = end;
    }
    return bytes;
  }

  /** Empties it for the next use. */
  clear(): void {
    this.#used = RECORD_HEAD;
    this.#count = 0;
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** A record's head, its crc still zero. */
function putHead(view: DataView, start: number, length: number, at: number, flags: number): void {
  view.setUint32(start, length, true);
  view.setUint32(start + 4, 0, true);
  putU64(view, start + 8, at);
  view.setUint8(start + 16, flags);
}

/**
 * The record that says "all positions up to this one are durable".
 *
 * @param end in a recycled segment: the offset at which the group that it heads ends
 */
export function marker(seed: number, durable: Position, end?: number): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEAD + (end === undefined ? 0 : CLAIM));
  const view = new DataView(bytes.buffer);
  putHead(view, 0, bytes.length - RECORD_HEAD, durable, MARKER);
  if (end !== undefined) putU64(view, RECORD_HEAD, end);
  view.setUint32(4, crc32(bytes.subarray(CRC_FROM), seed), true);
  return bytes;
}

/** The record that says "nothing behind me counts", for the offset `at` of its file and no other. */
export function endRecord(seed: number, at: number): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEAD);
  const view = new DataView(bytes.buffer);
  putHead(view, 0, 0, at, END);
  view.setUint32(4, crc32(bytes.subarray(CRC_FROM), seed), true);
  return bytes;
}
