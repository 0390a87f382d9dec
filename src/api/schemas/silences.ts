import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { time, wire } from "./wire.ts";

/** Of which alerts nobody is told for a while. They fire, show and are in the history all the same. */
export interface Silence {
  /** Its id. */
  readonly id: string;
  /** Name of the rule; `null`: every rule. */
  readonly rule: string | null;
  /** Devices whose id matches this glob (`*`, `?`); `null`: every device. */
  readonly device: string | null;
  /** Why. */
  readonly reason: string | null;
  /** Who asked for it. */
  readonly by: string;
  /** When it was asked for. RFC 3339, UTC. */
  readonly since: string;
  /** When it ends. RFC 3339, UTC. */
  readonly until: string;
}

export const SilenceSchema = wire<Silence>()(
  z.object({
    id: z.string(),
    rule: z.string().nullable(),
    device: z.string().nullable(),
    reason: z.string().nullable(),
    by: z.string(),
    since: time,
    until: time,
  }).openapi("Silence"),
);

export const SilencePageSchema = wire<Page<Silence>>()(
  z.object({ items: z.array(SilenceSchema).readonly(), next_cursor: z.string().nullable() }).openapi(
    "SilencePage",
  ),
);

/** Longest text that a person may say to something. */
const LONGEST_TEXT = 1_000;
/** 366 days. */
const MOST_MINUTES = 527_040;

/** What a person says to something, e.g. why. */
export const remark = z.string().max(LONGEST_TEXT, `allowed are at most ${LONGEST_TEXT} characters`);

const NAME = "allowed are 1 to 256 characters";
const MINUTES = `allowed is a whole number from 1 to ${MOST_MINUTES}`;

export const SilenceWishSchema = z.strictObject({
  rule: z.string(NAME).min(1, NAME).max(256, NAME).optional()
    .openapi({ description: "Name of a rule; without it every rule" }),
  device: z.string(NAME).min(1, NAME).max(256, NAME).optional()
    .openapi({ description: "Glob of device ids; without it every device", example: "kiln-*" }),
  reason: remark.optional(),
  minutes: z.number(MINUTES).int(MINUTES).min(1, MINUTES).max(MOST_MINUTES, MINUTES).optional()
    .openapi({ description: "How long it lasts; either this or until" }),
  until: z.iso.datetime({ offset: true, error: "allowed is a time as RFC 3339 has it" }).optional()
    .openapi({ description: "When it ends; either this or minutes" }),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys" ? "allowed are rule, device, reason, minutes and until" : undefined,
}).refine(({ rule, device }) => rule !== undefined || device !== undefined, {
  path: ["rule"],
  error: "a rule, a device or both must be given: a silence of everything is not allowed",
}).refine(({ minutes, until }) => (minutes === undefined) !== (until === undefined), {
  path: ["minutes"],
  error: "either minutes or until must be given",
}).openapi("SilenceWish");
