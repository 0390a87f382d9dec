import type { ProfileExample } from "../config/mod.ts";
import { Keyring } from "../enrich/mod.ts";
import { type Format, matchTopic, parseTemplate, type Refusal, type Rules, shown } from "../model/mod.ts";
import type { Profile, SubscriptionRule, Tags, Value } from "../model/mod.ts";
import { River, Routes } from "../pipeline/mod.ts";

/** What became of an example. */
export interface ExampleOutcome {
  /** The example. */
  readonly example: ProfileExample;
  /** The readings that its message made, by field. */
  readonly readings: Readonly<Record<string, Value>>;
  /** The tags of its points, each set of them once. */
  readonly tags: readonly Tags[];
  /** Why it, or parts of it, were refused. */
  readonly refused: readonly Refusal[];
  /** Where that is not what the example says: what came out, and what it says; both for people. */
  readonly difference: { readonly found: string; readonly expected: string } | undefined;
}

/** Wall clock at the receipt of a message that has no time: any moment will do. */
const SOME_TIME = Date.UTC(2026, 0, 1);

/** The key of hashes in examples, which are made up: no secret. */
const EXAMPLE_KEY = "examples";

/** Where an example's message comes on, unless it names a topic that leads to its profile. */
const ANYWHERE = { topic: "{device}", example: "example" } as const;

/**
 * Runs the examples of profiles, each as the first message of a device that nothing is known of, through the very
 * same stages as a live one, and compares what comes out with what they say. Numbers may differ in the last bits:
 * `scale: 0.1` makes 230.10000000000002 of 2301.
 *
 * @param rules the rules in force; windows, alerts and other devices do not matter
 * @param examples the examples of profiles that the rules hold
 * @returns one outcome for each, in order
 */
export function runExamples(rules: Rules, examples: readonly ProfileExample[]): ExampleOutcome[] {
  return examples.map((example) => {
    const taken = takeIn(rules, example);
    return { example, ...taken, difference: differenceOf(example, taken, rules.profiles[example.profile]) };
  });
}

type Taken = Pick<ExampleOutcome, "readings" | "tags" | "refused">;

function takeIn(rules: Rules, example: ProfileExample): Taken {
  // A bare value is a payload of its own; everything else goes the way of JSON, whatever format it came in. What YAML
  // can say and JSON cannot (.nan, .inf) arrives as a device would have to send it: null.
  const { message: said } = example;
  const bare = typeof said === "string" || typeof said === "number" || typeof said === "boolean";
  const payload = new TextEncoder().encode(bare ? String(said) : JSON.stringify(said));
  const way = wayOf(rules, example, bare ? "value" : "json");
  const own = rulesOf(rules, example, way.subscription);
  const receivedAt = example.receivedAt ?? ownTime(own, way.topic, payload) ?? SOME_TIME;
  const refused: Refusal[] = [];
  const keyring = new Keyring();
  keyring.add(EXAMPLE_KEY, EXAMPLE_KEY);
  const river = new River(own, [], keyring);
  const out = {
    point: (): void => {},
    refused: (one: { readonly refusal: Refusal }): void => void refused.push(one.refusal),
    alert: (): void => {},
  };
  const { topic } = way;
  const message = {
    topic,
    payload,
    connection: 1,
    packetId: 0,
    dup: false,
    retain: false,
    userProperties: [],
  };
  const stamp = { receivedAt, elapsed: 0, implausible: false };
  river.step({ position: 1, stamp, content: { kind: "message", message } }, out);
  const readings: Record<string, Value> = {};
  const tags: Tags[] = [];
  for (const { slots, windows } of river.registry.streams) {
    const filled = [...slots.values()].filter(({ value }) => value !== undefined);
    for (const { series, value } of filled) if (value !== undefined) readings[series.field] = value;
    if (filled.length > 0) tags.push(windows.identity.tags);
  }
  return { readings, tags, refused };
}

/**
 * The rules of one example: personal values are redacted, hashes made with a key that is the same everywhere, so that
 * an example can say what of a person leaves; nothing is left out by sampling.
 */
function rulesOf(rules: Rules, example: ProfileExample, subscription: SubscriptionRule): Rules {
  const profile = rules.profiles[example.profile];
  const profiles: Record<string, Profile> = {};
  if (profile !== undefined) {
    const { sample: _, ...whole } = profile;
    profiles[profile.name] = whole;
  }
  const privacy = { keyId: EXAMPLE_KEY, rotate: null, keepRefusedPayloads: false };
  return { ...rules, profiles, subscriptions: [subscription], alerts: [], privacy };
}

/** The subscription of its topic, where it names one that leads to its profile. */
function wayOf(
  rules: Rules,
  example: ProfileExample,
  format: Format,
): { readonly subscription: SubscriptionRule; readonly topic: string } {
  const { topic, profile } = example;
  for (const subscription of topic === undefined ? [] : rules.subscriptions) {
    const template = parseTemplate(subscription.topic);
    if (topic === undefined || subscription.profile !== profile || "reason" in template) continue;
    if (matchTopic(template, topic) === undefined) continue;
    return { subscription: { ...subscription, format, compression: "none" }, topic };
  }
  const subscription = { topic: ANYWHERE.topic, profile, format, tags: {} };
  return { subscription, topic: ANYWHERE.example };
}

/** The time that the message itself carries, ms; what is wrong with the message shows later. */
function ownTime(rules: Rules, topic: string, payload: Uint8Array): number | undefined {
  const route = new Routes(rules, new Map()).routeOf(topic);
  const decoded = route?.decoder.decode(payload, rules.limits, { topic, receivedAt: SOME_TIME, elapsed: 0 });
  if (route === undefined || decoded?.ok !== true) return undefined;
  const times = decoded.records.flatMap(({ values, moment }) => {
    const checked = route.checker.check(values, route.field);
    return (checked.ok ? checked.moment?.ms : undefined) ?? moment?.ms ?? [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

function differenceOf(
  example: ProfileExample,
  { readings, tags, refused }: Taken,
  profile: Profile | undefined,
): ExampleOutcome["difference"] {
  const found: string[] = [];
  const expected: string[] = [];
  const differs = (what: string, is: Value | undefined, should: Value | undefined): void => {
    found.push(is === undefined ? `no ${what}` : `${what} = ${shown(is)}`);
    expected.push(should === undefined ? `no ${what}` : `${what} = ${shown(should)}`);
  };
  for (const name of new Set([...Object.keys(example.readings), ...Object.keys(readings)])) {
    const [is, should] = [valueOf(readings, name), valueOf(example.readings, name)];
    if (!same(is, should)) differs(name, is, should);
  }
  for (const [name, is, should] of wrongTags(example, tags, profile)) differs(`tag ${name}`, is, should);
  const other = refused.find(({ reason }) => reason !== example.refused);
  if (other !== undefined || (refused.length === 0 && example.refused !== undefined)) {
    found.push(other === undefined ? "nothing refused" : refusedText(other));
    expected.push(example.refused === undefined ? "nothing refused" : `refused ${example.refused}`);
  }
  return found.length === 0 ? undefined : { found: found.join(", "), expected: expected.join(", ") };
}

/** The tags, name by name, of the first points whose tags are not as an example says. */
function wrongTags(
  { tags: wanted }: ProfileExample,
  sets: readonly Tags[],
  profile: Profile | undefined,
): (readonly [name: string, is: string | undefined, should: string | undefined])[] {
  if (wanted === undefined) return [];
  const should = new Map(Object.entries(wanted));
  const inPayload = profile?.fields.flatMap(({ name, tag }) => tag === true ? [name] : []) ?? [];
  for (const set of sets) {
    const is = new Map(set);
    const wrong = [...new Set([...should.keys(), ...inPayload])].filter((name) =>
      is.get(name) !== should.get(name)
    );
    if (wrong.length > 0) return wrong.map((name) => [name, is.get(name), should.get(name)]);
  }
  return [];
}

function refusedText({ reason, field }: Refusal): string {
  return `refused ${reason}${field === undefined ? "" : ` (${field})`}`;
}

function valueOf(readings: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(readings, name) ? readings[name] : undefined;
}

/** Equal, or numbers that only rounding keeps apart. */
function same(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
