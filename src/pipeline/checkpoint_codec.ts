import { Buffer } from "node:buffer";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";

/** Version of the layout below. A newer one is refused with words, never guessed at. */
export const CHECKPOINT_VERSION = 1;

const MAGIC = 0x504b434c;
/** magic u32, version u32, crc32 of the body u32, length of the body u32; little-endian. */
const HEAD = 16;

/** Why a file is no usable checkpoint. */
export type CheckpointProblem = "damaged" | "newer_version";

/** Encodes plain data in one turn; later changes of the data do not reach the bytes. */
export function encodeCheckpoint(content: unknown): Uint8Array {
  const body = serialize(content);
  const bytes = new Uint8Array(HEAD + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, CHECKPOINT_VERSION, true);
  view.setUint32(8, crc32(body), true);
  view.setUint32(12, body.length, true);
  bytes.set(body, HEAD);
  return bytes;
}

/** Decodes what `encodeCheckpoint` made, or says why it cannot. */
export function decodeCheckpoint(bytes: Uint8Array): { content: unknown } | { problem: CheckpointProblem } {
  if (bytes.length < HEAD) return { problem: "damaged" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return { problem: "damaged" };
  if (view.getUint32(4, true) > CHECKPOINT_VERSION) return { problem: "newer_version" };
  const body = bytes.subarray(HEAD);
  if (body.length !== view.getUint32(12, true) || crc32(body) !== view.getUint32(8, true)) {
    return { problem: "damaged" };
  }
  return { content: deserialize(Buffer.from(body)) };
}
