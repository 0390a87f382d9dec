/**
 * The building blocks of the sections: each reads one kind of value, says what is wrong as data, and shows
 * itself in the JSON Schema as what a person writes.
 * @module
 */
import { z } from "zod";
import { nameProblem } from "../../model/mod.ts";
import { DURATION_PATTERN, formatDuration, parseDuration, type ValueProblem } from "../duration.ts";
import type { ConfigFacts, ConfigReason } from "../problem.ts";
import { parseRate, type Rate, RATE_PATTERN } from "../rate.ts";
import { formatSize, parseSize, SIZE_PATTERN } from "../size.ts";

/** What a section's own checks hand on; `issues.ts` makes a problem of it. */
export type IssueParams = ConfigFacts & { readonly reason: ConfigReason };

/** Smallest and largest value allowed, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Reports a check of ours through zod. */
export function issue(context: z.RefinementCtx, params: IssueParams, path: (string | number)[] = []): never {
  context.addIssue({ code: "custom", params: { ...params }, path });
  return z.NEVER;
}

/** A measure is a text with a unit; a bare number is read as text, so that the error can name the units. */
function measure(
  parse: (text: string) => number | ValueProblem,
  format: (value: number) => string,
  pattern: string,
  bounds: Bounds,
): z.ZodType<number, unknown> {
  const { min = 0, max = Infinity } = bounds;
  const reader = z.string().meta({ pattern }).transform((text, context) => {
    const value = parse(text);
    if (typeof value !== "number") return issue(context, value);
    if (value >= min && value <= max) return value;
    const allowed = max === Infinity ? `at least ${format(min)}` : `${format(min)} to ${format(max)}`;
    return issue(context, { reason: "out_of_range", found: text, allowed });
  });
  return z.preprocess((value) => typeof value === "number" ? String(value) : value, reader);
}

/** A duration in ms. */
export function duration(bounds: Bounds = {}): z.ZodType<number, unknown> {
  return measure(parseDuration, formatDuration, DURATION_PATTERN, bounds);
}

/** A size in bytes. */
export function size(bounds: Bounds = {}): z.ZodType<number, unknown> {
  return measure(parseSize, formatSize, SIZE_PATTERN, bounds);
}

/** A rate as it was written. */
export function rate(): z.ZodType<Rate, string> {
  return z.string().meta({ pattern: RATE_PATTERN }).transform((text, context) => {
    const value = parseRate(text);
    return "reason" in value ? issue(context, value) : value;
  });
}

/** A text of digits counts as a number, so that `${NAME}` works for numbers too. */
function numeric(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : value;
}

/** A whole number. */
export function whole(min: number, max: number): z.ZodType<number, unknown> {
  return z.preprocess(numeric, z.int().min(min).max(max));
}

/** A finite number. */
export function decimal(): z.ZodType<number, unknown> {
  return z.preprocess(numeric, z.number());
}

/** `true` or `false`. */
export function flag(): z.ZodType<boolean, unknown> {
  return z.preprocess((value) => value === "true" ? true : value === "false" ? false : value, z.boolean());
}

/** A text that is not empty. */
export function text(): z.ZodType<string, string> {
  return z.string().min(1);
}

/** A name or tag value that can go to the database. */
export function name(): z.ZodType<string, string> {
  return z.string().min(1).superRefine((value, context) => {
    const problem = value === "" ? undefined : nameProblem(value);
    if (problem !== undefined) issue(context, { reason: "bad_name", found: value, ...NAME_RULES[problem] });
  });
}

/** What is allowed in a name, by what is wrong with it. */
export const NAME_RULES: Readonly<Record<NonNullable<ReturnType<typeof nameProblem>>, ConfigFacts>> = {
  empty: { allowed: "at least one character" },
  control_character: { allowed: "no control characters and no line breaks" },
  trailing_backslash: { allowed: "no backslash at the end" },
  ambiguous_backslash: { allowed: "no backslash before a comma, a space, a = or another backslash" },
  leading_hash: { allowed: "no # at the beginning" },
  lone_surrogate: { allowed: "valid Unicode" },
  too_long: { allowed: "at most 8192 characters" },
};

/** An address of one of the schemes, without user, password, parameters or fragment. */
export function url(schemes: readonly string[]): z.ZodType<string, string> {
  const allowed = `${schemes.map((scheme) => `${scheme}://`).join(" ")} and a host`;
  return z.string().min(1).superRefine((value, context) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    const found = value.replace(/\/\/[^/]*@/, "//[secret]@").replace(/[?#].*$/s, "");
    if (value === "") return;
    if (parsed === undefined || !schemes.includes(parsed.protocol.slice(0, -1)) || parsed.hostname === "") {
      issue(context, { reason: "bad_url", found, allowed });
    } else if (
      parsed.username !== "" || parsed.password !== "" || parsed.search !== "" || parsed.hash !== ""
    ) {
      issue(context, {
        reason: "url_holds_secret",
        found,
        allowed: "scheme, host, port and path",
        hint: "give user and secret under keys of their own",
      });
    }
  });
}
