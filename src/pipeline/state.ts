import type { DeadMan, Watcher } from "../alerts/mod.ts";
import type { Series, StreamWindows } from "../downsample/mod.ts";
import type { Downsample, FieldRule, FieldType, Reason, Value } from "../model/mod.ts";
import type { Sequence } from "./sequence.ts";

/** What happened to one device's messages and readings so far. */
export interface DeviceCounts {
  received: number;
  processed: number;
  duplicate: number;
  quarantined: number;
  decoded: number;
  unchanged: number;
  rejected: number;
  late: number;
  sequence_gaps: number;
  duplicate_assumed: number;
}

/** A device that was seen. */
export interface Device {
  /** Order of first sight, from 0. */
  readonly index: number;
  readonly id: string;
  readonly counts: DeviceCounts;
  /** Refusals by reason. */
  readonly errors: Map<Reason, number>;
  /** Wall clock of its first message, ms. */
  readonly firstSeen: number;
  /** Wall clock of its newest live message, ms; 0: none yet. */
  lastSeen: number;
  /** Time of receipt minus device time of the newest message, ms; `null` without a device time. */
  skew: number | null;
  /** Live messages so far and the smoothed time between them, ms; `null` before the second. */
  interval: number | null;
  /** Expected time between messages, ms. */
  expectEvery: number | null;
  /** Token bucket for `device_rate`: tokens at a journal time. */
  tokens: number;
  tokensAt: number;
}

/** One field of one stream: its series, who watches it, and its last value for people. */
export interface FieldSlot {
  readonly series: Series;
  watchers: readonly Watcher[];
  unit: string | null;
  value: Value | undefined;
  /** Event time of the last value, ms. */
  at: number;
}

/** A device stream: a device under one profile with one set of tags. */
export interface Stream {
  readonly index: number;
  readonly device: Device;
  readonly windows: StreamWindows;
  /** Topic on which it was first seen. */
  readonly topic: string;
  readonly slots: Map<string, FieldSlot>;
  /** The same slots by the rule object of the profile in force: the short way for each reading. */
  byRule: WeakMap<FieldRule, FieldSlot>;
  sequence: Sequence | undefined;
  deadmen: readonly DeadMan[];
  /** Hash of the newest message: a retained copy of it is no new one. */
  lastHash: number;
}

/** Key of a slot: a field that changes its type is another series. */
export function slotKey(field: string, type: FieldType): string {
  return `${type} ${field}`;
}

/** What a slot needs to know of a field. */
export interface FieldFacts {
  readonly name: string;
  readonly type: FieldType;
  readonly unit: string | null;
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
    quarantined: 0,
    decoded: 0,
    unchanged: 0,
    rejected: 0,
    late: 0,
    sequence_gaps: 0,
    duplicate_assumed: 0,
  };
}
