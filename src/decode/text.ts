import { Buffer } from "node:buffer";
import type { Refusal } from "../model/mod.ts";

/**
 * Strict UTF-8 (a wrong byte is an error, never a replacement character); a byte order mark at the beginning
 * is not part of the text (RFC 8259 §8.1 lets a reader ignore it).
 */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes below 0x80 are the same in Latin-1, for which there is a way without checks, twice as quick as the decoder. */
const { latin1Slice } = Buffer.prototype;

/** The text of bytes that are all below 0x80. */
export function asciiText(bytes: Uint8Array): string {
  return Reflect.apply(latin1Slice, bytes, [0, bytes.length]);
}

/** The text of any bytes; `undefined` where they are no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a stretch of bytes is no UTF-8. */
export function wrongUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if ((bytes[at] ?? 0) >= 0x80) return utf8Text(bytes.subarray(from, to)) === undefined;
  }
  return false;
}

/** The refusal of bytes that are no UTF-8; names the first byte that cannot stand where it stands. */
export function notUtf8(bytes: Uint8Array): Refusal {
  const at = firstWrongByte(bytes);
  const byte = bytes[at];
  const found = byte === undefined
    ? `${bytes.length} bytes that end within a character`
    : `byte 0x${byte.toString(16).padStart(2, "0")} at position ${at}`;
  return { reason: "undecodable", found, allowed: "UTF-8 text" };
}

/** Well-formed sequences as The Unicode Standard's table 3-7 lists them: range of the lead, then of byte two. */
const SEQUENCES: readonly (readonly [number, number, number, number, number])[] = [
  // lead from, lead to, second from, second to, further bytes after the second
  [0xc2, 0xdf, 0x80, 0xbf, 0],
  [0xe0, 0xe0, 0xa0, 0xbf, 1],
  [0xe1, 0xec, 0x80, 0xbf, 1],
  [0xed, 0xed, 0x80, 0x9f, 1],
  [0xee, 0xef, 0x80, 0xbf, 1],
  [0xf0, 0xf0, 0x90, 0xbf, 2],
  [0xf1, 0xf3, 0x80, 0xbf, 2],
  [0xf4, 0xf4, 0x80, 0x8f, 2],
];

function firstWrongByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const sequence = SEQUENCES.find(([from, to]) => lead >= from && lead <= to);
    if (sequence === undefined) return at;
    const [, , from, to, further] = sequence;
    const second = bytes[at + 1];
    if (second === undefined) return bytes.length;
    if (second < from || second > to) return at + 1;
    for (let more = 0; more < further; more++) {
      const next = bytes[at + 2 + more];
      if (next === undefined) return bytes.length;
      if (next < 0x80 || next > 0xbf) return at + 2 + more;
    }
    at += 2 + further;
  }
  return bytes.length;
}
