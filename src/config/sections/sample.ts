import { z } from "zod";
import { issue } from "./scalars.ts";

const MOST = 1_000_000;

/** A fraction as it was written: so many of so many. */
const fraction = z.string().meta({ pattern: "^[0-9]+/[0-9]+$" }).transform((text, context) => {
  const match = /^(\d{1,7})\/(\d{1,7})$/.exec(text);
  const [keep, of] = [Number(match?.[1]), Number(match?.[2])];
  if (keep >= 1 && of <= MOST && keep <= of) return { keep, of };
  const allowed = `a fraction of at most 1, such as 1/10, with at most ${MOST} below`;
  return issue(context, { reason: "not_allowed", found: text, allowed });
});

const values = z.array(z.union([z.string(), z.boolean(), z.number()])).min(1);

const detailed = z.strictObject({
  keep: fraction.describe("Which part is kept, e.g. 1/10."),
  except: z.record(z.string(), values).prefault({}).describe(
    "Messages that are always kept: for a field or tag a list of values, as {severity: [err, crit]}.",
  ),
});

/** `sample` of a profile. */
export const sampleSchema = z.union([fraction, detailed]).transform((value) => {
  if ("of" in value) return { ...value, except: {} };
  return { ...value.keep, except: value.except };
});

/** `sample` as read. */
export type SampleDraft = z.output<typeof sampleSchema>;
