import { PACK_HEAD, PACKED, putU64 } from "./format.ts";
import { spanOf } from "./pack.ts";
import type { Entry } from "./position.ts";

const NONCE_BYTES = 12;
/** Bodies in the works at once: enough to keep the thread pool busy, few enough to leave it to the files. */
const AT_ONCE = 256;

/**
 * AES-256-GCM (NIST SP 800-38D) for the bodies of one segment, each by itself, so that a damaged byte costs one
 * record. The nonce is the position, and of a packed record how many it takes: the key is this segment's alone, and
 * within a segment a position has one body (a group that could not be written may have grown when it is packed again).
 * Position and flags are authenticated with it, so a body cannot be moved to another record. What a packed record says
 * it holds stays readable, and is authenticated too.
 */
export class SegmentCipher {
  readonly #key: CryptoKey;

  /** @param key a key that no other segment has */
  constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** Encrypts a body; the result is `TAG_BYTES` longer. */
  async seal(at: number, flags: number, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const head = headOf(flags, body);
    const sealed = await crypto.subtle.encrypt(
      params(at, flags, head),
      this.#key,
      body.subarray(head.length),
    );
    return joined(head, sealed);
  }

  /** Decrypts a body; `undefined` where it is not what was written at this position with these flags. */
  async open(
    at: number,
    flags: number,
    sealed: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const head = headOf(flags, sealed);
      const body = await crypto.subtle.decrypt(
        params(at, flags, head),
        this.#key,
        sealed.subarray(head.length),
      );
      return joined(head, body);
    } catch {
      return undefined;
    }
  }

  /** Decrypts the bodies of entries, in order; `undefined` in the place of one that is not what was written. */
  async openAll(entries: readonly Entry[]): Promise<(Entry | undefined)[]> {
    return await inBatches(entries.length, async (i) => {
      const entry = entries[i];
      if (entry === undefined) return undefined;
      const { position, flags } = entry;
      const body = await this.open(position, flags, entry.body);
      return body === undefined ? undefined : { position, flags, body };
    });
  }
}

/** Calls `one` for 0 to `count` − 1, a batch at a time, and gives what they give in order. */
export async function inBatches<T>(count: number, one: (index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const batch: Promise<T>[] = [];
    for (let i = from; i < Math.min(count, from + AT_ONCE); i++) batch.push(one(i));
    for (const result of await Promise.all(batch)) all.push(result);
  }
  return all;
}

/** What stays readable of a body. */
function headOf(flags: number, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body.subarray(0, flags === PACKED ? PACK_HEAD : 0);
}

function joined(head: Uint8Array, rest: ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (head.length === 0) return new Uint8Array(rest);
  const whole = new Uint8Array(head.length + rest.byteLength);
  whole.set(head);
  whole.set(new Uint8Array(rest), head.length);
  return whole;
}

function params(at: number, flags: number, head: Uint8Array): AesGcmParams {
  const iv = new Uint8Array(NONCE_BYTES);
  const view = new DataView(iv.buffer);
  putU64(view, 0, at);
  if (head.length > 0) view.setUint32(8, spanOf(head), true);
  return { name: "AES-GCM", iv, additionalData: new Uint8Array([flags, ...head]) };
}
