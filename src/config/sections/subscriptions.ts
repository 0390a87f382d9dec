import { z } from "zod";
import { name, text } from "./scalars.ts";

/** One entry of `subscriptions`. */
export const subscriptionSchema = z.strictObject({
  topic: text().describe(
    "Topic template. {name} stands for one level and becomes a tag; {device} is the device id. + and a last # " +
      "match without naming.",
  ),
  profile: text().describe("Name of the device profile."),
  format: z.enum(["json", "value", "senml", "cbor", "msgpack", "sparkplug_b", "line_protocol"]).prefault(
    "json",
  )
    .describe("Format of the payloads."),
  tags: z.record(z.string(), name()).prefault({}).describe("Tags that every reading of it gets."),
});

/** Section `subscriptions`. */
export const subscriptionsSection = z.array(subscriptionSchema).min(1);

/** Section `profiles_dir`. */
export const profilesDirSection = text().prefault("devices/profiles");
