import type { Point, PointField } from "../model/mod.ts";

/** What a block brings for one row of the account. */
export interface BlockEntry {
  /** Number of the row. */
  readonly row: number;
  /** Values where the gateway has written nothing before. */
  fresh: number;
  /** Values that overwrite known ones. */
  again: number;
  /** Values of which it is not known whether they overwrite something. */
  unsure: number;
  /** Sum of the numbers, those that they overwrite taken off. */
  sum: number;
  /** Sum of the absolute values of all that went into `sum`. */
  size: number;
  /** Whether `sum` is what it says: everything that is overwritten is known. */
  summed: boolean;
}

/** What a point's values are to the database. */
export type Kind = "fresh" | "again" | "unsure";

const KINDS: readonly Kind[] = ["fresh", "again", "unsure"];

/** An entry without values. */
export function emptyEntry(row: number): BlockEntry {
  return { row, fresh: 0, again: 0, unsure: 0, sum: 0, size: 0, summed: true };
}

/** The values of an entry, of every kind. */
export function valuesOf({ fresh, again, unsure }: BlockEntry): number {
  return fresh + again + unsure;
}

/** Where a line's values stand: number of the entry within its block and kind, in one whole number; 0: nowhere. */
export function placeOf(entry: number, kind: Kind): number {
  return 1 + entry * KINDS.length + KINDS.indexOf(kind);
}

/** What `placeOf` joined; `undefined` for nowhere. */
export function readPlace(place: number): { readonly entry: number; readonly kind: Kind } | undefined {
  const kind = KINDS[(place - 1) % KINDS.length];
  return place === 0 || kind === undefined
    ? undefined
    : { entry: Math.floor((place - 1) / KINDS.length), kind };
}

/** Gathers what a block brings for each row of the account. */
export class BlockEntries {
  #entries: BlockEntry[] = [];
  readonly #byRow = new Map<number, number>();

  /**
   * Counts a point.
   *
   * @param row number of its row
   * @returns its place
   */
  add(point: Point, row: number): number {
    let at = this.#byRow.get(row);
    if (at === undefined) {
      at = this.#entries.push(emptyEntry(row)) - 1;
      this.#byRow.set(row, at);
    }
    const entry = this.#entries[at];
    if (entry === undefined) return 0;
    const { fields, earlier } = point;
    const kind = earlier === undefined ? "fresh" : earlier.kind === "known" ? "again" : "unsure";
    entry[kind] += fields.length;
    addNumbers(entry, fields, 1);
    if (earlier?.kind === "known") addNumbers(entry, earlier.fields, -1);
    else if (earlier !== undefined) entry.summed = false;
    return placeOf(at, kind);
  }

  /** The entries so far; begins anew. */
  take(): readonly BlockEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#byRow.clear();
    return entries;
  }
}

function addNumbers(entry: BlockEntry, fields: readonly PointField[], sign: 1 | -1): void {
  for (const { value } of fields) {
    if (typeof value !== "number") continue;
    entry.sum += sign * value;
    entry.size += Math.abs(value);
  }
}
