import { crc32 } from "node:zlib";
import type { OpenFile } from "./file_port.ts";
import {
  CLAIM,
  CRC_FROM,
  END,
  getU64,
  MARKER,
  MAX_STORED,
  PACK_HEAD,
  PACKED,
  RECORD_HEAD,
} from "./format.ts";
import { type Position, position } from "./position.ts";
import { ReadWindow } from "./read_window.ts";

/** What a step of the scan came upon. `more`: call `load` and step again. `end`: nothing further up to `end`. */
export type ScanStep = "entry" | "marker" | "damage" | "more" | "end";

/** Where a scan begins and what it may believe. */
export interface ScanBounds {
  /** Crc of the file's salt. */
  readonly seed: number;
  /** First byte to look at. */
  readonly start: number;
  /** Stop before this byte. May be raised while the file grows. */
  readonly end: number;
  /** Entries at or below this position are not believed: positions rise. */
  readonly after: Position;
  /** Entries above this position are not believed. */
  readonly upTo: Position;
}

/**
 * Reads records one after another and, where bytes are damaged, looks byte by byte for the next valid one.
 * Synchronous between loads, so that no promise is spent on a record.
 */
export class RecordScan {
  /** Offset of the next byte to look at. */
  offset: number;
  /** Stop before this byte. */
  end: number;
  /** The last believed entry's position; of a packed one the last that it takes. */
  last: Position;
  /** After `entry`: its position; of a packed one the first that it takes. */
  first: Position = position(0);
  /** After `entry`: where the record begins. */
  start = 0;
  /** After `entry`: the caller's flags. */
  flags = 0;
  /** After `marker`: all positions up to it are durable. */
  durable: Position = position(0);
  /** Where the group ends that was seen last, as a marker of a recycled segment says; 0: none did. */
  claimed = 0;
  /** After `end`: an end record says so. */
  ended = false;
  /** After `damage`: where it begins; it goes on to `offset`. */
  damageFrom = -1;

  readonly #window: ReadWindow;
  readonly #seed: number;
  readonly #upTo: Position;
  #bad = -1;
  #needed = 0;

  /** @param file stays the caller's to close */
  constructor(file: OpenFile, bounds: ScanBounds) {
    this.#window = new ReadWindow(file);
    this.offset = bounds.start;
    this.end = bounds.end;
    this.last = bounds.after;
    this.#seed = bounds.seed;
    this.#upTo = bounds.upTo;
  }

  /** After `entry`: the body. */
  get body(): Uint8Array<ArrayBuffer> {
    const window = this.#window;
    return window.bytes.subarray(this.start + RECORD_HEAD - window.base, this.offset - window.base);
  }

  /** After `damage`: the disk refused to read some of it, so it may come back. */
  get unreadable(): boolean {
    return this.#window.unreadable(this.damageFrom, this.offset);
  }

  /** Goes on to the next record or stretch of damage. */
  step(): ScanStep {
    for (;;) {
      const left = this.end - this.offset;
      const size = left < RECORD_HEAD ? 0 : this.#sizeOfRecord(left);
      if (size < 0) return "more";
      if (this.#bad >= 0 && (size > 0 || left <= 0)) {
        this.damageFrom = this.#bad;
        this.#bad = -1;
        return "damage";
      }
      if (size > 0) return this.#take(size);
      if (left <= 0) return "end";
      if (this.#bad < 0) this.#bad = this.offset;
      this.offset = left < RECORD_HEAD ? this.end : this.offset + 1;
    }
  }

  /** Reads on from the file. A file that is shorter than `end` lowers it. */
  async load(): Promise<void> {
    await this.#window.load(this.offset, this.#needed, this.end);
    const have = this.#window.have(this.offset);
    if (have < this.#needed) this.end = this.offset + have;
  }

  /** Size of the valid record at `offset`; 0 where there is none, −1 where more bytes must be loaded to know. */
  #sizeOfRecord(left: number): number {
    const window = this.#window;
    const have = window.have(this.offset);
    if (have < RECORD_HEAD) return this.#need(RECORD_HEAD);
    const at = this.offset - window.base;
    const view = window.view;
    const length = view.getUint32(at, true);
    const size = RECORD_HEAD + length;
    if (size > left || length > MAX_STORED) return 0;
    const flags = view.getUint8(at + 16);
    const number = getU64(view, at + 8);
    if (!this.#possible(flags, number, length)) return 0;
    if (flags === PACKED && length < PACK_HEAD) return 0;
    if (have < size) return this.#need(size);
    const crc = crc32(window.bytes.subarray(at + CRC_FROM, at + size), this.#seed);
    if (crc !== view.getUint32(at + 4, true)) return 0;
    return flags !== PACKED || this.#plausible(this.#lastAt(at, number, flags)) ? size : 0;
  }

  #possible(flags: number, number: number, length: number): boolean {
    if (flags === MARKER) return number >= 0 && (length === 0 || length === CLAIM);
    // Its offset stands in it, so that one within a body, copied from where it stood, ends nothing.
    if (flags === END) return length === 0 && number === this.offset;
    return flags <= PACKED && this.#plausible(number);
  }

  #plausible(number: number): boolean {
    return number > this.last && number <= this.#upTo;
  }

  /** The last position that the record at `at` of the window takes. */
  #lastAt(at: number, number: number, flags: number): number {
    return flags === PACKED ? number + this.#window.view.getUint32(at + RECORD_HEAD, true) - 1 : number;
  }

  #need(bytes: number): -1 {
    this.#needed = bytes;
    return -1;
  }

  #take(size: number): "entry" | "marker" | "end" {
    const at = this.offset - this.#window.base;
    const flags = this.#window.view.getUint8(at + 16);
    const number = position(getU64(this.#window.view, at + 8));
    this.ended = flags === END;
    if (this.ended) return "end";
    this.start = this.offset;
    this.offset += size;
    if (flags === MARKER) {
      this.durable = number;
      if (size > RECORD_HEAD) this.claimed = getU64(this.#window.view, at + RECORD_HEAD);
      return "marker";
    }
    this.first = number;
    this.last = position(this.#lastAt(at, number, flags));
    this.flags = flags;
    return "entry";
  }
}
