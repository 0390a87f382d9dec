import { z } from "zod";
import { parseTemplate } from "../../model/mod.ts";
import { flag, issue } from "./scalars.ts";

/** Everything but topics that begin with `$`. */
const EVERYTHING = ["#"];

const filter = z.string().min(1).superRefine((text, context) => {
  const template = parseTemplate(text);
  if (!("reason" in template) && template.levels.every(({ kind }) => kind !== "named")) return;
  issue(context, {
    reason: "bad_topic",
    found: text,
    allowed: "a topic filter: + for one level, # at the end",
  });
});

/** Section `learn`: the filters that are listened to for what no subscription takes. */
export const learnSection: z.ZodType<readonly string[], unknown> = z.union([
  flag().transform((on) => on ? EVERYTHING : []),
  z.strictObject({
    topics: z.array(filter).min(1).describe("MQTT filters that are listened to beside the subscriptions."),
  }).transform(({ topics }) => topics),
]).prefault(false);
