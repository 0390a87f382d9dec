import { createHmac, hkdfSync } from "node:crypto";

/** Where every derivation begins, so that a key used here and elsewhere gives different keys. */
const DOMAIN = "sluice redaction";

/**
 * A key for one purpose, derived from a master key: HKDF-SHA-256 (RFC 5869) without salt. The same master and
 * purpose always give the same key.
 *
 * @param master the text of the key file
 */
export function derivedKey(master: string, purpose: string): Uint8Array {
  const key = hkdfSync(
    "sha256",
    new TextEncoder().encode(master),
    new Uint8Array(),
    `${DOMAIN} ${purpose}`,
    32,
  );
  return new Uint8Array(key);
}

/**
 * HMAC-SHA-256 (RFC 2104) of a text in UTF-8 or of bytes, cut to so many hex digits.
 *
 * @param digits 1 to 64; 16 digits keep 50 000 devices apart but for one chance in 14 thousand million
 */
export function keyedHash(key: Uint8Array, content: string | Uint8Array, digits: number): string {
  return createHmac("sha256", key).update(content).digest("hex").slice(0, digits);
}

/** The name of a master key: tells nothing of it, and fits into rules and log lines. */
export function keyIdOf(master: string): string {
  return keyedHash(derivedKey(master, "key id"), "", 16);
}

/** Purpose of the key of tags, of refused payloads, and of fields where nothing rotates. */
export const LASTING = "lasting";
