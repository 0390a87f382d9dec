import { type BlockEntry, emptyEntry } from "./block_entries.ts";

/** A ready-to-send block of the outbox. */
export interface Block {
  /** Its number; blocks are sent in this order, but for the fresh lane. */
  readonly position: number;
  /** Lines joined by newlines, gzip'd. */
  readonly body: Uint8Array;
  /** Lines. */
  readonly points: number;
  /** Readings that its points account for. */
  readonly readings: number;
  /** Bytes of the lines before gzip. */
  readonly rawBytes: number;
  /** A string in it may hold a line break. */
  readonly lineBreaks: boolean;
  /** It holds corrections: it must not overtake any earlier block. */
  readonly correction: boolean;
  /** Oldest event time in it, ms. */
  readonly oldest: number;
  /** Wall clock of its making, ms. */
  readonly createdAt: number;
  /** What each line is, flat: number of its device, readings that it accounts for, place of its values. */
  readonly shares: Uint32Array;
  /** What it brings for each row of the delivery account. */
  readonly entries: readonly BlockEntry[];
}

/** Numbers of a line's share. */
const SHARE = 3;
/** Numbers of a line's share before the account. */
const FORMER_SHARE = 2;

/** Number of a line's device. */
export function deviceOf({ shares }: Block, line: number): number {
  return shares[SHARE * line] ?? 0;
}

/** Readings that a line accounts for. */
export function readingsOf({ shares }: Block, line: number): number {
  return shares[SHARE * line + 1] ?? 0;
}

/** Where a line's values stand in `entries`, for `readPlace`. */
export function placeIn({ shares }: Block, line: number): number {
  return shares[SHARE * line + 2] ?? 0;
}

/** The journal's flag of a block with corrections. */
const CORRECTION = 1;
/** The journal's flag of a block with entries and places; one without is of an earlier version. */
const ACCOUNTED = 2;
/** The journal's flag of a block without line breaks in its strings; of one without it that is not known. */
const NO_LINE_BREAKS = 4;

const HEAD = 32;
/** Bytes of a varint and of an entry at most. */
const VARINT = 5;
const ENTRY = 4 * VARINT + 17;

/**
 * Encodes a block as a journal record: points u32, readings u32, raw bytes u32, oldest f64, created f64, length of
 * what follows before the lines u32; shares as varints; entries, each row, fresh, again, unsure as varints, sum f64,
 * size f64, summed u8; gzip'd lines.
 */
export function encodeBlock(block: Block): { flags: number; body: Uint8Array } {
  const { shares, entries } = block;
  const middle = new Uint8Array(shares.length * VARINT + entries.length * ENTRY);
  let used = 0;
  for (const share of shares) used = putVarint(middle, used, share);
  const doubles = new DataView(middle.buffer);
  for (const { row, fresh, again, unsure, sum, size, summed } of entries) {
    for (const count of [row, fresh, again, unsure]) used = putVarint(middle, used, count);
    doubles.setFloat64(used, sum, true);
    doubles.setFloat64(used + 8, size, true);
    middle[used + 16] = +summed;
    used += 17;
  }
  const bytes = new Uint8Array(HEAD + used + block.body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, block.points, true);
  view.setUint32(4, block.readings, true);
  view.setUint32(8, block.rawBytes, true);
  view.setFloat64(12, block.oldest, true);
  view.setFloat64(20, block.createdAt, true);
  view.setUint32(28, used, true);
  bytes.set(middle.subarray(0, used), HEAD);
  bytes.set(block.body, HEAD + used);
  const flags = ACCOUNTED | (block.correction ? CORRECTION : 0) | (block.lineBreaks ? 0 : NO_LINE_BREAKS);
  return { flags, body: bytes };
}

/** Decodes what `encodeBlock` made, of this version or of one before the account. */
export function decodeBlock(position: number, flags: number, body: Uint8Array): Block {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const points = view.getUint32(0, true);
  const end = HEAD + view.getUint32(28, true);
  const accounted = (flags & ACCOUNTED) !== 0;
  const from = { at: HEAD };
  const shares = new Uint32Array(SHARE * points);
  for (let line = 0; line < points; line++) {
    for (let n = 0; n < (accounted ? SHARE : FORMER_SHARE); n++) {
      shares[SHARE * line + n] = varint(body, from);
    }
  }
  const entries: BlockEntry[] = [];
  while (accounted && from.at < end) {
    const entry = emptyEntry(varint(body, from));
    for (const kind of ["fresh", "again", "unsure"] as const) entry[kind] = varint(body, from);
    entry.sum = view.getFloat64(from.at, true);
    entry.size = view.getFloat64(from.at + 8, true);
    entry.summed = body[from.at + 16] === 1;
    from.at += 17;
    entries.push(entry);
  }
  return {
    position,
    body: body.subarray(end),
    points,
    readings: view.getUint32(4, true),
    rawBytes: view.getUint32(8, true),
    lineBreaks: (flags & NO_LINE_BREAKS) === 0,
    correction: (flags & CORRECTION) !== 0,
    oldest: view.getFloat64(12, true),
    createdAt: view.getFloat64(20, true),
    shares,
    entries,
  };
}

function varint(body: Uint8Array, from: { at: number }): number {
  let value = 0;
  let shift = 0;
  let byte = 0;
  do {
    byte = body[from.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
  } while (byte >= 0x80);
  return value;
}

function putVarint(into: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  into[at++] = rest;
  return at;
}
