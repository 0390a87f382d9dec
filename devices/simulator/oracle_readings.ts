import type { FieldRule, Path, Profile, SubscriptionRule } from "../../src/model/mod.ts";
import { redacted } from "./oracle_redaction.ts";
import { isSampledOut } from "./oracle_sample.ts";
import { parseExactJson } from "./exact_json.ts";
import type { Value } from "./point_table.ts";

/** What a message must become, by the words of the profile. */
export type Judgement =
  /** No subscription takes the topic. */
  | { readonly kind: "filtered" }
  /** The whole message belongs into the quarantine. */
  | { readonly kind: "quarantined" }
  | {
    readonly kind: "taken";
    readonly profile: Profile;
    readonly tags: readonly (readonly [string, string])[];
    /** ns since the epoch. */
    readonly time: bigint;
    readonly readings: readonly { readonly field: FieldRule; readonly value: Value }[];
    /** Optional fields that were refused by themselves, or all of them where their time cannot be. */
    readonly rejected: number;
    /** The device's count; `undefined` where it has none. */
    readonly sequence: number | undefined;
    /** Its profile's `sample` leaves it out: alert rules see its readings, no database does. */
    readonly sampled: boolean;
  };

/** The rules that a message is judged by. */
export interface OracleRules {
  /** The first whose template matches a topic wins. */
  readonly subscriptions: readonly SubscriptionRule[];
  /** By name. */
  readonly profiles: Readonly<Record<string, Profile>>;
}

const UNITS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

/** Named levels of a topic, or `undefined` where the template does not match. */
function levelsOf(template: string, topic: string): (readonly [string, string])[] | undefined {
  const wanted = template.split("/");
  const found = topic.split("/");
  const named: (readonly [string, string])[] = [];
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return named;
    const text = found[index];
    if (text === undefined) return undefined;
    if (level.startsWith("{")) named.push([level.slice(1, -1), text]);
    else if (level !== "+" && level !== text) return undefined;
  }
  return wanted.length === found.length ? named : undefined;
}

function parsed(payload: string): unknown {
  try {
    return parseExactJson(payload);
  } catch {
    return undefined;
  }
}

function at(decoded: unknown, path: Path): unknown {
  let value = decoded;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** A device time as ns since the epoch, by its digits and not by floating point. */
function timeOf(found: unknown, unit: keyof typeof UNITS | "iso8601"): bigint | undefined {
  if (unit === "iso8601") {
    const parts = typeof found === "string"
      ? /^([^.]+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(found)
      : null;
    const ms = parts === null ? NaN : Date.parse(`${parts[1]}${parts[3]}`);
    return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt((parts?.[2] ?? "").padEnd(9, "0"));
  }
  const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(String(found));
  if (parts === null) return undefined;
  const nsPerUnit = UNITS[unit];
  const fraction = (parts[2] ?? "").slice(0, String(nsPerUnit).length - 1);
  const beyond = fraction === "" ? 0n : BigInt(fraction.padEnd(String(nsPerUnit).length - 1, "0"));
  return BigInt(parts[1] ?? "0") * nsPerUnit + beyond;
}

const REFUSED = Symbol("refused");

/** A field's value after scale and offset; `undefined` where the message has none. */
function valueOf(field: FieldRule, found: unknown): Value | typeof REFUSED | undefined {
  if (found === undefined || found === null) return undefined;
  switch (field.type) {
    case "boolean":
      return typeof found === "boolean" ? found : REFUSED;
    case "string":
      if (typeof found !== "string" || field.values?.includes(found) === false) return REFUSED;
      return field.maxLength !== null && found.length > field.maxLength ? REFUSED : found;
    case "int":
    case "float": {
      const raw = typeof found === "bigint" ? Number(found) : found;
      if (typeof raw !== "number") return REFUSED;
      const exact = raw * field.scale + field.offset;
      // 0.29 × 100 is 28.999999999999996 in binary: a scaled integer is what the device meant.
      const scaled = field.scale !== 1 || field.offset !== 0;
      const near = Math.abs(exact - Math.round(exact)) <= 1e-14 * (Math.abs(exact) + Math.abs(field.offset));
      const value = field.type === "int" && scaled && near ? Math.round(exact) : exact;
      if (!Number.isFinite(value) || (field.type === "int" && !Number.isSafeInteger(value))) return REFUSED;
      const outside = field.range !== null && (value < field.range[0] || value > field.range[1]);
      return outside ? REFUSED : value;
    }
  }
}

/** The device's count of messages: a whole number from 0, or nothing. */
function sequenceOf(profile: Profile, decoded: unknown): number | undefined | typeof REFUSED {
  const found = profile.sequence === null ? undefined : at(decoded, profile.sequence);
  if (found === undefined || found === null) return undefined;
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : REFUSED;
}

/** Whether a payload holds a member that its profile does not want to see. */
function hasUnknown(profile: Profile, decoded: unknown): boolean {
  if (profile.unknownFields !== "reject" || typeof decoded !== "object" || decoded === null) return false;
  const paths = [profile.time?.path, profile.sequence, ...profile.fields.map(({ path }) => path)];
  const named = new Set(paths.map((path) => path?.[0]));
  return Object.keys(decoded).some((name) => !named.has(name));
}

/** Whether a time lies within what the profile allows at that receipt. */
function plausible(profile: Profile, time: bigint, receivedAt: number): boolean {
  const ms = Number(time / 1_000_000n);
  return profile.time === null || (ms <= receivedAt + profile.maxFuture && ms >= receivedAt - profile.maxAge);
}

/** The subscription that takes a topic, with its profile and what the topic's levels say. */
interface Way {
  readonly subscription: SubscriptionRule;
  readonly profile: Profile;
  readonly levels: readonly (readonly [string, string])[];
}

function wayOf(rules: OracleRules, topic: string): Way | undefined {
  for (const subscription of rules.subscriptions) {
    const levels = levelsOf(subscription.topic, topic);
    if (levels === undefined) continue;
    const profile = rules.profiles[subscription.profile];
    if (profile === undefined) throw new Error(`There is no profile "${subscription.profile}"`);
    return { subscription, profile, levels };
  }
  return undefined;
}

/**
 * Judges one JSON message, from the words of the configuration's contract and not from the gateway's code.
 *
 * @param receivedAt ms; needed where a profile takes the time of receipt. Left out, no time is held against it
 */
export function judge(rules: OracleRules, topic: string, payload: string, receivedAt?: number): Judgement {
  const way = wayOf(rules, topic);
  if (way === undefined) return { kind: "filtered" };
  const { subscription, profile, levels } = way;
  if (subscription.format !== "json") throw new Error(`The oracle reads no "${subscription.format}"`);
  if (profile.unknownFields === "keep") throw new Error("The oracle knows no unknown_fields: keep");
  if (subscription.redact !== undefined) throw new Error("The oracle knows no redacted tags");
  const decoded = parsed(payload);
  const time = profile.time === null
    ? receivedAt === undefined ? undefined : BigInt(receivedAt) * 1_000_000n
    : timeOf(at(decoded, profile.time.path), profile.time.unit);
  if (time === undefined) return { kind: "quarantined" };
  const sequence = sequenceOf(profile, decoded);
  if (sequence === REFUSED || hasUnknown(profile, decoded)) return { kind: "quarantined" };
  const own: (readonly [string, string])[] = [];
  const readings: { field: FieldRule; value: Value }[] = [];
  let rejected = 0;
  for (const field of profile.fields) {
    const value = valueOf(field, at(decoded, field.path));
    if (field.tag === true) {
      if (value === REFUSED || (value === undefined && field.required)) return { kind: "quarantined" };
      if (value !== undefined) own.push([field.name, String(value)]);
      continue;
    }
    if (value !== undefined && value !== REFUSED) readings.push({ field, value: redacted(field, value) });
    else if (field.required) return { kind: "quarantined" };
    else if (value === REFUSED) rejected++;
  }
  if (readings.length + rejected === 0) return { kind: "quarantined" };
  const tags = [...levels, ...Object.entries(subscription.tags), ...own];
  const taken = { kind: "taken", profile, tags, time, sequence, sampled: false } as const;
  if (receivedAt !== undefined && !plausible(profile, time, receivedAt)) {
    return { ...taken, readings: [], rejected: rejected + readings.length };
  }
  // What is refused, and be it in part, has to be found in the quarantine.
  if (profile.sample === undefined || rejected > 0) return { ...taken, readings, rejected };
  const said = new Map<string, Value>(own);
  for (const { field, value } of readings) said.set(field.name, value);
  return { ...taken, readings, rejected, sampled: isSampledOut(profile.sample, topic, payload, said) };
}

/** Whether a profile's `sample` leaves a message out. */
export function isLeftOut(
  rules: OracleRules,
  { topic, payload, receivedAt }: {
    readonly topic: string;
    readonly payload: string;
    readonly receivedAt?: number;
  },
): boolean {
  if (wayOf(rules, topic)?.profile.sample === undefined) return false;
  const judgement = judge(rules, topic, payload, receivedAt);
  return judgement.kind === "taken" && judgement.sampled;
}
