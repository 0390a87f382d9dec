import type { DeadMan, Watcher } from "../alerts/mod.ts";
import type { Series, StreamWindows } from "../downsample/mod.ts";
import type { Downsample, FieldType, Reason, Value } from "../model/mod.ts";
import type { Sequence } from "./sequence.ts";

/** What happened to one device's messages and readings so far. */
export interface DeviceCounts {
  /** Messages journalled, whatever became of them. */
  received: number;
  /** Messages that gave readings. */
  processed: number;
  /** Messages: redelivered twins and repeated sequence numbers. */
  duplicate: number;
  /** Messages that their profile's `sample` left out. */
  sampled: number;
  /** Messages refused as a whole. */
  quarantined: number;
  /** Readings found in messages that were processed. */
  decoded: number;
  /** Readings dropped by `on: change`, since nothing changed. */
  unchanged: number;
  /** Readings refused one by one: range, type, future, … */
  rejected: number;
  /** Readings that came after their window was written and forgotten. */
  late: number;
  /** Numbers missing between two messages of a sequence. */
  sequence_gaps: number;
  /** Messages taken for a redelivered twin without the DUP flag, nothing speaking against it. */
  duplicate_assumed: number;
  /** Entries of the quarantine that went through when they were tried again. */
  replayed: number;
}

/** A device that was seen. */
export interface Device {
  /** Order of first sight, from 0. */
  readonly index: number;
  /** The device id that the topic gave. */
  readonly id: string;
  /** What happened to its messages and readings so far. */
  readonly counts: DeviceCounts;
  /** Refusals by reason. */
  readonly errors: Map<Reason, number>;
  /** Wall clock of its first message, ms. */
  readonly firstSeen: number;
  /** Wall clock of its newest live message, ms; 0: none yet. */
  lastSeen: number;
  /** It, or its edge node, has said that it is gone; until its next live message. */
  dead: boolean;
  /** Time of receipt minus device time of the newest message, ms; `null` without a device time. */
  skew: number | null;
  /** Live messages so far and the smoothed time between them, ms; `null` before the second. */
  interval: number | null;
  /** Expected time between messages, ms; `null` where the profile does not say. */
  expectEvery: number | null;
  /** Token bucket for `device_rate`: messages that it may send at once. */
  tokens: number;
  /** Journal time of `tokens`, ms. */
  tokensAt: number;
}

/** One field of one stream: its series, who watches it, and its last value for people. */
export interface FieldSlot {
  /** Its series of windows. */
  readonly series: Series;
  /** Alert rules that look at each reading. */
  watchers: readonly Watcher[];
  /** Unit for people; `null`: none. */
  unit: string | null;
  /** Last value by event time; `undefined` before the first. */
  value: Value | undefined;
  /** Event time of that value, ms; −Infinity before the first. */
  at: number;
}

/** A device stream: a device under one profile with one set of tags. */
export interface Stream {
  /** Order of first sight, from 0. */
  readonly index: number;
  /** The device that sends it. */
  readonly device: Device;
  /** Its identity and its series. */
  readonly windows: StreamWindows;
  /** Topic on which it was first seen. */
  readonly topic: string;
  /** Its fields by `slotKey`. */
  readonly slots: Map<string, FieldSlot>;
  /** The same slots by the number of the field's rule in the profile in force: the short way for each reading. */
  byIndex: readonly (FieldSlot | undefined)[];
  /** Judges its sequence numbers; `undefined` before the first. */
  sequence: Sequence | undefined;
  /** Dead-man rules that watch its device. */
  deadmen: readonly DeadMan[];
  /** Hash of the newest message by the hash of its topic: a retained copy of it is no new one. */
  readonly newestOf: Map<number, number>;
  /** Time of receipt of the newest record without a time of its own, ms. */
  receiptMs: number;
  /** The nanoseconds given to it. */
  receiptNs: number;
}

/**
 * The nanoseconds of a record that is stamped by its receipt: records of one millisecond get one after the other,
 * since a database overwrites a point with the same series and time.
 */
export function receiptNanoseconds(stream: Stream, ms: number): number {
  stream.receiptNs = ms === stream.receiptMs ? stream.receiptNs + 1 : 0;
  stream.receiptMs = ms;
  return Math.min(stream.receiptNs, 999_999);
}

/** Topics of one stream whose newest message is remembered: a wildcard can lead any number of them to it. */
const MOST_TOPICS = 64;

/** Remembers the newest message on a topic of a stream. */
export function rememberNewest(stream: Stream, topicHash: number, hash: number): void {
  const { newestOf } = stream;
  if (newestOf.size >= MOST_TOPICS && !newestOf.has(topicHash)) {
    const { value: oldest } = newestOf.keys().next();
    if (oldest !== undefined) newestOf.delete(oldest);
  }
  newestOf.set(topicHash, hash);
}

/** Key of a slot: a field that changes its type is another series. */
export function slotKey(field: string, type: FieldType): string {
  const ofType = SLOT_KEYS[type] ??= new Map();
  const known = ofType.get(field);
  if (known !== undefined) return known;
  const key = `${type} ${field}`;
  if (ofType.size < MOST_KEYS) ofType.set(field, key);
  return key;
}

/** One text for each field, and not one for each device that has it. */
const SLOT_KEYS: Partial<Record<FieldType, Map<string, string>>> = {};
/** Fields that no profile names can be any number. */
const MOST_KEYS = 10_000;

/** What a slot needs to know of a field. */
export interface FieldFacts {
  /** Name of the field. */
  readonly name: string;
  /** Type of its values. */
  readonly type: FieldType;
  /** Unit for people; `null`: none. */
  readonly unit: string | null;
  /** The definition of its windows. */
  readonly downsample: Downsample;
}

/** Notes a refusal of a device. */
export function noteError(device: Device, reason: Reason, times: number): void {
  device.errors.set(reason, (device.errors.get(reason) ?? 0) + times);
}

/** Counts of a device that nothing is known of yet. */
export function noCounts(): DeviceCounts {
  return {
    received: 0,
    processed: 0,
    duplicate: 0,
    sampled: 0,
    quarantined: 0,
    decoded: 0,
    unchanged: 0,
    rejected: 0,
    late: 0,
    sequence_gaps: 0,
    duplicate_assumed: 0,
    replayed: 0,
  };
}
