import { KEY_ID_BYTES, type KeyId, keyIdBytes, keyIdOf } from "./key_id.ts";
import type { KeyRing } from "./key_ring.ts";

const SALT_BYTES = 16;
const HEAD = KEY_ID_BYTES + SALT_BYTES;
const FOR_BOX = "journal: box";
// The key is the box's own, so one nonce is enough.
const NONCE = new Uint8Array(12);

/** What became of opening a box. */
export type OpenedBox =
  | { readonly kind: "open"; readonly bytes: Uint8Array }
  /** It needs a key that is not in the ring. */
  | { readonly kind: "no_key"; readonly key: KeyId }
  /** It is not what was closed. */
  | { readonly kind: "damaged" };

/**
 * Encrypts bytes that are no journal, such as a checkpoint beside one: key name (8 bytes), salt (16), then
 * AES-256-GCM under a key derived for this box alone.
 *
 * @param salt a random 64-bit number, another at each call, from a source fit for secrets
 * @returns `undefined` where the ring has no current key: nothing new is to be encrypted
 */
export async function sealBox(
  keys: KeyRing | undefined,
  salt: () => bigint,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  const id = keys?.current;
  if (keys === undefined || id === undefined) return undefined;
  const own = new Uint8Array(new BigUint64Array([salt(), salt()]).buffer);
  const key = await keys.derive(id, own, FOR_BOX);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: NONCE }, key, bytes));
  const box = new Uint8Array(HEAD + sealed.length);
  box.set(keyIdBytes(id));
  box.set(own, KEY_ID_BYTES);
  box.set(sealed, HEAD);
  return box;
}

/** Opens what `sealBox` made. */
export async function openBox(keys: KeyRing | undefined, box: Uint8Array<ArrayBuffer>): Promise<OpenedBox> {
  const id = box.length < HEAD ? undefined : keyIdOf(box.subarray(0, KEY_ID_BYTES));
  if (id === undefined) return { kind: "damaged" };
  if (keys?.has(id) !== true) return { kind: "no_key", key: id };
  const key = await keys.derive(id, box.slice(KEY_ID_BYTES, HEAD), FOR_BOX);
  try {
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: NONCE }, key, box.subarray(HEAD));
    return { kind: "open", bytes: new Uint8Array(opened) };
  } catch {
    return { kind: "damaged" };
  }
}
