import { z } from "zod";
import { decimal, duration, name, rate, text } from "./scalars.ts";

const value = z.union([z.number(), z.boolean(), z.string()]);
const range = z.tuple([decimal(), decimal()]);

/** One entry of `alerts`. */
export const alertSchema = z.strictObject({
  name: name().describe("Name of the rule; no other rule has it."),
  profile: text().optional().describe("Only devices under this profile."),
  device: text().optional().describe(
    "Only devices whose id matches: * stands for any text, ? for one character.",
  ),
  topic: text().optional().describe("Only messages on topics of this MQTT filter."),
  tags: z.record(z.string(), text()).prefault({}).describe("Only streams with these tags."),
  field: text().optional().describe("The field that is watched."),
  above: decimal().optional().describe("Fires while the value is above."),
  below: decimal().optional().describe("Fires while the value is below."),
  outside: range.optional().describe("Fires while the value is outside of [low, high]."),
  inside: range.optional().describe("Fires while the value is inside of [low, high]."),
  equals: value.optional().describe("Fires while the value is this."),
  not_equals: value.optional().describe("Fires while the value is anything else."),
  rate_above: rate().optional().describe("Fires while the value rises faster."),
  unchanged_for: duration({ min: 1 }).optional().describe("Fires when the value stays the same for so long."),
  silent_for: duration({ min: 1 }).optional().describe(
    "Fires when a device sends nothing for so long (dead-man); counted only while the gateway is subscribed.",
  ),
  clear: decimal().optional().describe(
    "With above or below: clears only when the value is back beyond this. Default: the threshold.",
  ),
  for: duration().prefault("0s").describe("How long the condition must hold before it fires, in event time."),
  severity: z.enum(["info", "warning", "critical"]).prefault("warning").describe("How bad it is."),
  notify: z.array(text()).prefault([]).describe("Names of the notifiers that hear of it."),
  summary: text().optional().describe(
    "Text for people, with {device} {field} {value} {unit} {limit} {rule} {severity}. Default: a sentence of " +
      "the condition.",
  ),
});

/** Section `alerts`. */
export const alertsSection = z.array(alertSchema).prefault([]);

/** One alert as read. */
export type AlertDraft = z.output<typeof alertSchema>;
