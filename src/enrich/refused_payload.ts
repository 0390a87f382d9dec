import {
  type FieldRule,
  type Path,
  pathReader,
  type Profile,
  type Reader,
  type Redaction,
  type Value,
} from "../model/mod.ts";
import type { Hasher } from "./keyring.ts";
import { fieldRedactor, type ValueRedactor } from "./redact_value.ts";

/** A record of a payload, as far as it matters here. */
export interface ReadRecord {
  /** A plain value: an object, an array, or a bare value. */
  readonly values: unknown;
  /** A bare value as it was sent. */
  readonly text?: string;
}

/** What stands for a value that is redacted and of another type than its field. */
const REDACTED = "[redacted]";
/** What stands for a value of the wrong type: it may be another field's. */
const NOT_SHOWN = "[not shown]";
/** Hex digits of the hash of a payload. */
const DIGITS = 32;

interface Place {
  readonly rule: FieldRule;
  readonly read: Reader;
  readonly redact: ValueRedactor | undefined;
}

/**
 * Refused payloads without what is personal in them: what the profile names and does not redact, redacted values
 * in their places, and nothing else, since what nobody named may be anybody's.
 */
export class RefusedPayloads {
  readonly #places: readonly Place[];
  readonly #bare: readonly Path[];
  readonly #hasher: Hasher;

  /** Reads as a profile says. */
  constructor(profile: Profile, hasher: Hasher) {
    this.#hasher = hasher;
    this.#places = profile.fields.map((rule) => ({
      rule,
      read: pathReader(rule.path),
      redact: fieldRedactor(rule, hasher),
    }));
    this.#bare = [profile.time?.path, profile.sequence].filter((path) => path !== null && path !== undefined);
  }

  /** The records as JSON. */
  shown(records: readonly ReadRecord[], fieldName: string | undefined, receivedAt: number): string {
    const each = records.map((record) => this.#record(record, fieldName, receivedAt));
    return JSON.stringify(each.length === 1 ? each[0] : each, bigints);
  }

  /** What can be told of a payload in which nothing can be redacted. */
  digest(payload: Uint8Array, bytes: number): string {
    const hmac = this.#hasher.able ? this.#hasher.lasting(payload, DIGITS) : undefined;
    return JSON.stringify({ redacted: "the whole payload", bytes, hmac });
  }

  #record({ values, text }: ReadRecord, fieldName: string | undefined, receivedAt: number): unknown {
    if (typeof values !== "object" || values === null) {
      const place = this.#places.find(({ rule }) =>
        fieldName === undefined
          ? this.#places.length === 1
          : rule.name === fieldName || rule.path[0] === fieldName
      );
      if (place === undefined) return NOT_SHOWN;
      return shown(place, place.rule.type === "string" ? text ?? values : values, receivedAt);
    }
    const root: object = Array.isArray(values) ? [] : Object.create(null);
    for (const path of this.#bare) {
      const raw = pathReader(path)(values);
      if (raw !== undefined) {
        put(root, path, typeof raw === "number" || typeof raw === "bigint" ? raw : NOT_SHOWN);
      }
    }
    for (const place of this.#places) {
      const raw = place.read(values);
      if (raw !== undefined) put(root, place.rule.path, shown(place, raw, receivedAt));
    }
    const others = Object.keys(values).filter((key) => !Object.hasOwn(root, key)).length;
    if (others > 0 && !Array.isArray(root)) {
      put(root, [NOT_SHOWN], `${others} that the profile does not name`);
    }
    return root;
  }
}

/** A raw value as it may be seen. */
function shown({ rule, redact }: Place, raw: unknown, receivedAt: number): unknown {
  if (raw === null) return null;
  const value = fitting(rule, raw);
  if (redact === undefined) return value === undefined ? NOT_SHOWN : raw;
  // Out of range it may be a place in another unit, which rounding would leave as it is.
  if (value === undefined || !within(rule, value)) return REDACTED;
  const made = redact(value, receivedAt);
  if (typeof made === "string") return REDACTED;
  if (typeof made.value !== "number" || (rule.scale === 1 && rule.offset === 0)) return made.value;
  // Twelve digits: 525200000 rather than 525200000.00000006.
  return Number(((made.value - rule.offset) / rule.scale).toPrecision(12));
}

/** The value after scale and offset, where the raw one is of the field's type. */
function fitting({ type, scale, offset }: FieldRule, raw: unknown): Value | undefined {
  if (type === "string") return typeof raw === "string" ? raw : undefined;
  if (type === "boolean") return typeof raw === "boolean" ? raw : undefined;
  const number = typeof raw === "bigint" ? Number(raw) : raw;
  return typeof number === "number" ? number * scale + offset : undefined;
}

function within({ range }: FieldRule, value: Value): boolean {
  return typeof value !== "number" || range === null || (value >= range[0] && value <= range[1]);
}

/** Puts a value at a path, making what lies on the way. */
function put(root: object, path: Path, value: unknown): void {
  let here = root;
  for (const [at, step] of path.entries()) {
    if (at === path.length - 1) {
      Reflect.set(here, step, value);
      return;
    }
    const known: unknown = Object.hasOwn(here, step) ? Reflect.get(here, step) : undefined;
    const next: object = typeof known === "object" && known !== null
      ? known
      : typeof path[at + 1] === "number"
      ? []
      : Object.create(null);
    Reflect.set(here, step, next);
    here = next;
  }
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** Whether a field or a tag of these is redacted at all. */
export function redactsAny(profile: Profile, tags: Readonly<Record<string, Redaction>> | undefined): boolean {
  return tags !== undefined || profile.fields.some((rule) => rule.redact !== undefined);
}
