/**
 * A second, independent reading of an undamaged segment, to know what a test is about to damage. It follows
 * FORMAT.md and shares no code with the journal.
 * @module
 */

/** A stretch of a segment. */
export interface Part {
  readonly kind: "head" | "entry" | "marker" | "end" | "stale";
  readonly from: number;
  readonly to: number;
  /** An entry's position, what a marker says to be durable, or where an end record says that it stands. */
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
    const flags = view.getUint8(at + 16);
    parts.push({
      kind: flags === 0x80 ? "marker" : flags === 0x82 ? "end" : "entry",
      from: at,
      to,
      position,
    });
    at = to;
    if (flags !== 0x82 || at === bytes.length) continue;
    parts.push({ kind: "stale", from: at, to: bytes.length, position: 0 });
    break;
  }
  return parts;
}

/** Offset behind the last record: in a recycled segment an end record and bytes of a former life may follow. */
export function endOf(bytes: Uint8Array): number {
  return layout(bytes).findLast(({ kind }) => kind !== "end" && kind !== "stale")?.to ?? 0;
}

/** The part that holds byte `at`. */
export function partAt(parts: readonly Part[], at: number): Part {
  const part = parts.find(({ from, to }) => from <= at && at < to);
  if (part === undefined) throw new Error(`No part holds byte ${at}`);
  return part;
}
