import { z } from "zod";
import { fieldDownsample, MAX_AGE, MAX_FUTURE, maxAge, maxFuture, profileDownsample } from "./downsample.ts";
import { exampleSchema } from "./example.ts";
import { redactSchema } from "./redact.ts";
import { sampleSchema } from "./sample.ts";
import { decimal, duration, flag, issue, name, text, whole } from "./scalars.ts";
import { parseFieldPath } from "../field_path.ts";

/** A path into the payload, e.g. `sensors.vib[0]`. */
const path = z.string().min(1).transform((value, context) => {
  const parsed = parseFieldPath(value);
  if (parsed !== undefined) return parsed;
  return issue(context, {
    reason: "bad_field_path",
    found: value,
    allowed: 'keys with dots and indices in brackets: sensors.vib[0], data["a.b"]',
  });
});

const texts = z.array(z.string()).min(1).max(1_000).superRefine((list, context) => {
  list.forEach((one, index) => {
    if (list.indexOf(one) === index) return;
    issue(context, { reason: "not_allowed", found: one, allowed: "each text once" }, [index]);
  });
});

/** One entry of `fields`. */
export const fieldSchema = z.strictObject({
  type: z.enum(["float", "int", "boolean", "string"]).describe("Type of its values."),
  path: path.optional().describe("Where it stands in the payload. Default: the key of its name."),
  unit: text().optional().describe("Unit for people, after scale and offset, e.g. degC."),
  range: z.tuple([decimal(), decimal()]).optional().describe(
    "Lowest and highest value allowed, after scale and offset; numbers only.",
  ),
  required: flag().prefault(false).describe(
    "A message without it, or with a bad one, is refused as a whole.",
  ),
  max_length: whole(1, 1_048_576).optional().describe("Longest text, in UTF-16 code units; strings only."),
  enum: texts.optional().describe("The only texts that are allowed, e.g. [debug, info, err]; strings only."),
  tag: flag().prefault(false).describe(
    "Its text is no reading but a tag of the message's readings: keep the number of different ones small " +
      "(limits.series). Strings only.",
  ),
  scale: decimal().optional().describe("Value = raw × scale + offset; numbers only. Default: 1."),
  offset: decimal().optional().describe("Value = raw × scale + offset; numbers only. Default: 0."),
  downsample: fieldDownsample.optional().describe(
    "How its readings become points: none (each reading passes), {on: change, heartbeat}, or " +
      "{every, aggregates, …}. Default: numbers as the profile or the configuration says; boolean and string " +
      "fields {on: change, heartbeat: 5m}.",
  ),
  redact: redactSchema.optional().describe(
    "What becomes of a personal value before anything but the inbox sees it: hash, mask, drop, {hash: {digits}}, " +
      "{mask: {keep}} or {generalise: {to}}. Alert rules, points, answers and logs see the redacted value alone.",
  ),
});

/** A device profile. */
export const profileSchema = z.strictObject({
  profile: name().describe("Name of the profile, as subscriptions and alerts use it."),
  description: z.string().prefault("").describe("For people."),
  measurement: name().optional().describe("Measurement in the database. Default: the profile's name."),
  time: z.strictObject({
    field: path.describe("Where the device's time stands in the payload."),
    unit: z.enum(["s", "ms", "us", "ns", "iso8601"]).describe("Unit of that time since 1970, or ISO 8601."),
    distinct: flag().prefault(false).describe(
      "For events and logs: those of one millisecond get nanoseconds by what they say, since a database keeps only " +
        "one point of a series at one time.",
    ),
  }).optional().describe("The device's own time. Default: the time of receipt."),
  sequence: path.optional().describe(
    "Where the device's sequence number stands: duplicates are recognised, gaps are counted.",
  ),
  expect_every: duration({ min: 1 }).optional().describe(
    "How often a device reports: online, late, offline.",
  ),
  downsample: profileDownsample.optional().describe(
    "Default for its fields; windows ({every, …}) for numbers only. Overrides the configuration.",
  ),
  max_future: maxFuture.optional().describe(`${MAX_FUTURE} Also beside downsample: none.`),
  max_age: maxAge.optional().describe(`${MAX_AGE} Also beside downsample: none.`),
  sample: sampleSchema.optional().describe(
    "Keeps only a part of the messages: 1/10, or {keep: 1/10, except: {severity: [err]}}. Topic and payload " +
      "decide, so that a message that comes again has the same fate. Alert rules still see all of them, and what " +
      "is refused is never left out.",
  ),
  fields: z.record(z.string(), fieldSchema).prefault({}).describe("The fields that devices report."),
  redact_tags: z.record(z.string(), redactSchema).prefault({}).describe(
    "What becomes of personal tags, by name, in every subscription of it: hash, mask or drop.",
  ),
  unknown_fields: z.enum(["ignore", "reject", "keep"]).prefault("ignore").describe(
    "What happens to fields that are not named here.",
  ),
  examples: z.array(exampleSchema).prefault([]).describe(
    "Messages with what becomes of them; check runs them, each as the first message of a new device.",
  ),
});

/** A profile as read. */
export type ProfileDraft = z.output<typeof profileSchema>;
/** A field as read. */
export type FieldDraft = z.output<typeof fieldSchema>;
