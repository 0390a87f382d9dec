/**
 * The bytes of a segment: file name, header and record head. FORMAT.md draws them.
 * @module
 */
import { crc32 } from "node:zlib";
import { type KeyId, keyIdBytes, keyIdOf } from "./key_id.ts";
import { type Position, position } from "./position.ts";

/** Bytes before the first record. */
export const SEGMENT_HEAD = 72;
/** Bytes of a record before its body: length u32, crc u32, position u64, flags u8. */
export const RECORD_HEAD = 17;
/** Where the bytes that the crc covers begin within a record. */
export const CRC_FROM = 8;
/** Flags of a marker; the caller's flags stay below. */
export const MARKER = 0x80;
/** No body is longer than this. */
export const MAX_BODY = 64 * 1024 * 1024;
/** Bytes that encryption adds to a body: the tag of AES-GCM. */
export const TAG_BYTES = 16;
/** No body on disk is longer than this. */
export const MAX_STORED = MAX_BODY + TAG_BYTES;
/** Flags of a packed record: many as one, from its position on. */
export const PACKED = 0x81;
/** Bytes of a packed record's body that say what it holds: positions u32, bytes when unpacked u32. */
export const PACK_HEAD = 8;
/** Flags of an end record: what lies behind it are bytes of the file's former life. Its position is its own offset. */
export const END = 0x82;
/** Bytes of a marker's body in a recycled segment: the offset at which its group ends, u64. */
export const CLAIM = 8;
/** The version of a segment without packed records. */
export const PLAIN_VERSION = 1;
/** The version of a segment in which packed records may be. */
const PACKED_VERSION = 2;
/** The newest version: the file was another segment before; packed records may be in it. */
export const VERSION = 3;

const MAGIC = new Uint8Array([0x6a, 0x72, 0x6e, 0x6c, 0x0d, 0x0a, 0x1a, 0x0a]); // "jrnl\r\n\x1a\n"
const NAME = /^(\d{16})-([0-9a-f]{16})(?:-([0-9a-f]{16}))?\.segment$/;
const TWO_32 = 0x1_0000_0000;

/** Where the predecessor of a segment ends: nothing behind it in that file counts. */
export interface Seal {
  /** The last position in use before this segment. */
  readonly last: Position;
  /** Byte offset behind the last record that counts, in the segment numbered one lower. */
  readonly offset: number;
}

/** What the head of a segment says. */
export interface SegmentHead {
  /** No record in the file has a lower position; all lower ones were durable when it was made. */
  readonly first: Position;
  /** Wall clock, ms. */
  readonly createdAt: number;
  /** Goes into every crc of the file. */
  readonly salt: bigint;
  /** Counts the segments of this journal, from 1: the later of two with one first position is the valid one. */
  readonly number: number;
  /** Where the predecessor ends. */
  readonly seal: Seal;
  /** The key that its bodies are encrypted with; `undefined`: they are not. */
  readonly key: KeyId | undefined;
  /** Packed records may be in it. */
  readonly packed: boolean;
  /** The file was another segment before: an end record says where this one ends. */
  readonly recycled: boolean;
}

/** The name of a segment's file. */
export function segmentName({ first, salt, key }: Pick<SegmentHead, "first" | "salt" | "key">): string {
  const name = `${String(first).padStart(16, "0")}-${salt.toString(16).padStart(16, "0")}`;
  return key === undefined ? `${name}.segment` : `${name}-${key}.segment`;
}

/** What a file's name says of it, or `undefined` where it is no segment's. */
export function parseName(name: string): Pick<SegmentHead, "first" | "salt" | "key"> | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const first = Number(match[1]);
  if (!Number.isSafeInteger(first)) return undefined;
  const key = match[3] === undefined ? undefined : keyIdOf(Uint8Array.fromHex(match[3]));
  return { first: position(first), salt: BigInt(`0x${match[2]}`), key };
}

/** Writes a whole number below 2^53 as u64. */
export function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

/** Reads a u64; −1 where it is 2^53 or more. */
export function getU64(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  return high >= 0x20_0000 ? -1 : high * TWO_32 + view.getUint32(at, true);
}

/** The crc of the salt, from which every record's crc goes on. */
export function saltCrc(salt: bigint): number {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, salt, true);
  return crc32(bytes);
}

/** The head of a segment as bytes. */
export function encodeHead(head: SegmentHead): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEAD);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, versionOf(head), true);
  putU64(view, 16, head.first);
  putU64(view, 24, head.createdAt);
  view.setBigUint64(32, head.salt, true);
  putU64(view, 40, head.number);
  putU64(view, 48, head.seal.last);
  putU64(view, 56, head.seal.offset);
  bytes.set(keyIdBytes(head.key), 64);
  view.setUint32(12, crc32(bytes.subarray(16), crc32(bytes.subarray(0, 12))), true);
  return bytes;
}

function versionOf({ packed, recycled }: SegmentHead): number {
  if (recycled) return VERSION;
  return packed ? PACKED_VERSION : PLAIN_VERSION;
}

/** A head as read: whole, damaged, or of a version that is not known here. */
export type HeadReading =
  | { readonly kind: "head"; readonly head: SegmentHead }
  | { readonly kind: "damaged" }
  | { readonly kind: "future_version"; readonly version: number };

/** Reads the head of a segment. A version counts only under a valid crc, so a flipped bit cannot look like one. */
export function decodeHead(bytes: Uint8Array): HeadReading {
  if (bytes.length < SEGMENT_HEAD) return { kind: "damaged" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEAD);
  const covered = crc32(bytes.subarray(16, SEGMENT_HEAD), crc32(bytes.subarray(0, 12)));
  if (covered !== view.getUint32(12, true) || !MAGIC.every((byte, i) => bytes[i] === byte)) {
    return { kind: "damaged" };
  }
  const version = view.getUint32(8, true);
  if (version < PLAIN_VERSION || version > VERSION) return { kind: "future_version", version };
  const [first, createdAt, number] = [getU64(view, 16), getU64(view, 24), getU64(view, 40)];
  const [last, offset] = [getU64(view, 48), getU64(view, 56)];
  if (Math.min(first, createdAt, number, last, offset) < 0) return { kind: "damaged" };
  const seal: Seal = { last: position(last), offset };
  const salt = view.getBigUint64(32, true);
  const key = keyIdOf(bytes.subarray(64, SEGMENT_HEAD));
  const [packed, recycled] = [version >= PACKED_VERSION, version === VERSION];
  return {
    kind: "head",
    head: { first: position(first), createdAt, salt, number, seal, key, packed, recycled },
  };
}
