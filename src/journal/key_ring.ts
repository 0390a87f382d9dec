import { putU64, TAG_BYTES } from "./format.ts";
import { KEY_ID_BYTES, type KeyId, keyIdOf } from "./key_id.ts";
import type { Position } from "./position.ts";
import { SegmentCipher } from "./segment_cipher.ts";
import { JournalError } from "./trouble.ts";

/** Bytes of a key. */
export const KEY_BYTES = 32;

const utf8 = new TextEncoder();
// What is derived for one purpose is of no use for another (RFC 5869, section 3.2).
const FOR_ID = "journal: key id";
const FOR_SEGMENT = "journal: segment";

/**
 * The keys of an encrypted journal: one for what is written from now on, and former ones for what is there.
 * None of them encrypts anything itself: each segment and each box has a key of its own, derived by HKDF-SHA-256
 * (RFC 5869) from the key and the segment's salt, so that the same position in two segments never meets the
 * same key and nonce twice.
 */
export class KeyRing {
  /** The key for what is new; `undefined`: that is not encrypted. */
  readonly current: KeyId | undefined;
  readonly #keys: ReadonlyMap<KeyId, CryptoKey>;

  private constructor(current: KeyId | undefined, keys: ReadonlyMap<KeyId, CryptoKey>) {
    this.current = current;
    this.#keys = keys;
  }

  /**
   * Takes keys in; the bytes are copied.
   *
   * @param current 32 bytes, or `undefined` where nothing new is to be encrypted
   * @param former keys that only read
   * @throws RangeError where one has another length
   */
  static async of(current: Uint8Array | undefined, former: readonly Uint8Array[] = []): Promise<KeyRing> {
    const keys = new Map<KeyId, CryptoKey>();
    let newest: KeyId | undefined;
    for (const bytes of current === undefined ? former : [current, ...former]) {
      if (bytes.length !== KEY_BYTES) {
        throw new RangeError(`A key had "${bytes.length}" bytes; allowed are ${KEY_BYTES}`);
      }
      const key = await crypto.subtle.importKey("raw", new Uint8Array(bytes), "HKDF", false, [
        "deriveKey",
        "deriveBits",
      ]);
      const id = await idOf(key);
      if (bytes === current) newest = id;
      keys.set(id, key);
    }
    return new KeyRing(newest, keys);
  }

  /** The names of all its keys. */
  get ids(): readonly KeyId[] {
    return [...this.#keys.keys()];
  }

  /** Whether it holds the key of this name. */
  has(id: KeyId): boolean {
    return this.#keys.has(id);
  }

  /**
   * Derives a key that serves one purpose with one salt.
   *
   * @throws JournalError `no_key` where the ring does not hold it
   */
  async derive(id: KeyId, salt: Uint8Array<ArrayBuffer>, purpose: string): Promise<CryptoKey> {
    const key = this.#keys.get(id);
    if (key === undefined) throw noKey("It", [id]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt, info: utf8.encode(purpose) };
    return await crypto.subtle.deriveKey(hkdf, key, { name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
  }
}

/** The cipher of a segment; `undefined` where that is not encrypted. @throws JournalError `no_key` */
export async function cipherOf(
  keys: KeyRing | undefined,
  segment: { readonly key: KeyId | undefined; readonly salt: bigint; readonly first: Position },
): Promise<SegmentCipher | undefined> {
  const { key, salt, first } = segment;
  if (key === undefined) return undefined;
  if (keys === undefined) throw noKey("It", [key]);
  // A file's name tells both as its head does, so a damaged head costs no record.
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, salt, true);
  putU64(view, 8, first);
  return new SegmentCipher(await keys.derive(key, bytes, FOR_SEGMENT));
}

/** Bytes that are added to each body that is written. */
export function overheadOf(keys: KeyRing | undefined): number {
  return keys?.current === undefined ? 0 : TAG_BYTES;
}

/** The error that says which keys are missing. @param what is encrypted with them */
export function noKey(what: string, ids: readonly KeyId[]): JournalError {
  const names = ids.map((id) => `"${id}"`).join(", ");
  return new JournalError("no_key", `${what} is encrypted with the key ${names}, which is not at hand`);
}

async function idOf(key: CryptoKey): Promise<KeyId> {
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8.encode(FOR_ID) };
  const bytes = new Uint8Array(await crypto.subtle.deriveBits(hkdf, key, KEY_ID_BYTES * 8));
  // Zeros stand for "no key"; one key in 2^64 would have that name.
  if (bytes.every((byte) => byte === 0)) bytes.fill(1);
  const id = keyIdOf(bytes);
  if (id === undefined) throw new RangeError("A key has no name");
  return id;
}
