/**
 * A second, independent reading of an undamaged segment, to know what a test is about to damage. It follows
 * FORMAT.md and shares no code with the journal.
 * @module
 */

/** A stretch of a segment. */
export interface Part {
  readonly kind: "head" | "entry" | "marker";
  readonly from: number;
  readonly to: number;
  /** An entry's position, or what a marker says to be durable. */
  readonly position: number;
}

/** Bytes before the first record. */
export const HEAD = 72;

/** The parts of a segment. */
export function layout(bytes: Uint8Array): Part[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Part[] = [{ kind: "head", from: 0, to: HEAD, position: 0 }];
  for (let at = HEAD; at < bytes.length;) {
    const to = at + 17 + view.getUint32(at, true);
    if (to > bytes.length) throw new Error(`A record at ${at} goes beyond the file`);
    const position = Number(view.getBigUint64(at + 8, true));
    parts.push({ kind: view.getUint8(at + 16) === 0x80 ? "marker" : "entry", from: at, to, position });
    at = to;
  }
  return parts;
}

/** The part that holds byte `at`. */
export function partAt(parts: readonly Part[], at: number): Part {
  const part = parts.find(({ from, to }) => from <= at && at < to);
  if (part === undefined) throw new Error(`No part holds byte ${at}`);
  return part;
}
