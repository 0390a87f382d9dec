import { type FieldRule, iso8601, masked, type Redaction, rfc3339, type Value } from "../model/mod.ts";
import type { Hasher } from "./keyring.ts";

/** What takes the place of a value: another, nothing, or no value can be made of it. */
export type Redacted = { readonly value: Value } | "dropped" | "unfit";

/** Redacts one value that validation has accepted. */
export type ValueRedactor = (value: Value, receivedAt: number) => Redacted;

/** Beyond it two neighbouring floating-point numbers are further apart than one step. */
const EXACT = Number.MAX_SAFE_INTEGER;

const MS: Readonly<Record<"s" | "ms" | "us" | "ns", number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 };

/** The redaction of a field, ready to be applied; `undefined`: nothing is redacted. A tag of the payload is a tag. */
export function fieldRedactor({ redact, tag }: FieldRule, hasher: Hasher): ValueRedactor | undefined {
  if (redact === undefined) return undefined;
  if (tag !== true) return valueRedactor(redact, hasher);
  return (value) => {
    const made = typeof value === "string" ? redactTag(redact, value, hasher) : undefined;
    return made === undefined ? "dropped" : { value: made };
  };
}

function valueRedactor(redaction: Redaction, hasher: Hasher): ValueRedactor {
  switch (redaction.kind) {
    case "drop":
      return () => "dropped";
    case "hash":
      return texts((text, receivedAt) => hasher.ofField(text, redaction.digits, receivedAt));
    case "mask":
      return texts((text) => masked(text, redaction.keep));
    case "grid":
      return numbers(onGrid(redaction.to));
    case "span":
      return redaction.unit === "iso8601"
        ? texts((text) => beginning(text, redaction.to))
        : numbers(floored(redaction.to * MS[redaction.unit]));
  }
}

/** The redaction of a tag; `undefined`: the tag does not leave. An empty level stays empty and is refused as such. */
export function redactTag(redaction: Redaction, value: string, hasher: Hasher): string | undefined {
  if (value === "") return value;
  if (redaction.kind === "hash") return hasher.lasting(value, redaction.digits);
  return redaction.kind === "mask" ? masked(value, redaction.keep) : undefined;
}

function texts(change: (text: string, receivedAt: number) => string | undefined): ValueRedactor {
  return (value, receivedAt) => {
    const made = typeof value === "string" ? change(value, receivedAt) : undefined;
    return made === undefined ? "unfit" : { value: made };
  };
}

function numbers(change: (value: number) => number): ValueRedactor {
  return (value) => typeof value === "number" ? { value: change(value) } : "unfit";
}

/** Rounds to the nearest multiple; a step of 1/n divides by n, so that 0.01 gives 52.52 and not 52.520000000000003. */
function onGrid(step: number): (value: number) => number {
  const parts = Math.round(1 / step);
  if (step < 1 && Math.abs(1 / step - parts) <= 1e-9 * parts) {
    return (value) => Math.abs(value * parts) > EXACT ? value : Math.round(value * parts) / parts + 0;
  }
  return (value) => {
    if (Math.abs(value / step) > EXACT) return value;
    const nearest = Math.round(value / step) * step;
    // An integer stays one that a number carries exactly.
    return (Math.abs(nearest) > EXACT ? Math.trunc(value / step) * step : nearest) + 0;
  };
}

function floored(step: number): (value: number) => number {
  return (value) => Math.abs(value / step) > EXACT ? value : Math.floor(value / step) * step + 0;
}

/** The beginning of the span that a moment lies in, in UTC; `undefined`: the text is no moment. */
function beginning(text: string, span: number): string | undefined {
  const moment = iso8601(text);
  return moment === undefined ? undefined : rfc3339(Math.floor(moment.ms / span) * span) ?? undefined;
}
