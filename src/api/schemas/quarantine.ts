import { z } from "@hono/zod-openapi";
import type { Reason } from "../../model/mod.ts";
import type { Page } from "./page.ts";
import { count, time, wire } from "./wire.ts";

/** What was refused, and why. */
export interface QuarantineEntry {
  /** Its position in the quarantine. */
  readonly id: number;
  /** Receipt of the message. RFC 3339, UTC. */
  readonly received_at: string;
  /** What was refused: all of a message, a reading of one, or a point by the database. */
  readonly kind: "message" | "reading" | "point";
  /** The word for programs. */
  readonly reason: Reason;
  /** The sentence for people. */
  readonly explanation: string;
  /** The field that it is about. */
  readonly field: string | null;
  /** The device id, where it is known. */
  readonly device: string | null;
  /** Name of the profile, where it is known. */
  readonly profile: string | null;
  /** The MQTT topic; `null` for a point. */
  readonly topic: string | null;
  /** Size of the payload. */
  readonly payload_bytes: number;
  /** Whether it was run again since. */
  readonly replayed: boolean;
}

/** A payload in a readable form. */
export interface Payload {
  /** How `data` is to be read. */
  readonly encoding: "utf8" | "base64";
  /** The payload, at most its first 64 KiB. */
  readonly data: string;
  /** Whether there is more. */
  readonly truncated: boolean;
}

/** What was refused, with its payload. */
export interface QuarantineDetail extends QuarantineEntry {
  /** The payload; a point's is its line. */
  readonly payload: Payload;
}

/** Every reason there is; `wire` holds it against the model's. */
const REASONS = [
  "payload_too_large",
  "undecodable",
  "too_deep",
  "too_many_keys",
  "no_readings",
  "missing_field",
  "type",
  "range",
  "too_long",
  "unknown_field",
  "bad_time",
  "bad_tag",
  "cardinality",
  "rate",
  "no_birth",
  "sequence_gap",
  "unknown_alias",
  "internal",
  "future",
  "too_old",
  "late",
  "refused",
] as const;

export const reason = z.enum(REASONS, { error: `allowed is one of ${REASONS.join(", ")}` });

const entry = z.object({
  id: count,
  received_at: time,
  kind: z.enum(["message", "reading", "point"]),
  reason,
  explanation: z.string(),
  field: z.string().nullable(),
  device: z.string().nullable(),
  profile: z.string().nullable(),
  topic: z.string().nullable(),
  payload_bytes: count,
  replayed: z.boolean(),
}).openapi("QuarantineEntry");

export const QuarantinePageSchema = wire<Page<QuarantineEntry>>()(
  z.object({ items: z.array(entry).readonly(), next_cursor: z.string().nullable() }).openapi(
    "QuarantinePage",
  ),
);

export const QuarantineDetailSchema = wire<QuarantineDetail>()(
  entry.extend({
    payload: z.object({
      encoding: z.enum(["utf8", "base64"]),
      data: z.string(),
      truncated: z.boolean(),
    }),
  }).openapi("QuarantineDetail"),
);
