import { z } from "zod";
import type { Redaction } from "../../model/mod.ts";
import { decimal, duration, issue, whole } from "./scalars.ts";

/** Characters that `mask` keeps, and hex digits of `hash`, where nothing else is said. */
const KEEP = 4;
const DIGITS = 16;

const hash = z.strictObject({
  digits: whole(16, 32).prefault(DIGITS).describe("Hex digits of the hash, 16 to 32."),
});
const mask = z.strictObject({
  keep: whole(0, 64).prefault(KEEP).describe("Characters at the end that stay; the others become *."),
});

/** A number is a grid, a duration a span of time: which of them it is says how the field is read. */
const grid = decimal().transform((to, context) => {
  if (to > 0) return { to, time: false };
  return issue(context, { reason: "out_of_range", found: String(to), allowed: "a number above 0" });
});
const span = duration({ min: 1 }).transform((to) => ({ to, time: true }));
const generalise = z.strictObject({
  to: z.union([grid, span]).describe(
    "A number: values are rounded to its multiples, 0.01 for a coarse place. A duration: moments are cut down to " +
      "it, 1h for the hour.",
  ),
  unit: z.enum(["s", "ms", "us", "ns"]).optional().describe(
    "With a duration, the unit of a field that holds a moment as a number since 1970.",
  ),
});

const KINDS = "hash, mask, drop, {hash: {digits}}, {mask: {keep}} or {generalise: {to}}";

const detailed = z.strictObject({
  hash: hash.optional().describe("A keyed hash takes its place: equal texts stay equal. Texts only."),
  mask: mask.optional().describe("Its last characters stay, the others become *. Texts only."),
  generalise: generalise.optional().describe("A coarser number or moment takes its place."),
}).superRefine((value, context) => {
  const given = Object.keys(value);
  if (given.length === 1) return;
  issue(context, { reason: "not_allowed", found: given.join(", ") || "nothing", allowed: `one of ${KINDS}` });
});

/** `redact` as read. A moment's unit is `undefined` where it is a text. */
export type RedactDraft =
  | Exclude<Redaction, { kind: "grid" | "span" }>
  | {
    readonly kind: "generalise";
    readonly to: number;
    readonly time: boolean;
    readonly unit: "s" | "ms" | "us" | "ns" | undefined;
  };

/** `redact` of a field or of a tag. */
export const redactSchema = z.union([z.enum(["hash", "mask", "drop"]), detailed]).transform(
  (value): RedactDraft => {
    if (value === "drop") return { kind: "drop" };
    if (value === "hash") return { kind: "hash", digits: DIGITS };
    if (value === "mask") return { kind: "mask", keep: KEEP };
    if (value.hash !== undefined) return { kind: "hash", digits: value.hash.digits };
    if (value.mask !== undefined) return { kind: "mask", keep: value.mask.keep };
    if (value.generalise === undefined) return { kind: "drop" };
    const { to: { to, time }, unit } = value.generalise;
    return { kind: "generalise", to, time, unit };
  },
);
