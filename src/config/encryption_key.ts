/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;

/** What a key file holds, for people. */
export const KEY_TEXT = "32 random bytes on one line, as base64 or as 64 hexadecimal digits";

/**
 * Reads the text of a key file.
 *
 * @param text one line, with or without the line break of the file
 * @returns the 32 bytes, or `undefined` where the text says no such thing
 */
export function parseEncryptionKey(text: string): Uint8Array | undefined {
  const line = text.replace(/(\r?\n)+$/, "");
  if (/^[0-9a-fA-F]{64}$/.test(line)) return Uint8Array.fromHex(line);
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(line)) return undefined;
  const bytes = Uint8Array.fromBase64(line);
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

/** The text of a key file for these bytes, without the line break. */
export function formatEncryptionKey(bytes: Uint8Array): string {
  return bytes.toBase64();
}
