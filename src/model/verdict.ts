/** Why a whole message was refused. */
export type MessageReason =
  | "payload_too_large"
  | "undecodable"
  | "too_deep"
  | "too_many_keys"
  | "no_readings"
  | "missing_field"
  | "type"
  | "range"
  | "too_long"
  | "unknown_field"
  | "bad_time"
  | "bad_tag"
  | "cardinality"
  | "rate"
  | "no_birth"
  | "sequence_gap"
  | "unknown_alias"
  | "internal";

/** Why single readings were refused while the rest of their message went on. */
export type ReadingReason =
  | "type"
  | "range"
  | "too_long"
  | "future"
  | "too_old"
  | "late"
  | "cardinality";

/** Why points were refused. */
export type PointReason = "refused";

/** Every reason there is in the quarantine. */
export type Reason = MessageReason | ReadingReason | PointReason;

/** A refusal as data; `refusalText` makes the sentence. */
export interface Refusal {
  /** Why, for machines. */
  readonly reason: Reason;
  /** The field that it is about. */
  readonly field?: string;
  /** What was found, shortened. */
  readonly found?: string;
  /** What is allowed. */
  readonly allowed?: string;
  /** A guess that helps, e.g. `looks like seconds`. */
  readonly hint?: string;
}

const WORDS: Readonly<Record<Reason, string>> = {
  payload_too_large: "The payload is too large",
  undecodable: "The payload cannot be decoded",
  too_deep: "The payload is nested too deeply",
  too_many_keys: "An object of the payload has too many keys",
  no_readings: "The message holds no field of its profile",
  missing_field: "A required field is missing",
  type: "The value has the wrong type",
  range: "The value is out of range",
  too_long: "The text is too long",
  unknown_field: "The message holds a field that its profile does not name",
  bad_time: "The device time cannot be read",
  bad_tag: "The text cannot be a tag",
  cardinality: "The limit of devices or series is reached",
  rate: "The device sends faster than its allowed rate",
  no_birth: "The birth that explains the message was not seen",
  sequence_gap: "Messages of the edge node are missing before this one",
  unknown_alias: "The message names a metric by an alias that no birth has given",
  internal: "The gateway failed on this message",
  future: "The reading lies too far ahead of its receipt",
  too_old: "The reading is too old",
  late: "The reading came after its window was written and forgotten",
  refused: "The database refused the point",
};

/** Every reason, with its sentence for people. */
export function reasonWords(): readonly (readonly [reason: string, words: string])[] {
  return Object.entries(WORDS);
}

/** The sentence for people: what failed, the value found in quotes, what is allowed, a hint. */
export function refusalText(refusal: Refusal): string {
  const field = refusal.field === undefined ? "" : ` (${refusal.field})`;
  const found = refusal.found === undefined ? "" : `: found "${refusal.found}"`;
  const allowed = refusal.allowed === undefined ? "" : `; allowed is ${refusal.allowed}`;
  const hint = refusal.hint === undefined ? "" : `; ${refusal.hint}`;
  return `${WORDS[refusal.reason]}${field}${found}${allowed}${hint}`;
}

// deno-lint-ignore no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f]/g;

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** Shortens any value for a refusal's `found`: at most 80 characters, control characters made visible. */
export function shown(value: unknown): string {
  let text: string;
  if (typeof value === "string") text = value;
  else if (typeof value === "object" && value !== null) {
    text = Array.isArray(value) ? "an array" : "an object";
  } else text = String(value);
  // Cut before anything looks at the text: it may be a payload of megabytes.
  const visible = text.slice(0, 81).replace(CONTROL, escaped);
  return (visible.length > 80 ? `${visible.slice(0, 79)}…` : visible).toWellFormed();
}
