import { type Journal, position as asPosition } from "../journal/mod.ts";
import { NumberRanges, type RangesSnapshot, type Refused } from "../model/mod.ts";

/** An entry of the quarantine with its number. */
export interface QuarantineEntry {
  /** Its number, from 1; its id in the API. */
  readonly position: number;
  /** What was refused, and why. */
  readonly refused: Refused;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes read at once when entries are listed. */
const READ_BYTES = 512 * 1024;
/** Bytes that wait unwritten before they are written without being asked for. */
const WRITE_BYTES = 1024 * 1024;

/** Whatever was refused: readable, explainable, replayable. */
export class Quarantine {
  readonly #journal: Journal;
  /** Entries that a person has erased, and all below its lowest. */
  readonly #erased: NumberRanges;
  /** Up to here every entry was erased, and a checkpoint says so. */
  #erasedTo = 0;

  /**
   * Takes a journal that is open; its owner closes it.
   *
   * @param journal a journal with `sync: "manual"`
   * @param erased what `snapshotErased` gave
   */
  constructor(journal: Journal, erased?: RangesSnapshot) {
    this.#journal = journal;
    this.#erased = new NumberRanges(erased);
    this.erasureIsKept();
  }

  /** Entries that can be read. */
  get count(): number {
    const { first, end } = this;
    return Math.max(0, end - first + 1 - this.#erased.count(first, end));
  }

  /** What was erased and may still be on disk, for the checkpoint. */
  snapshotErased(): RangesSnapshot {
    this.#erased.forgetBelow(this.first);
    return this.#erased.snapshot();
  }

  /** Whether so many scattered entries were erased that no more of them can be remembered. */
  get erasureIsFull(): boolean {
    return this.#erased.full;
  }

  /** Number of the newest entry. */
  get end(): number {
    return this.#journal.last;
  }

  /** Number of the oldest entry that is kept. */
  get first(): number {
    // Before anything is written the journal knows of no first entry, though some wait in memory. A segment that was
    // unlinked may come back after a power cut; what was in it does not.
    return Math.max(this.#erased.low, Math.min(this.#journal.first, this.#journal.written + 1));
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#journal.bytes;
  }

  /** Adds an entry; returns its number. It is on disk with the next checkpoint. */
  add(refused: Refused): number {
    const { payload, ...facts } = refused;
    const head = encoder.encode(JSON.stringify(facts));
    const body = new Uint8Array(4 + head.length + payload.length);
    new DataView(body.buffer).setUint32(0, head.length, true);
    body.set(head, 4);
    body.set(payload, 4 + head.length);
    const position = this.#journal.append(0, body);
    // The journal reports trouble by itself and tries again.
    if (this.#journal.pendingBytes > WRITE_BYTES) this.#journal.write().catch(() => {});
    return position;
  }

  /**
   * Erases an entry: it is gone for whoever asks from now on, and after two checkpoints for good: then `erasureIsKept`.
   * Its bytes go with their segment, see `trimErased`.
   *
   * @returns whether there was one
   */
  erase(position: number): boolean {
    if (position < this.first || position > this.end || this.#erased.has(position)) return false;
    this.#erased.add(position);
    return true;
  }

  /** One entry; `undefined` where it is gone. */
  async get(position: number): Promise<QuarantineEntry | undefined> {
    if (position < this.first || this.#erased.has(position)) return undefined;
    await this.#journal.write();
    const entry = await this.#journal.readOne(asPosition(position));
    return entry === undefined ? undefined : { position, refused: decodeRefused(entry.body) };
  }

  /** Entries from a number on, in order. */
  async *list(from: number): AsyncGenerator<QuarantineEntry> {
    await this.#journal.write();
    const cursor = this.#journal.read(asPosition(Math.max(from, this.first, this.#journal.first)));
    try {
      while (true) {
        const entries = await cursor.next(READ_BYTES);
        if (entries.length === 0) return;
        for (const { position, body } of entries) {
          if (!this.#erased.has(position)) yield { position, refused: decodeRefused(body) };
        }
      }
    } finally {
      await cursor.close();
    }
  }

  /** Everything added so far is on disk when this resolves. */
  async sync(): Promise<void> {
    await this.#journal.sync();
  }

  /** Forgets segments below a number. */
  async trim(before: number): Promise<void> {
    await this.#journal.trim(asPosition(before));
  }

  /** Both checkpoints know what was erased: its bytes may go. */
  erasureIsKept(): void {
    const { first } = this.#erased;
    if (first !== undefined && first.from <= this.first) this.#erasedTo = first.to;
  }

  /** Unlinks the oldest segments of which every entry was erased for good; never the newest. */
  async trimErased(): Promise<void> {
    if (this.#erasedTo >= this.first) await this.trim(this.#erasedTo + 1);
  }

  /** Its segments, oldest first: first and last number and bytes. */
  get segments(): Journal["segments"] {
    return this.#journal.segments;
  }
}

/** Decodes the body of a quarantine record. */
export function decodeRefused(body: Uint8Array): Refused {
  const length = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true);
  // The head was written by `add` above and its checksum has been verified.
  const facts = JSON.parse(decoder.decode(body.subarray(4, 4 + length))) as Omit<Refused, "payload">;
  return { ...facts, payload: body.slice(4 + length) };
}
