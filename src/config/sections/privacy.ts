import { z } from "zod";
import type { Secret } from "../secret.ts";
import { duration, flag, text } from "./scalars.ts";

/** A key of hashes. */
export interface PrivacyKey {
  /** Names it in the rules, the journal and the log; tells nothing of it. */
  readonly id: string;
  /** The key itself. */
  readonly secret: Secret;
}

/** The keys of redaction; what else holds for personal data stands in the rules. */
export interface PrivacyConfig {
  /** The present key, then former ones that journalled messages may still need. */
  readonly keys: readonly PrivacyKey[];
}

/** Section `privacy`. */
export const privacySection = z.strictObject({
  key_file: text().optional().describe(
    "File with the key of redact: hash, 32 characters or more (openssl rand -hex 32). It stays out of the rules, " +
      "the journals and the checkpoint.",
  ),
  former_key_files: z.array(text()).prefault([]).describe(
    "Files of keys that were in force before: needed until every message journalled under them is processed.",
  ),
  rotate: duration({ min: 3_600_000 }).optional().describe(
    "So long a field's hashes can be told equal: then the key derived from key_file changes, by the wall clock of " +
      "the receipt. Tags keep one hash, since they name series. Left out: never.",
  ),
  keep_refused_payloads: flag().prefault(false).describe(
    "Keep refused payloads that do not decode, though what is personal in them cannot be redacted. Otherwise only " +
      "their size and hash are kept.",
  ),
}).prefault({});
