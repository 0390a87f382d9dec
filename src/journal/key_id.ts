/** Names a key without telling anything of it: 16 hexadecimal digits. */
export type KeyId = string & { readonly brand: "key id" };

/** Bytes of a key's name in a file. */
export const KEY_ID_BYTES = 8;

/** A key's name as a file's bytes say it; `undefined` for zeros, which mean "not encrypted". */
export function keyIdOf(bytes: Uint8Array): KeyId | undefined {
  return bytes.every((byte) => byte === 0) ? undefined : bytes.toHex() as KeyId;
}

/** A key's name as bytes. */
export function keyIdBytes(id: KeyId | undefined): Uint8Array {
  return id === undefined ? new Uint8Array(KEY_ID_BYTES) : Uint8Array.fromHex(id);
}
