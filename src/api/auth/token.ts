import { createHash, timingSafeEqual } from "node:crypto";
import type { Role } from "./role.ts";

/** A token of the configuration: only its hash is known. */
export interface ApiToken {
  /** Whose it is. */
  readonly name: string;
  /** What its bearer may do. */
  readonly role: Role;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
  /** Wall clock from which on it is refused, ms; left out: never. */
  readonly expires?: number | undefined;
}

/** The tokens in force; another list after a reload. */
export type TokenSource = () => readonly ApiToken[];

/** The hash of a token as the configuration holds it. A token is random, so it needs no salt and no stretching. */
export function hashToken(token: string): string {
  return `sha256:${createHash("sha256").update(token, "utf8").digest("hex")}`;
}

/**
 * A new token.
 *
 * @param random 32 bytes from a cryptographic source
 */
export function formatToken(random: Uint8Array): string {
  return `sluice_${random.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** Whether a text has the form of a token's hash. */
export function isTokenHash(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(text);
}

/** Whether a token is refused because of its age. `wall` is the wall clock, ms. */
export function isExpired(token: ApiToken, wall: number): boolean {
  return token.expires !== undefined && wall >= token.expires;
}

/**
 * Finds the configured token that a presented one is. Takes the same time whichever it is or whether it is
 * any: every hash is compared, each in constant time.
 */
export function findToken(tokens: readonly ApiToken[], presented: string): ApiToken | undefined {
  const hash = createHash("sha256").update(presented, "utf8").digest();
  let found: ApiToken | undefined;
  for (const token of tokens) {
    if (timingSafeEqual(hash, Uint8Array.fromHex(token.hash.slice("sha256:".length)))) found = token;
  }
  return found;
}
