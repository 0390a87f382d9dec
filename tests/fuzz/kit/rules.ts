/**
 * Rules under which every shipped profile is read in every format, plain and compressed; small limits, so that they
 * bite, and alerts of every kind.
 * @module
 */
import { Keyring } from "../../../src/enrich/mod.ts";
import type {
  AlertCondition,
  AlertRule,
  Compression,
  FieldRule,
  Format,
  Limits,
  Profile,
  Redaction,
  Rules,
  SubscriptionRule,
} from "../../../src/model/mod.ts";
import { flatProfile } from "./real_objects.ts";

/** What one subscription reads. */
export interface Way {
  readonly profile: string;
  readonly format: Format;
  readonly compression: Compression;
}

/** Every format, those with levels first. */
export const FORMATS: readonly Format[] = [
  "json",
  "cbor",
  "msgpack",
  "senml",
  "line_protocol",
  "value",
  "sparkplug_b",
];

/** Formats whose records are flat and have times of their own. */
export const FLAT: ReadonlySet<Format> = new Set<Format>(["senml", "line_protocol", "sparkplug_b", "value"]);

/** The keys of hashes. */
export const KEYRING: Keyring = new Keyring();
KEYRING.add("fuzz", "a key of the fuzzer that is no secret at all");

const LIMITS: Limits = {
  payload: 16_384,
  depth: 12,
  keys: 60,
  devices: 200,
  series: 1_400,
  windows: 2_000,
  deviceRate: 40,
};

/** Every way from a topic to a profile. */
export function waysOf(profiles: Readonly<Record<string, Profile>>): Way[] {
  return Object.keys(profiles).flatMap((profile) =>
    FORMATS.flatMap((format) =>
      (["none", "gzip"] as const).map((compression) => ({ profile, format, compression }))
    )
  );
}

/** The topic of a device on a way; for `value` with the field. Edge nodes have topics of their own. */
export function topicOf({ profile, format, compression }: Way, device: string, field = "x"): string {
  return `fuzz/${profile}/${format}/${compression}/${device}${format === "value" ? `/${field}` : ""}`;
}

/** The group of the edge nodes of a way. */
export function groupOf({ profile, compression }: Way): string {
  return `${profile}-${compression}`;
}

/** The rules: `strict` are those that an operator puts in force in between. */
export function fuzzRules(profiles: Readonly<Record<string, Profile>>, strict: boolean): Rules {
  const own = Object.values(profiles).map((profile) => strict ? stricter(profile) : profile);
  const all = own.flatMap((profile) => [profile, flatProfile(profile)]);
  return {
    subscriptions: waysOf(profiles).map((way) => subscriptionOf(way, strict)),
    profiles: Object.fromEntries(all.map((profile) => [profile.name, profile])),
    limits: strict ? { ...LIMITS, payload: 8_192, windows: 1_000, deviceRate: 20 } : LIMITS,
    alerts: strict ? ALERTS.slice(2) : ALERTS,
    receiveMaximum: strict ? 30 : 100,
    privacy: { keyId: "fuzz", rotate: strict ? 3_600_000 : 86_400_000, keepRefusedPayloads: false },
  };
}

function subscriptionOf(way: Way, strict: boolean): SubscriptionRule {
  const { format, compression } = way;
  const topic = format === "sparkplug_b"
    ? `spBv1.0/${groupOf(way)}/+/{node}/#`
    : topicOf(way, "{device}", "{field}");
  const hashed = strict && format === "msgpack" && compression === "gzip"
    ? { redact: { device: { kind: "hash", digits: 16 } } as const }
    : {};
  const profile = FLAT.has(format) ? `${way.profile}-flat` : way.profile;
  return {
    topic,
    profile,
    format,
    tags: { way: compression },
    ...(compression === "none" ? {} : { compression }),
    ...hashed,
  };
}

/** More is personal, names that nobody gave are kept, and of logs one message in four. */
function stricter(profile: Profile): Profile {
  const redactions: Readonly<Record<string, Redaction>> = {
    badge: { kind: "hash", digits: 16 },
    label: { kind: "mask", keep: 1 },
    latitude: { kind: "drop" },
    speed: { kind: "grid", to: 5 },
    branch: { kind: "mask", keep: 2 },
    facility: { kind: "hash", digits: 12 },
  };
  const fields = profile.fields.map((rule): FieldRule => {
    const redact = redactions[rule.name];
    return redact === undefined ? rule : { ...rule, redact };
  });
  const sample = profile.name === "app-log"
    ? { sample: { keep: 1, of: 4, except: { severity: ["err"] } } }
    : {};
  return {
    ...profile,
    fields,
    unknownFields: profile.unknownFields === "reject" ? "reject" : "keep",
    ...sample,
  };
}

function alert(
  name: string,
  field: string | null,
  condition: AlertCondition,
  more: Partial<AlertRule> = {},
): AlertRule {
  return {
    ...{ name, field, condition, profile: null, device: null, topic: null, tags: {}, for: 0 },
    severity: "warning",
    notify: ["ops"],
    summary: "{device} {field} {value} {unit} {limit}",
    ...more,
  };
}

const ALERTS: readonly AlertRule[] = [
  alert("hot", "temperature", { kind: "above", limit: 22, clear: 21 }, { for: 1_000 }),
  alert("odd", "battery", { kind: "outside", low: 20, high: 90 }),
  alert("still", "humidity", { kind: "unchanged", unchangedFor: 5_000 }),
  alert("fast", "velocity", { kind: "rate_above", limit: 1, per: 1_000 }),
  alert("door", "door", { kind: "equals", value: true }),
  alert("said", "message", { kind: "not_equals", value: "job done" }),
  alert("silent", null, { kind: "silent", silentFor: 20_000 }),
];
