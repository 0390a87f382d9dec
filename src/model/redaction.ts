/**
 * What becomes of a personal value before anything behind validation sees it. Plain data: it stands in the
 * rules, and so in the journal and the checkpoint; the key of `hash` never does.
 */
export type Redaction =
  /** A keyed hash (HMAC-SHA-256) of the text in so many hex digits: equal texts stay equal, nothing else is told. */
  | { readonly kind: "hash"; readonly digits: number }
  /** The last `keep` characters stay, the others become `*`; a text that is no longer than that is hidden whole. */
  | { readonly kind: "mask"; readonly keep: number }
  /** It does not leave at all. */
  | { readonly kind: "drop" }
  /** The nearest multiple of `to`. */
  | { readonly kind: "grid"; readonly to: number }
  /** A moment, cut down to the beginning of its span of `to` ms: an ISO 8601 text, or a number in a unit. */
  | { readonly kind: "span"; readonly to: number; readonly unit: "iso8601" | "s" | "ms" | "us" | "ns" };

/** What the rules say about personal data as a whole. */
export interface PrivacyRule {
  /** Names the key that hashes are made with; `null`: there is none. The key itself is not in the rules. */
  readonly keyId: string | null;
  /** So long one key of fields is in use, ms of the receipt's wall clock; `null`: for ever. */
  readonly rotate: number | null;
  /** Refused payloads in which nothing can be redacted, since they do not decode, are kept as they came. */
  readonly keepRefusedPayloads: boolean;
}

/** The text with all but its last `keep` characters as `*`; one that is no longer than that is hidden whole. */
export function masked(text: string, keep: number): string {
  const characters = [...text];
  const hidden = characters.length <= keep ? characters.length : characters.length - keep;
  return "*".repeat(hidden) + characters.slice(hidden).join("");
}
