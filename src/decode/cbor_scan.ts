import type { Limits, Refusal } from "../model/mod.ts";
import { Containers, trailing, truncated } from "./containers.ts";
import { notUtf8, wrongUtf8 } from "./text.ts";

/** Major types of RFC 8949 §3.1 that are more than a number. */
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;

/** Additional information that says "of no announced length", or "break". */
const INDEFINITE = 31;

/**
 * Looks at the bytes of a CBOR value (RFC 8949) without building anything: whether it is complete, well-formed and
 * alone, its texts UTF-8, its depth (tags count as levels) and the keys of its maps within the limits.
 *
 * Strings in pieces of no announced length are refused; arrays and maps of no announced length are not.
 */
export function scanCbor(bytes: Uint8Array, limits: Limits): Refusal | undefined {
  const open = new Containers(limits);
  let at = 0;
  do {
    const initial = bytes[at++];
    if (initial === undefined) return truncated();
    const major = initial >> 5;
    const minor = initial & 31;
    const size = minor < 24 || minor === INDEFINITE ? 0 : minor < 28 ? 1 << (minor - 24) : -1;
    if (size < 0) return malformed(initial, at - 1);
    if (at + size > bytes.length) return truncated();
    const argument = size === 0 ? minor : bigEndian(bytes, at, size);
    at += size;
    const left = bytes.length - at;
    let wrong: Refusal | undefined;
    if (major === ARRAY || major === MAP) {
      const items = minor === INDEFINITE ? Infinity : major === MAP ? 2 * argument : argument;
      wrong = open.open(items, major === MAP);
    } else if (minor === INDEFINITE) {
      wrong = major === SIMPLE ? open.break() : inPieces(major) ?? malformed(initial, at - 1);
    } else if (major === TAG) {
      wrong = open.open(1, false);
    } else {
      if (major === BYTES || major === TEXT) {
        if (argument > left) return truncated();
        if (major === TEXT && wrongUtf8(bytes, at, at + argument)) {
          return notUtf8(bytes.subarray(at, at + argument));
        }
        at += argument;
      }
      wrong = open.item();
    }
    if (wrong !== undefined) return wrong;
  } while (open.depth > 0);
  return at < bytes.length ? trailing(bytes.length - at) : undefined;
}

function bigEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = at; index < at + size; index++) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

function malformed(byte: number, at: number): Refusal {
  const found = `byte 0x${byte.toString(16).padStart(2, "0")} at position ${at}`;
  return { reason: "undecodable", found, allowed: "CBOR as of RFC 8949" };
}

function inPieces(major: number): Refusal | undefined {
  if (major !== BYTES && major !== TEXT) return undefined;
  return { reason: "undecodable", found: "a string in pieces", allowed: "strings of an announced length" };
}
