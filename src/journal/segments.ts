import { saltCrc, type SegmentHead, segmentName } from "./format.ts";
import type { KeyId } from "./key_id.ts";
import { type Position, position } from "./position.ts";
import type { Spare } from "./spare.ts";

const INDEX_EVERY = 64 * 1024;

/** Where to begin reading: one noted offset per 64 KiB of a segment. */
export class SparseIndex {
  readonly #positions: number[] = [];
  readonly #offsets: number[] = [];

  /** Notes that the records from `offset` on have positions ≥ `at`. Offsets come rising or are ignored. */
  note(at: Position, offset: number): void {
    const newest = this.#offsets.at(-1);
    if (newest !== undefined && offset < newest + INDEX_EVERY) return;
    this.#positions.push(at);
    this.#offsets.push(offset);
  }

  /** The highest noted offset from which `at` can still be found, or `fallback`. */
  find(at: Position, fallback: number): number {
    let [low, high] = [0, this.#positions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#positions[middle] ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? fallback : this.#offsets[low - 1] ?? fallback;
  }

  /** Forgets what lies at `offset` or behind it. */
  cut(offset: number): void {
    while ((this.#offsets.at(-1) ?? -1) >= offset) {
      this.#offsets.pop();
      this.#positions.pop();
    }
  }
}

/** What is known of one segment while the journal is open. */
export interface Segment {
  /** The file's name. */
  readonly name: string;
  /** No position in it is lower. */
  readonly first: Position;
  /** Goes into its crcs and its key. */
  readonly salt: bigint;
  /** The crc of its salt. */
  readonly seed: number;
  /** The key that its bodies are encrypted with; `undefined`: they are not. */
  readonly key: KeyId | undefined;
  /** Packed records may be in it. */
  readonly packed: boolean;
  /** The file was another segment before: bytes of that may follow its end. */
  readonly recycled: boolean;
  /** Its number in this journal. */
  readonly number: number;
  /** Wall clock, ms. */
  readonly createdAt: number;
  /** The last position in it that counts; `first − 1` where there is none. */
  last: Position;
  /** Offset behind the last record that counts. */
  end: number;
  /** Offset up to which readers may go. */
  readable: number;
  /** Size of the file. */
  bytes: number;
  /** Something in it cannot be read. */
  damaged: boolean;
  /** It is already kept under a second name as `*.corrupt`. */
  aside: boolean;
  /** An fsync of it failed: what the disk has of its file is not to be built on. */
  suspect: boolean;
  /** It was trimmed, and its file becomes another segment: what is read from it now may be that one's. */
  gone: boolean;
  /** Where to begin. */
  readonly index: SparseIndex;
}

/** A segment as its head describes it, without records. */
export function segmentOf(head: SegmentHead, name = segmentName(head)): Segment {
  return {
    name,
    first: head.first,
    salt: head.salt,
    seed: saltCrc(head.salt),
    key: head.key,
    packed: head.packed,
    recycled: head.recycled,
    number: head.number,
    createdAt: head.createdAt,
    last: position(Math.max(0, head.first - 1)),
    end: 0,
    readable: 0,
    bytes: 0,
    damaged: false,
    aside: false,
    suspect: false,
    gone: false,
    index: new SparseIndex(),
  };
}

/** The segments of a journal in order, the newest last. */
export class SegmentList {
  /**
   * Names of files that never came to count, or count no more, and that the disk would not let go. They have to go
   * before the segments that took their places: what is left alone behind looks as if its records were lost.
   */
  readonly stillborn: Set<string> = new Set();
  /** A trimmed segment's file that the next one will take; `undefined`: files are not recycled. */
  readonly spare: Spare | undefined;
  readonly #list: Segment[];

  /** @param list in order */
  constructor(list: Segment[] = [], spare?: Spare) {
    this.#list = list;
    this.spare = spare;
  }

  /** All of them. */
  get all(): readonly Segment[] {
    return this.#list;
  }

  /** The first one. */
  get oldest(): Segment | undefined {
    return this.#list[0];
  }

  /** The last one. */
  get newest(): Segment | undefined {
    return this.#list.at(-1);
  }

  /** Bytes on disk. */
  get bytes(): number {
    let sum = this.spare?.bytes ?? 0;
    for (const segment of this.#list) sum += segment.bytes;
    return sum;
  }

  /** The highest position of a record, 0 where there is none. */
  get lastEntry(): Position {
    return this.#list.findLast((segment) => segment.last >= segment.first)?.last ?? position(0);
  }

  /** The segment that holds `at` if any does: the last that begins at or below it, else the first. */
  holding(at: Position): Segment | undefined {
    let [low, high] = [0, this.#list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#list[middle]?.first ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return this.#list[Math.max(0, low - 1)];
  }

  /** The segment that follows. */
  after(segment: Segment): Segment | undefined {
    return this.#list.find((other) => other.number > segment.number);
  }

  /** Adds a newer one. */
  push(segment: Segment): void {
    this.#list.push(segment);
  }

  /** Takes one out. */
  drop(segment: Segment): void {
    const at = this.#list.indexOf(segment);
    if (at >= 0) this.#list.splice(at, 1);
  }
}
