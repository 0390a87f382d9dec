import { Buffer } from "node:buffer";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";

/** Version of the layout below. A newer one is refused with words, never guessed at. */
export const CHECKPOINT_VERSION = 1;

const MAGIC = 0x504b434c;
/**
 * magic u32, version u32, crc32 u32, length of the body u32; little-endian. The checksum covers version, length and
 * body, so that damage is never taken for a newer version. These 16 bytes stay the same in every version.
 */
const HEAD = 16;

/** Why a file is no usable checkpoint. */
export type CheckpointProblem = "damaged" | "newer_version";

/** Encodes plain data in one turn; later changes of the data do not reach the bytes. */
export function encodeCheckpoint(content: unknown, version: number = CHECKPOINT_VERSION): Uint8Array {
  const body = serialize(content);
  const bytes = new Uint8Array(HEAD + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, version, true);
  view.setUint32(12, body.length, true);
  bytes.set(body, HEAD);
  view.setUint32(8, checksum(bytes), true);
  return bytes;
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(12), crc32(bytes.subarray(4, 8)));
}

/** Decodes what `encodeCheckpoint` made, or says why it cannot. */
export function decodeCheckpoint(bytes: Uint8Array): { content: unknown } | { problem: CheckpointProblem } {
  if (bytes.length < HEAD) return { problem: "damaged" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return { problem: "damaged" };
  const whole = bytes.length - HEAD === view.getUint32(12, true);
  if (!whole || checksum(bytes) !== view.getUint32(8, true)) return { problem: "damaged" };
  if (view.getUint32(4, true) > CHECKPOINT_VERSION) return { problem: "newer_version" };
  return { content: deserialize(Buffer.from(bytes.subarray(HEAD))) };
}
