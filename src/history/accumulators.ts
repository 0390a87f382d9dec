import type { StreamIdentity, Value } from "../model/mod.ts";
import type { FieldType } from "../model/mod.ts";
import { FINEST } from "./resolutions.ts";
import {
  BUCKET,
  COUNT,
  LAST,
  LAST_AT,
  LONGEST_TEXT,
  MAX,
  MIN,
  SERIES,
  SUM,
  type TextRow,
  WIDTH,
} from "./row.ts";
import { type SeriesFacts, seriesKey } from "./series_facts.ts";

/** What is looked at of the field that a reading is of; the pipeline's slots fit. */
export interface HistorySlot {
  /** Its series. */
  readonly series: { readonly index: number; readonly field: string; readonly type: FieldType };
  /** Unit for people; `null`: none. */
  readonly unit: string | null;
}

/** What is looked at of its stream; the pipeline's streams fit. */
export interface HistoryStream {
  /** Topic on which it was first seen. */
  readonly topic: string;
  /** Its identity. */
  readonly windows: { readonly identity: StreamIdentity };
}

/** Everything since the last batch. */
export interface Gathered {
  /** Series that are in it and were in none before. */
  readonly series: readonly { readonly index: number; readonly facts: SeriesFacts }[];
  /** Buckets of numbers, see row.ts. */
  readonly rows: Float64Array<ArrayBuffer>;
  /** Buckets of texts. */
  readonly texts: readonly TextRow[];
}

const BUCKET_MS = FINEST * 1_000;
/** In the place of a bucket: none is open. */
const NONE = -1;

/**
 * The bucket that each series is in, as plain numbers: 64 bytes a series, one line of a processor's cache. Adding a
 * reading makes no object; a bucket that is left goes to the end of a list. `tests/bench/history.ts` measures it.
 */
export class Accumulators {
  #cells = new Float64Array(0);
  #rows = new Float64Array(64 * WIDTH);
  #used = 0;
  #open: number[] = [];
  readonly #known = new Map<number, { readonly slot: HistorySlot; readonly stream: HistoryStream }>();
  #fresh: number[] = [];
  readonly #texts = new Map<number, { bucket: number; count: number; last: string; lastAt: number }>();
  #textRows: TextRow[] = [];

  /** Buckets that were left since the last batch: what a batch holds at least. */
  get left(): number {
    return this.#used / WIDTH + this.#textRows.length;
  }

  /** Series with a bucket that is open. */
  get open(): number {
    return this.#open.length + this.#texts.size;
  }

  /** Adds a reading. */
  add(slot: HistorySlot, stream: HistoryStream, value: Value, ms: number): void {
    if (typeof value === "string") return this.#addText(slot, stream, value, ms);
    const number = typeof value === "number" ? value : value ? 1 : 0;
    const { index } = slot.series;
    const at = index * WIDTH;
    if (at >= this.#cells.length) this.#grow(at);
    const cells = this.#cells;
    const bucket = Math.floor(ms / BUCKET_MS);
    if (cells[at + BUCKET] !== bucket) return this.#begin(slot, stream, bucket, number, ms);
    if (number < (cells[at + MIN] ?? 0)) cells[at + MIN] = number;
    if (number > (cells[at + MAX] ?? 0)) cells[at + MAX] = number;
    cells[at + SUM] = (cells[at + SUM] ?? 0) + number;
    cells[at + COUNT] = (cells[at + COUNT] ?? 0) + 1;
    if (ms >= (cells[at + LAST_AT] ?? 0)) {
      cells[at + LAST] = number;
      cells[at + LAST_AT] = ms;
    }
  }

  /** Takes everything out; `undefined`: there is nothing. */
  take(): Gathered | undefined {
    for (const index of this.#open) {
      this.#leave(index * WIDTH);
      this.#cells[index * WIDTH + BUCKET] = NONE;
    }
    for (const [series, text] of this.#texts) this.#textRows.push({ series, ...text });
    const series = this.#fresh.flatMap((index) => {
      const known = this.#known.get(index);
      return known === undefined ? [] : [{ index, facts: factsOf(known.slot, known.stream) }];
    });
    const gathered = { series, rows: this.#rows.slice(0, this.#used), texts: this.#textRows };
    this.#forget();
    return gathered.rows.length + gathered.texts.length === 0 ? undefined : gathered;
  }

  /** Whoever takes the batches knows no series any more. */
  anew(): void {
    this.#fresh = [...this.#known.keys()];
  }

  /** Leaves out what was gathered. */
  drop(): void {
    for (const index of this.#open) this.#cells[index * WIDTH + BUCKET] = NONE;
    const fresh = this.#fresh;
    this.#forget();
    this.#fresh = fresh;
  }

  #forget(): void {
    this.#open = [];
    this.#used = 0;
    this.#fresh = [];
    this.#texts.clear();
    this.#textRows = [];
  }

  #begin(slot: HistorySlot, stream: HistoryStream, bucket: number, value: number, ms: number): void {
    const { index } = slot.series;
    const at = index * WIDTH;
    if (this.#cells[at + BUCKET] === NONE) this.#open.push(index);
    else this.#leave(at);
    this.#meet(index, slot, stream);
    const cells = this.#cells;
    cells[at + SERIES] = index;
    cells[at + BUCKET] = bucket;
    cells[at + MIN] =
      cells[at + MAX] =
      cells[at + SUM] =
      cells[at + LAST] =
        value;
    cells[at + COUNT] = 1;
    cells[at + LAST_AT] = ms;
  }

  /** An open bucket goes to the rows. */
  #leave(at: number): void {
    if (this.#used + WIDTH > this.#rows.length) {
      const rows = new Float64Array(2 * this.#rows.length);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows.set(this.#cells.subarray(at, at + WIDTH), this.#used);
    this.#used += WIDTH;
  }

  #addText(slot: HistorySlot, stream: HistoryStream, value: string, ms: number): void {
    const { index } = slot.series;
    const bucket = Math.floor(ms / BUCKET_MS);
    const last = value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
    const open = this.#texts.get(index);
    if (open?.bucket === bucket) {
      open.count++;
      if (ms >= open.lastAt) [open.last, open.lastAt] = [last, ms];
      return;
    }
    if (open !== undefined) this.#textRows.push({ series: index, ...open });
    this.#meet(index, slot, stream);
    this.#texts.set(index, { bucket, count: 1, last, lastAt: ms });
  }

  #meet(index: number, slot: HistorySlot, stream: HistoryStream): void {
    if (this.#known.has(index)) return;
    this.#known.set(index, { slot, stream });
    this.#fresh.push(index);
  }

  #grow(at: number): void {
    const cells = new Float64Array(Math.max(at + WIDTH, 2 * this.#cells.length, 16 * WIDTH)).fill(NONE);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

function factsOf({ series, unit }: HistorySlot, { topic, windows }: HistoryStream): SeriesFacts {
  const { field, type } = series;
  return {
    key: seriesKey(windows.identity, field, type),
    stream: windows.identity,
    topic,
    field,
    type,
    unit,
  };
}
