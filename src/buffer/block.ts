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
  /** It holds corrections: it must not overtake any earlier block. */
  readonly correction: boolean;
  /** Oldest event time in it, ms. */
  readonly oldest: number;
  /** Wall clock of its making, ms. */
  readonly createdAt: number;
  /** For each line: number of the device and readings it accounts for, flat. */
  readonly shares: readonly number[];
}

/** The journal's flag of a block with corrections. */
const CORRECTION = 1;

/**
 * Encodes a block as a journal record: points u32, readings u32, raw bytes u32, oldest f64, created f64, length of
 * the shares u32, shares as varints, gzip'd lines.
 */
export function encodeBlock(block: Block): { flags: number; body: Uint8Array } {
  const shares = new Uint8Array(block.shares.length * 5);
  let used = 0;
  for (const share of block.shares) used = putVarint(shares, used, share);
  const bytes = new Uint8Array(HEAD + used + block.body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, block.points, true);
  view.setUint32(4, block.readings, true);
  view.setUint32(8, block.rawBytes, true);
  view.setFloat64(12, block.oldest, true);
  view.setFloat64(20, block.createdAt, true);
  view.setUint32(28, used, true);
  bytes.set(shares.subarray(0, used), HEAD);
  bytes.set(block.body, HEAD + used);
  return { flags: block.correction ? CORRECTION : 0, body: bytes };
}

const HEAD = 32;

/** Decodes what `encodeBlock` made. */
export function decodeBlock(position: number, flags: number, body: Uint8Array): Block {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const used = view.getUint32(28, true);
  const shares: number[] = [];
  let at = HEAD;
  while (at < HEAD + used) {
    let value = 0;
    let shift = 0;
    let byte = 0;
    do {
      byte = body[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    shares.push(value);
  }
  return {
    position,
    body: body.subarray(HEAD + used),
    points: view.getUint32(0, true),
    readings: view.getUint32(4, true),
    rawBytes: view.getUint32(8, true),
    correction: (flags & CORRECTION) !== 0,
    oldest: view.getFloat64(12, true),
    createdAt: view.getFloat64(20, true),
    shares,
  };
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
