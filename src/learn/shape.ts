import type { Compression, Format } from "../model/mod.ts";
import { FieldStats } from "./field_stats.ts";
import { Cadence } from "./recognise/cadence.ts";
import type { Recognised } from "./recognise/format.ts";
import { idScore, type Level, levelsOf, mayVary, strangeLevels, takeParts } from "./recognise/levels.ts";
import { type Member, membersOf, MOST_MEMBERS, pathKey } from "./recognise/members.ts";

/** Messages of a kind that are looked into before it is proposed. */
export const ENOUGH = 5;
/** Topics of a kind that are remembered: enough to see which level is the device. */
export const MOST_TOPICS = 20;
/** Whole numbers seen before a field without a unit is taken for one of them. */
export const ENOUGH_FOR_WHOLE = 20;
/** How alike the fields of two messages of one kind are at least. */
const ALIKE = 0.5;

/** One topic of a kind, as it was seen last. */
export interface SeenTopic {
  readonly parts: readonly string[];
  /** Receipt of its newest message, ms; 0: only a retained one came. */
  lastAt: number;
  /** The newest whole number of each field, for those that only rise. */
  readonly numbers: Map<string, number>;
}

/** A message that could be read. */
export interface ReadMessage extends Recognised {
  readonly parts: readonly string[];
  /** The members of each record. */
  readonly members: readonly (readonly Member[])[];
}

/** Takes a message apart. */
export function readMessage(topic: string, recognised: Recognised): ReadMessage {
  const { format, records } = recognised;
  const parts = topic.split("/");
  const field = format === "value" && parts.length > 1 && isFieldName(parts.at(-1))
    ? parts.at(-1)
    : undefined;
  const members = records.map((record) =>
    // A bare value is of the field that its topic ends with.
    membersOf(record, format).map((member) => field === undefined ? member : { ...member, path: [field] })
  );
  return { ...recognised, parts, members };
}

function isFieldName(text: string | undefined): boolean {
  return text !== undefined && idScore(text) <= 1 && /^[A-Za-z][A-Za-z0-9_]*$/.test(text);
}

/** Messages of one kind: the same format, much the same fields, topics that differ in ids alone. */
export class Shape {
  readonly format: Format;
  readonly compression: Compression;
  readonly levels: Level[];
  readonly topics = new Map<string, SeenTopic>();
  readonly fields = new Map<string, FieldStats>();
  readonly cadence = new Cadence();
  /** The topic it was first seen on. */
  readonly exampleTopic: string;
  /** With bare values: the last level of the topic is the name of the field. */
  readonly fieldLevel: boolean;
  /** Messages counted, and those of them that were looked into. */
  messages = 0;
  read = 0;
  /** Messages on its topics that say something else. */
  strange = 0;
  /** Records of those that were looked into. */
  records = 0;
  firstAt: number;
  lastAt: number;
  /** Nobody wants to know of it. */
  dismissed = false;
  /** Whoever looks on was told of it. */
  told = false;

  constructor(readonly id: string, topic: string, first: ReadMessage, receivedAt: number) {
    this.exampleTopic = topic;
    this.format = first.format;
    this.compression = first.compression;
    this.levels = levelsOf(first.parts);
    this.firstAt = this.lastAt = receivedAt;
    this.fieldLevel = first.format === "value" && first.members.some((one) => one[0]?.path.length === 1);
    const last = this.levels.at(-1);
    if (this.fieldLevel && last !== undefined) last.varies = true;
  }

  /** Whether a message on a new topic is of this kind. */
  suits({ format, compression, parts, members }: ReadMessage): boolean {
    if (format !== this.format || compression !== this.compression) return false;
    // A node and its devices report on topics of four and five levels.
    if (format === "sparkplug_b") return true;
    if (parts.length !== this.levels.length) return false;
    const fieldLevel = format === "value" && members.some((one) => one[0]?.path.length === 1);
    if (fieldLevel !== this.fieldLevel) return false;
    const strange = strangeLevels(this.levels, parts);
    return mayVary(this.levels, parts, strange) && (fieldLevel || this.#alike(members));
  }

  /** Takes a message on a topic of this kind, whether it is looked into or not. */
  count(seen: SeenTopic | undefined, receivedAt: number, retained: boolean): void {
    this.messages++;
    this.lastAt = Math.max(this.lastAt, receivedAt);
    if (seen === undefined || retained) return;
    if (seen.lastAt > 0) this.cadence.take(receivedAt - seen.lastAt);
    seen.lastAt = receivedAt;
  }

  /** Remembers a topic of this kind. @returns it, where there is room, and whether a level began to vary by it */
  meet(topic: string, parts: readonly string[]): { seen: SeenTopic | undefined; widened: boolean } {
    const widened = this.format !== "sparkplug_b" && takeParts(this.levels, parts);
    let seen = this.topics.get(topic);
    if (seen === undefined && this.topics.size < MOST_TOPICS) {
      seen = { parts, lastAt: 0, numbers: new Map() };
      this.topics.set(topic, seen);
    }
    return { seen, widened };
  }

  /** Looks into a message. */
  look({ members }: ReadMessage, seen: SeenTopic | undefined, receivedAt: number): void {
    this.read++;
    for (const record of members) {
      this.records++;
      for (const member of record) this.#take(member, seen, receivedAt);
    }
  }

  /** Takes over another of the same kind. */
  absorb(other: Shape): void {
    this.messages += other.messages;
    this.read += other.read;
    this.records += other.records;
    this.strange += other.strange;
    this.firstAt = Math.min(this.firstAt, other.firstAt);
    this.lastAt = Math.max(this.lastAt, other.lastAt);
    this.told ||= other.told;
    this.dismissed ||= other.dismissed;
    this.cadence.absorb(other.cadence);
    for (const [topic, seen] of other.topics) {
      takeParts(this.levels, seen.parts);
      if (this.topics.size < MOST_TOPICS) this.topics.set(topic, seen);
    }
    for (const [key, stats] of other.fields) {
      const own = this.fields.get(key);
      if (own !== undefined) own.absorb(stats);
      else if (this.fields.size < MOST_MEMBERS) this.fields.set(key, stats);
    }
  }

  /** Whether another is of this kind now that more levels vary. */
  includes(other: Shape): boolean {
    if (other === this || other.format !== this.format || other.compression !== this.compression) {
      return false;
    }
    if (other.levels.length !== this.levels.length || other.fieldLevel !== this.fieldLevel) return false;
    const levels = this.levels.every((level, index) => {
      const theirs = other.levels[index];
      return level.varies ||
        (theirs?.varies === false && [...theirs.texts].every((text) => level.texts.has(text)));
    });
    return levels && (this.fieldLevel || alike(new Set(this.fields.keys()), [...other.fields.keys()]));
  }

  #alike(members: ReadMessage["members"]): boolean {
    const theirs = new Set(members.flatMap((one) => one.map(({ path }) => pathKey(path))));
    return alike(new Set(this.fields.keys()), [...theirs]);
  }

  #take(member: Member, seen: SeenTopic | undefined, receivedAt: number): void {
    const key = pathKey(member.path);
    let stats = this.fields.get(key);
    if (stats === undefined) {
      if (this.fields.size >= MOST_MEMBERS) return;
      stats = new FieldStats(member);
      this.fields.set(key, stats);
    }
    stats.take(member.value, receivedAt);
    if (seen === undefined || typeof member.value !== "number") return;
    const before = seen.numbers.get(key);
    if (before !== undefined) member.value > before ? stats.rises++ : stats.falls++;
    seen.numbers.set(key, member.value);
  }
}

/** Whether at least half of all keys are in both. */
function alike(own: ReadonlySet<string>, theirs: readonly string[]): boolean {
  const both = theirs.filter((key) => own.has(key)).length;
  return both >= ALIKE * (own.size + theirs.length - both);
}
