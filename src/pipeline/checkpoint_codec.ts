import { Buffer } from "node:buffer";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import { type KeyId, type KeyRing, openBox, sealBox } from "../journal/mod.ts";

/** Version of the layout below. A newer one is refused with words, never guessed at. */
export const CHECKPOINT_VERSION = 1;

const MAGIC = 0x504b434c; // "LCKP"
/** The same layout, with a body that is encrypted. */
const SEALED_MAGIC = 0x454b434c; // "LCKE"
/**
 * magic u32, version u32, crc32 u32, length of the body u32; little-endian. The checksum covers version, length and
 * body, so that damage is never taken for a newer version. These 16 bytes stay the same in every version.
 */
const HEAD = 16;

/** Why a file is no usable checkpoint. */
export type CheckpointProblem = "damaged" | "newer_version" | "no_key";

/** Encodes plain data in one turn; later changes of the data do not reach the bytes. */
export function encodeCheckpoint(
  content: unknown,
  version: number = CHECKPOINT_VERSION,
): Uint8Array<ArrayBuffer> {
  return frame(MAGIC, serialize(content), version);
}

/**
 * Encrypts an encoded checkpoint; head and checksum stay outside, so that damage can be told without the key.
 *
 * @param salt a random 64-bit number, another at each call
 * @returns the bytes as they are where the ring has no current key
 */
export async function sealCheckpoint(
  bytes: Uint8Array<ArrayBuffer>,
  keys: KeyRing | undefined,
  salt: () => bigint,
): Promise<Uint8Array> {
  const box = await sealBox(keys, salt, bytes.subarray(HEAD));
  return box === undefined ? bytes : frame(SEALED_MAGIC, box, versionOf(bytes));
}

/** Opens what `sealCheckpoint` made; what is not encrypted is given back as it is. */
export async function unsealCheckpoint(
  bytes: Uint8Array<ArrayBuffer>,
  keys: KeyRing | undefined,
): Promise<{ plain: Uint8Array } | { problem: CheckpointProblem; key?: KeyId }> {
  const read = readFrame(bytes);
  if ("problem" in read) return read;
  if (!read.sealed) return { plain: bytes };
  const opened = await openBox(keys, bytes.slice(HEAD));
  if (opened.kind === "no_key") {
    return contentOf(bytes) !== undefined ? { problem: "damaged" } : { problem: "no_key", key: opened.key };
  }
  return opened.kind === "open"
    ? { plain: frame(MAGIC, opened.bytes, versionOf(bytes)) }
    : { problem: "damaged" };
}

function frame(
  magic: number,
  body: Uint8Array,
  version: number = CHECKPOINT_VERSION,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setUint32(12, body.length, true);
  bytes.set(body, HEAD);
  view.setUint32(8, checksum(bytes), true);
  return bytes;
}

function versionOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, HEAD).getUint32(4, true);
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(12), crc32(bytes.subarray(4, 8)));
}

/** Decodes what `encodeCheckpoint` made, or says why it cannot. */
export function decodeCheckpoint(bytes: Uint8Array): { content: unknown } | { problem: CheckpointProblem } {
  const read = readFrame(bytes);
  if ("problem" in read) return read;
  if (read.sealed) return { problem: "no_key" };
  return contentOf(bytes) ?? { problem: "damaged" };
}

/**
 * The body as content; `undefined` where it is none. The checksum leaves the magic out: where damage has turned one magic
 * into the other, this tells.
 */
function contentOf(bytes: Uint8Array): { content: unknown } | undefined {
  try {
    return { content: deserialize(Buffer.from(bytes.subarray(HEAD))) };
  } catch {
    return undefined;
  }
}

function readFrame(bytes: Uint8Array): { sealed: boolean } | { problem: CheckpointProblem } {
  if (bytes.length < HEAD) return { problem: "damaged" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic !== MAGIC && magic !== SEALED_MAGIC) return { problem: "damaged" };
  const whole = bytes.length - HEAD === view.getUint32(12, true);
  if (!whole || checksum(bytes) !== view.getUint32(8, true)) return { problem: "damaged" };
  if (view.getUint32(4, true) > CHECKPOINT_VERSION) return { problem: "newer_version" };
  return { sealed: magic === SEALED_MAGIC };
}
