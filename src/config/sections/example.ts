import { z } from "zod";
import type { Reason } from "../../model/mod.ts";
import { issue, text } from "./scalars.ts";

/** Why one message, or a reading of it, can be refused by its profile alone. */
const REASONS = [
  "undecodable",
  "too_deep",
  "too_many_keys",
  "payload_too_large",
  "no_readings",
  "missing_field",
  "type",
  "range",
  "too_long",
  "unknown_field",
  "bad_time",
  "bad_tag",
  "future",
  "too_old",
] as const satisfies readonly Reason[];

/** A date and time with its zone, as ms since 1970. */
const moment = z.string().min(1).meta({ format: "date-time" }).transform((value, context) => {
  if (z.iso.datetime({ offset: true }).safeParse(value).success) return Date.parse(value);
  return issue(context, {
    reason: "not_allowed",
    found: value,
    allowed: "a time such as 2026-03-01T12:00:00Z",
  });
});

/** One entry of `examples`. */
export const exampleSchema = z.strictObject({
  message: z.unknown().optional().describe(
    "A payload as its format is decoded: what JSON says, written as YAML.",
  ),
  topic: text().optional().describe(
    "The topic it comes on; needed where a level {field} of a subscription names the field.",
  ),
  received_at: moment.optional().describe(
    "When it is received, e.g. 2026-03-01T12:00:00Z. Default: the message's own time.",
  ),
  readings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).optional().describe(
    "The readings that it makes, all of them. Left out: none.",
  ),
  tags: z.record(z.string(), z.string()).optional().describe(
    "The tags of each of its points: of those that the profile takes from the payload (tag: true) all, of those of " +
      "topic and subscription the ones that are named. Left out: any.",
  ),
  refused: z.enum(REASONS).optional().describe(
    "Why it is refused, or beside readings: why a part of it is. Left out: nothing is.",
  ),
}).superRefine((example, context) => {
  if (example.message === undefined) {
    issue(context, { reason: "missing_key", allowed: "a payload" }, ["message"]);
  }
  if (example.tags !== undefined && example.readings === undefined) {
    issue(context, { reason: "missing_key", allowed: "readings, which tags belong to" }, ["readings"]);
  }
  if (example.readings !== undefined || example.refused !== undefined) return;
  issue(context, { reason: "missing_key", allowed: "readings, refused or both" }, ["readings"]);
});
