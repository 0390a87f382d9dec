import { fieldsOf } from "./fields.ts";
import { freeSlug, nameOfPath, Names, slugOf } from "./names.ts";
import { placeOf, subjectOf } from "./place.ts";
import { ENOUGH, type Shape } from "./shape.ts";
import { profileYaml, subscriptionYaml } from "./yaml_text.ts";

/** A field as it was seen. */
export interface LearnedField {
  /** Name that it would have. */
  readonly name: string;
  /** Where it stands in the payload. */
  readonly path: string;
  /** Type of its values; `time`, `sequence`, `mixed` and `confidential` are no readings. */
  readonly type: string;
  /** Unit, as far as name and values tell. */
  readonly unit: string | null;
  /** Lowest number seen. */
  readonly min: number | null;
  /** Highest number seen. */
  readonly max: number | null;
  /** One of its values, hidden where it may be a credential or personal. */
  readonly example: string;
  /** Part of the messages that have it, 0 … 1. */
  readonly share: number;
}

/** A kind of message that no subscription takes, as it is understood so far. Times are wall clock, ms. */
export interface Learned {
  /** Its id. */
  readonly id: string;
  /** The topic, with `{device}`. */
  readonly topic: string;
  /** One of the topics. */
  readonly exampleTopic: string;
  /** Devices seen, of the topics that are remembered. */
  readonly devices: number;
  /** Messages seen on topics that are remembered, and on others that were looked into. */
  readonly messages: number;
  /** Receipt of the first. */
  readonly firstAt: number;
  /** Receipt of the newest. */
  readonly lastAt: number;
  /** Format of the payloads. */
  readonly format: string;
  /** Time between two messages of a device, ms. */
  readonly everyMs: number | null;
  /** What the messages hold. */
  readonly fields: readonly LearnedField[];
  /** The profile that would take it; empty where nothing in it can be a reading. */
  readonly profileYaml: string;
  /** The entries for `subscriptions`. */
  readonly subscriptionYaml: string;
  /** Enough was seen, and there is something to propose. */
  readonly state: "learning" | "proposed";
}

/** What a proposal must not collide with. */
export interface Surroundings {
  /** Every kind that is known. */
  readonly all: readonly Shape[];
  /** Topics of which nothing can be read. */
  readonly unread: ReadonlySet<string>;
  /** Names of the profiles and measurements that there are. */
  readonly taken: ReadonlySet<string>;
}

/** What is known of each kind, with a profile and a subscription that would take it; no two of them collide. */
export function propose(shapes: readonly Shape[], surroundings: Surroundings): Learned[] {
  const names = new Set(surroundings.taken);
  return shapes.map((shape) => {
    const profile = profileName(shape, names);
    names.add(profile);
    return proposeOne(shape, surroundings, profile);
  });
}

function proposeOne(shape: Shape, { all, unread }: Surroundings, profile: string): Learned {
  const names = new Names();
  const others = [...all.flatMap((other) => other === shape ? [] : [...other.topics.keys()]), ...unread];
  const place = placeOf(shape, names, shape.fieldLevel ? shape.fields.size : 0, others, profile);
  const found = fieldsOf(shape, names);
  const everyMs = shape.cadence.every;
  const { id, exampleTopic, messages, firstAt, lastAt, format, compression } = shape;
  const usable = found.fields.some(({ tag }) => !tag) && place.entries.length > 0;
  return {
    ...{ id, exampleTopic, messages, firstAt, lastAt, format, everyMs },
    topic: place.topic,
    devices: place.devices,
    fields: fieldsSeen(shape, found),
    profileYaml: usable ? profileYaml(profile, found, { messages, topic: place.topic, everyMs }) : "",
    subscriptionYaml: usable
      ? subscriptionYaml(profile, format, compression, place.entries, place.remarks)
      : "",
    state: usable && shape.read >= ENOUGH ? "proposed" : "learning",
  };
}

function profileName(shape: Shape, taken: ReadonlySet<string>): string {
  const subject = slugOf(subjectOf(shape));
  if (subject !== "") return freeSlug(subject, taken);
  const [first] = shape.fields.values();
  return freeSlug(first === undefined || first.confidential ? "" : slugOf(nameOfPath(first.path)), taken);
}

function fieldsSeen(shape: Shape, found: ReturnType<typeof fieldsOf>): LearnedField[] {
  const proposed = new Map(found.fields.map((field) => [field.stats, field]));
  return [...shape.fields.values()].filter(({ seen }) => seen > 0).map((stats) => {
    const field = proposed.get(stats);
    const isNumber = Number.isFinite(stats.low) && !stats.confidential;
    return {
      name: field?.name ?? nameOfPath(stats.path),
      path: stats.path.join("."),
      type: stats.confidential
        ? "confidential"
        : stats.path === found.time?.path
        ? "time"
        : stats.path === found.sequence
        ? "sequence"
        : field?.type ?? "mixed",
      unit: field?.unit ?? null,
      min: isNumber ? stats.low : null,
      max: isNumber ? stats.high : null,
      example: stats.example,
      share: shape.records === 0 ? 0 : Math.min(1, stats.seen / shape.records),
    };
  });
}
