import { z } from "zod";
import { redactSchema } from "./redact.ts";
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
    .describe(
      "Format of the payloads. The paths of a profile's fields look into what it gives. json, cbor, msgpack: the value " +
        "itself, an array of objects as several records; in cbor and msgpack, keys that are integers become text, bytes " +
        "base64url text. value: one bare number, boolean or text. senml (RFC 8428, in JSON or CBOR): each value under " +
        "its name, without the pack's first base name; under another base name of the pack, or where the pack has " +
        'none, under the whole name; "name#unit" where the pack gave the name another unit before; "name#sum" for a ' +
        "sum. line_protocol: fields by their keys, tags under tags (tags.site), the measurement as measurement. " +
        "sparkplug_b: metrics by their names; topic spBv1.0/{group}/+/{node}/# takes a node and its devices. senml, " +
        "line_protocol and sparkplug_b carry the time themselves: leave time out of their profiles.",
    ),
  compression: z.enum(["none", "gzip"]).prefault("none").describe(
    "How the payloads are compressed. limits.payload counts the bytes that come out.",
  ),
  tags: z.record(z.string(), name()).prefault({}).describe("Tags that every reading of it gets."),
  redact_tags: z.record(z.string(), redactSchema).prefault({}).describe(
    "What becomes of personal tags, by name: hash, mask or drop. It wins over the profile's. device can be hashed: " +
      "then the hash is the device id everywhere.",
  ),
});

/** Section `subscriptions` where there must be some. */
export const subscriptionsSection = z.array(subscriptionSchema).min(1);

/** Section `subscriptions`: there may be none where the gateway learns. */
export const subscriptionsSchema = z.array(subscriptionSchema).prefault([]);

/** Section `profiles_dir`. */
export const profilesDirSection = text().prefault("devices/profiles");
