import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { getU64, MAX_BODY, PACK_HEAD, PACKED, RECORD_HEAD } from "./format.ts";
import { type Entry, type Position, position } from "./position.ts";

/**
 * The records of a group as one, compressed: telemetry repeats itself, and flash wears by what is written.
 *
 * @param records heads and bodies, back to back; what stands for their crcs is not looked at
 * @param span the positions from the first to the last
 * @returns the body of a packed record, or `undefined` where it would not be smaller
 */
export function pack(records: Uint8Array, span: number): Uint8Array<ArrayBuffer> | undefined {
  const packed = zstdCompressSync(records);
  if (packed.length + PACK_HEAD + RECORD_HEAD >= records.length) return undefined;
  const body = new Uint8Array(PACK_HEAD + packed.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, span, true);
  view.setUint32(4, records.length, true);
  body.set(packed, PACK_HEAD);
  return body;
}

/** The positions that a packed record takes, from its own on. */
export function spanOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(0, true);
}

/** The bytes that its records take in memory. */
export function sizeOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(4, true);
}

/** The last position that a record, packed or not, takes. */
export function lastOf({ position: first, flags, body }: Entry): Position {
  return flags === PACKED ? position(first + spanOf(body) - 1) : first;
}

/**
 * What was packed, in order; of a plain record itself.
 *
 * @returns `undefined` where it does not hold what it says, which its crc rules out but for someone's own hand
 */
export function unpack(entry: Entry): readonly Entry[] | undefined {
  if (entry.flags !== PACKED) return [entry];
  const size = sizeOf(entry.body);
  if (size > MAX_BODY) return undefined;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const limit = { maxOutputLength: size };
    bytes = new Uint8Array(zstdDecompressSync(entry.body.subarray(PACK_HEAD), limit));
  } catch {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Entry[] = [];
  let expected: number = entry.position;
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < RECORD_HEAD) return undefined;
    const end = at + RECORD_HEAD + view.getUint32(at, true);
    const found = getU64(view, at + 8);
    if (end > bytes.length || found < expected) return undefined;
    entries.push({
      position: position(found),
      flags: view.getUint8(at + 16),
      body: bytes.subarray(at + RECORD_HEAD, end),
    });
    expected = found + 1;
    at = end;
  }
  return expected - 1 === lastOf(entry) ? entries : undefined;
}
