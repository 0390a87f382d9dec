import { matchTopic, nameProblem, parseTemplate, SPARKPLUG_NAMESPACE } from "../model/mod.ts";
import type { Names } from "./names.ts";
import { deviceLevel, idScore } from "./recognise/levels.ts";
import type { Shape } from "./shape.ts";

/** One subscription to be proposed. */
export interface Entry {
  /** Topic template. */
  readonly topic: string;
  /** Tags that the topic does not give. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Where the messages of a kind come, and whose they are. */
export interface Place {
  /** The template for people; of single topics it is the first. */
  readonly topic: string;
  /** The subscriptions. */
  readonly entries: readonly Entry[];
  /** What one should know. */
  readonly remarks: readonly string[];
  /** Different devices seen, as far as they are remembered. */
  readonly devices: number;
}

const SPARKPLUG = `${SPARKPLUG_NAMESPACE}/{group}/+/{node}/#`;

/**
 * Where the messages of a kind come.
 *
 * @param names takes the names of levels
 * @param fields how many fields a topic level names; 0: it names none
 * @param others topics of other kinds: a template that took them as well would mix what does not belong together
 * @param fallback the device id where no level looks like one
 */
export function placeOf(
  shape: Shape,
  names: Names,
  fields: number,
  others: readonly string[],
  fallback: string,
): Place {
  const topics = [...shape.topics.values()].map(({ parts }) => parts);
  if (shape.format === "sparkplug_b") {
    const nodes = new Set(topics.map((parts) => parts.slice(3).join("/")));
    return { topic: SPARKPLUG, entries: [{ topic: SPARKPLUG, tags: {} }], remarks: [], devices: nodes.size };
  }
  const last = shape.levels.length - 1;
  const device = deviceLevel(shape.levels, shape.fieldLevel ? [last] : []);
  const named = nameLevels(shape, device, names);
  const text = (index: number, part: string): string => {
    if (index === device) return "{device}";
    if (shape.fieldLevel && index === last) return fields > 1 ? "{field}" : part;
    const name = named.get(index);
    return name === undefined ? literal(part) : `{${name}}`;
  };
  const sample = shape.exampleTopic.split("/");
  const topic = sample.map((part, index) => text(index, part)).join("/");
  const devices = device === undefined ? 1 : new Set(topics.map((parts) => parts[device])).size;
  // A level with braces can only be written as +, which may be too much.
  const clear = (entry: Entry): boolean => shape.fieldLevel || clashOf(entry.topic, others) === undefined;
  if (device === undefined) {
    const remarks = ["No level of the topic looks like a device: the tag says whose it is"];
    return { topic, entries: [{ topic, tags: { device: fallback } }].filter(clear), remarks, devices };
  }
  const clash = clashOf(topic, others);
  if (clash === undefined) {
    const twice = named.size > 0 && repeats(topics, device);
    const remarks = twice ? ["Devices of the same name at different places count as one device"] : [];
    return { topic, entries: [{ topic, tags: {} }], remarks, devices };
  }
  const entries = topics.flatMap((parts): Entry[] => {
    const tags = Object.fromEntries([[device, "device"] as const, ...named].map(([index, name]) => [
      name,
      parts[index] ?? "",
    ]));
    if (Object.values(tags).some((value) => nameProblem(value) !== undefined)) {
      return [];
    }
    const field = shape.fieldLevel && fields > 1 ? last : undefined;
    return [{
      topic: parts.map((part, index) => index === field ? "{field}" : literal(part)).join("/"),
      tags,
    }];
  });
  const distinct = [...new Map(entries.map((entry) => [entry.topic, entry])).values()];
  const remarks = ["One entry a topic, for a template of them would take other messages as well"];
  return { topic, entries: distinct.filter(clear), remarks, devices };
}

/** A topic that a template takes as well; `undefined`: it takes none of them. */
function clashOf(text: string, others: readonly string[]): string | undefined {
  const template = parseTemplate(text);
  return "reason" in template ? undefined : others.find((other) => matchTopic(template, other) !== undefined);
}

/** A level that a template can hold as it is. */
function literal(part: string): string {
  return /[+#{}]/.test(part) ? "+" : part;
}

/** Names of the levels that vary and are neither device nor field: by the level before them. */
function nameLevels(shape: Shape, device: number | undefined, names: Names): Map<number, string> {
  const named = new Map<number, string>();
  const last = shape.levels.length - 1;
  for (const [index, { varies }] of shape.levels.entries()) {
    if (!varies || index === device || (shape.fieldLevel && index === last)) continue;
    const before = shape.levels[index - 1];
    const word = before !== undefined && !before.varies ? [...before.texts][0] ?? "" : "";
    named.set(index, names.take(/^[A-Za-z]{2,}$/.test(word) ? singular(word) : `level_${index + 1}`));
  }
  return named;
}

function singular(word: string): string {
  return word.length > 3 && /[^s]s$/i.test(word) ? word.slice(0, -1) : word;
}

/** Whether one device stands at several places. */
function repeats(topics: readonly (readonly string[])[], device: number): boolean {
  const where = new Map<string, string>();
  return topics.some((parts) => {
    const place = parts.slice(0, device).join("/");
    const other = where.get(parts[device] ?? "");
    where.set(parts[device] ?? "", place);
    return other !== undefined && other !== place;
  });
}

/** What the kind is about: the last level that is a plain word, and no word for any message. */
export function subjectOf(shape: Shape): string {
  const words = shape.levels.flatMap(({ varies, texts }) => varies ? [] : [...texts]);
  return words.findLast((word) => word.length > 1 && idScore(word) === 1) ?? "";
}
