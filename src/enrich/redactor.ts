import {
  type FieldRule,
  pathText,
  type PrivacyRule,
  type Profile,
  type Reason,
  type Refusal,
  type SubscriptionRule,
  type Tags,
  type Value,
} from "../model/mod.ts";
import type { Hasher } from "./keyring.ts";
import { fieldRedactor, type ValueRedactor } from "./redact_value.ts";
import { type ReadRecord, redactsAny, RefusedPayloads } from "./refused_payload.ts";

/** A value that its rule accepts. */
export interface ReadField {
  /** The field's rule. */
  readonly rule: FieldRule;
  /** Place of the rule in its profile. */
  readonly index: number;
  /** The value after scale and offset. */
  readonly value: Value;
}

/** Reasons whose words are the gateway's own: sizes, times, limits, device ids that are redacted already. */
const OWN_WORDS: ReadonlySet<Reason> = new Set<Reason>([
  "payload_too_large",
  "cardinality",
  "rate",
  "late",
  "future",
  "too_old",
]);

const NUMBERS: ReadonlySet<string> = new Set(["float", "int"]);

/** A record that its profile accepts, as far as it matters here. */
export interface ReadableRecord<Field extends ReadField> {
  /** What is accepted. */
  readonly fields: readonly Field[];
  /** What is not. */
  readonly refusals: readonly Refusal[];
  /** Tags that the record gives its readings. */
  readonly tags: Tags;
}

/** Takes what is personal out of the messages of one subscription, before anything behind validation sees them. */
export class Redactor {
  readonly #byIndex: readonly (ValueRedactor | undefined)[];
  /** Of tags of the payload, by name. */
  readonly #byTag: ReadonlyMap<string, ValueRedactor>;
  readonly #touchesFields: boolean;
  /** Names that a refusal may give. */
  readonly #known: ReadonlySet<string>;
  /** Names of numbers that are not redacted. */
  readonly #open: ReadonlySet<string>;
  readonly #payloads: RefusedPayloads;
  /** Payloads that do not decode are kept as they came. */
  readonly keepsUndecoded: boolean;

  /**
   * Redacts as a profile says.
   *
   * @param rule what the rules say of personal data as a whole
   */
  constructor(profile: Profile, rule: PrivacyRule | undefined, hasher: Hasher) {
    this.#byIndex = profile.fields.map((field) => fieldRedactor(field, hasher));
    this.#byTag = new Map(
      profile.fields.flatMap(({ name, tag }, index) => {
        const redact = tag === true ? this.#byIndex[index] : undefined;
        return redact === undefined ? [] : [[name, redact] as const];
      }),
    );
    this.#touchesFields = this.#byIndex.some((one) => one !== undefined);
    const paths = [profile.time?.path, profile.sequence].filter((path) =>
      path !== null && path !== undefined
    );
    const numbers = profile.fields.filter(({ redact, type }) => redact === undefined && NUMBERS.has(type));
    this.#open = new Set([...numbers.map(({ name }) => name), ...paths.map(pathText)]);
    this.#known = new Set([...this.#open, ...profile.fields.map(({ name }) => name)]);
    this.#payloads = new RefusedPayloads(profile, hasher);
    this.keepsUndecoded = rule?.keepRefusedPayloads ?? false;
  }

  /**
   * The readings of a record as everything behind sees them. A dropped one is none; one that cannot be redacted (a
   * text that is no moment) is refused.
   *
   * @throws {MissingKey} where a hash is asked for and its key is not there
   */
  record<Field extends ReadField>(
    { fields, refusals, tags }: ReadableRecord<Field>,
    receivedAt: number,
  ): ReadableRecord<Field> {
    const closed = refusals.map((refusal) => this.refusal(refusal));
    if (!this.#touchesFields) return { fields, refusals: closed, tags };
    const kept: Field[] = [];
    for (const field of fields) {
      const redacted = this.#byIndex[field.index]?.(field.value, receivedAt);
      if (redacted === undefined) kept.push(field);
      else if (redacted === "unfit") {
        const allowed = "a date and time with its zone, as 2026-03-01T12:00:00Z";
        closed.push({ reason: "type", field: field.rule.name, allowed, hint: "its value is not shown" });
      } else if (redacted !== "dropped") kept.push({ ...field, value: redacted.value });
    }
    return { fields: kept, refusals: closed, tags: this.#tags(tags, receivedAt) };
  }

  #tags(tags: Tags, receivedAt: number): Tags {
    if (this.#byTag.size === 0) return tags;
    return tags.flatMap(([name, value]): Tags => {
      const redacted = this.#byTag.get(name)?.(value, receivedAt);
      if (redacted === undefined) return [[name, value]];
      return typeof redacted === "string" ? [] : [[name, String(redacted.value)]];
    });
  }

  /** A refusal without what it quotes of the payload, but for numbers of fields that are not redacted. */
  refusal(refusal: Refusal): Refusal {
    const { reason, field, found, allowed, hint } = refusal;
    if (OWN_WORDS.has(reason)) return refusal;
    const open = field !== undefined && this.#open.has(field);
    return {
      reason,
      ...(field !== undefined && this.#known.has(field) ? { field } : {}),
      ...(found !== undefined && open && reason === "range" ? { found } : {}),
      ...(allowed === undefined ? {} : { allowed }),
      ...(hint !== undefined && open ? { hint } : {}),
    };
  }

  /** A decoded payload as it may be seen: JSON of what the profile names. */
  shown(records: readonly ReadRecord[], fieldName: string | undefined, receivedAt: number): string {
    return this.#payloads.shown(records, fieldName, receivedAt);
  }

  /** What can be told of a payload that does not decode: its size, and its hash where there is a key. */
  digest(payload: Uint8Array, bytes: number): string {
    return this.#payloads.digest(payload, bytes);
  }
}

/** The redactor of a subscription; `undefined` where nothing is redacted, which then costs nothing. */
export function redactorFor(
  subscription: SubscriptionRule,
  profile: Profile,
  rule: PrivacyRule | undefined,
  hasher: Hasher,
): Redactor | undefined {
  return redactsAny(profile, subscription.redact) ? new Redactor(profile, rule, hasher) : undefined;
}
