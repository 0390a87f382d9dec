import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { count, seconds, time, wire } from "./wire.ts";

/** A field of messages that no subscription takes. */
export interface LearnedField {
  /** Name that it would have. */
  readonly name: string;
  /** Where it stands in the payload. */
  readonly path: string;
  /** `float`, `int`, `boolean` or `string`; `time`, `sequence`, `mixed` and `confidential` are no readings. */
  readonly type: string;
  /** Unit, as far as name and values tell. */
  readonly unit: string | null;
  /** Lowest number seen. */
  readonly min: number | null;
  /** Highest number seen. */
  readonly max: number | null;
  /** One of its values; dots where it may be a credential or personal. */
  readonly example: string;
  /** Part of the messages that have it, 0 … 1. */
  readonly share: number;
}

/** One kind of message that no subscription takes, with what would take it. */
export interface LearnedKind {
  /** Its id; the same after a restart, as a rule. */
  readonly id: string;
  /** The topics, as a template with `{device}`. */
  readonly topic: string;
  /** One of them. */
  readonly example_topic: string;
  /** Devices seen, of at most 20 topics. */
  readonly devices: number;
  /** Messages seen. */
  readonly messages: number;
  /** Receipt of the first. RFC 3339, UTC. */
  readonly first_seen_at: string;
  /** Receipt of the newest. RFC 3339, UTC. */
  readonly last_seen_at: string;
  /** Format of the payloads. */
  readonly format: string;
  /** Time between two messages of a device; `null` where there is no regular one. */
  readonly cadence_seconds: number | null;
  /** What the messages hold. */
  readonly fields: readonly LearnedField[];
  /** The profile that would take them, with comments; empty where nothing in them can be a reading. */
  readonly profile_yaml: string;
  /** The entries for `subscriptions`, with comments. */
  readonly subscription_yaml: string;
  /** `proposed`: enough was seen. */
  readonly state: "learning" | "proposed";
}

/** How a device is pointed at the gateway. */
export interface HowTo {
  /** The broker that devices publish to. */
  readonly broker_url: string | null;
  /** A command that publishes a reading. */
  readonly example_command: string | null;
}

/** A stretch of the kinds that are known. */
export interface LearnedPage extends Page<LearnedKind> {
  /** How a device is pointed at the gateway. */
  readonly how_to: HowTo;
}

/** What was put in force. */
export interface LearnedAccepted {
  /** Name of the profile. */
  readonly profile: string;
  /** Topics of the subscription; several with commas between them. */
  readonly subscription: string;
}

const field = wire<LearnedField>()(
  z.object({
    name: z.string(),
    path: z.string(),
    type: z.string().openapi({
      description: "float, int, boolean, string; time, sequence, mixed and confidential are no readings",
    }),
    unit: z.string().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    example: z.string().openapi({ description: "dots where it may be a credential or personal" }),
    share: z.number().min(0).max(1),
  }),
);

const kind = wire<LearnedKind>()(
  z.object({
    id: z.string(),
    topic: z.string().openapi({ example: "hall/{device}/climate" }),
    example_topic: z.string(),
    devices: count.openapi({ description: "of at most 20 topics" }),
    messages: count,
    first_seen_at: time,
    last_seen_at: time,
    format: z.string(),
    cadence_seconds: seconds.nullable(),
    fields: z.array(field).readonly(),
    profile_yaml: z.string(),
    subscription_yaml: z.string(),
    state: z.enum(["learning", "proposed"]),
  }).openapi("Learned"),
);

export const LearnedPageSchema = wire<LearnedPage>()(
  z.object({
    items: z.array(kind).readonly(),
    next_cursor: z.string().nullable(),
    how_to: z.object({ broker_url: z.string().nullable(), example_command: z.string().nullable() }),
  }).openapi("LearnedPage"),
);

/** Longest YAML of a profile or of subscriptions. */
const LONGEST = 65_536;
const yaml = z.string().min(1, "allowed is YAML; leave it out for what is proposed")
  .max(LONGEST, `allowed are at most ${LONGEST} characters`).optional();

export const LearnedWishSchema = z.strictObject({
  profile_yaml: yaml.openapi({ description: "YAML of the profile; left out: the one proposed" }),
  subscription_yaml: yaml.openapi({ description: "YAML of the subscriptions; left out: those proposed" }),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys" ? "allowed are profile_yaml and subscription_yaml" : undefined,
}).openapi("LearnedWish");

export const LearnedAcceptedSchema = wire<LearnedAccepted>()(
  z.object({ profile: z.string(), subscription: z.string() }).openapi("LearnedAccepted"),
);
