import type { Downsample, FieldType, PointField, StreamIdentity, Value } from "../model/mod.ts";
import type { Sketch } from "./aggregates/sketch.ts";
import type { Coverage } from "./coverage.ts";
import type { PassedTimes } from "./passed_times.ts";
import type { Plan } from "./plan.ts";
import type { WindowList } from "./window_list.ts";

/** The definition of a series' windows. */
export type WindowRule = Extract<Downsample, { kind: "window" }>;

/** A definition and the event time from which it holds. */
export interface RuleFrom {
  /** Event time, ms; −Infinity: since ever. */
  readonly from: number;
  /** The definition. */
  readonly rule: Downsample;
  /** `undefined` where the rule makes no windows. */
  readonly plan: Plan | undefined;
}

/** What the stage keeps of one device stream. */
export interface StreamWindows {
  /** Device, profile, measurement and tags. */
  readonly identity: StreamIdentity;
  /** Newest event time (W1), ms; −Infinity before the first reading. */
  newest: number;
  /** Newest event time at which one of the live windows has to be looked at again. */
  nextLook: number;
  /** Readings in windows that are not written yet. */
  open: number;
  /** Its series, in order of first sight. */
  series: readonly Series[];
}

/** What the stage keeps of one series. */
export interface Series {
  /** Order of first sight over all streams, from 0. */
  readonly index: number;
  /** The stream that it belongs to. */
  readonly stream: StreamWindows;
  /** Name of the field, as the profile has it. */
  readonly field: string;
  /** Type of its values; another type is another series. */
  readonly type: FieldType;
  /** Oldest first; at least one. Shared by all series of one field until one of them is redefined. */
  rules: readonly RuleFrom[];
  /** Every window that is open or held. */
  readonly windows: WindowList;
  /** Those that event time drives, in order of their opening. */
  live: readonly Window[];
  /** Held gap windows (W7), oldest first. */
  gaps: readonly Window[];
  /** Stretches of event time that were written (W9). */
  readonly coverage: Coverage;
  /** Event time of the newest point, ms; −Infinity before the first. */
  newestMs: number;
  /** Nanoseconds beyond `newestMs`; −1 before the first point. */
  newestNs: number;
  /** `none` and `change`: the newest value that passed; `undefined` before the first. */
  value: Value | undefined;
  /** Event time of the last point that passed, ms; −Infinity before the first. */
  passedMs: number;
  /** Where its points without a window stand (W19); `undefined` before the first. */
  times: PassedTimes | undefined;
}

/** One window of one series. */
export interface Window {
  /** The series that it belongs to. */
  readonly series: Series;
  /** Order of opening, over all series. */
  readonly serial: number;
  /** Event time of its start, ms; a multiple of `rule.every` (W3). */
  readonly start: number;
  /** Event time of its end, ms; not part of it. */
  readonly end: number;
  /** The definition under which it was opened. */
  readonly rule: WindowRule;
  /** How its slots are filled and read. */
  readonly plan: Plan;
  /** Which clock drives it: event time, nothing but room (W7), or journal time (W10). */
  drive: "live" | "gap" | "backfill";
  /** What the aggregates have gathered, as the plan lays it out. */
  readonly slots: number[];
  /** Texts that the slots of a string field point to; of other fields one array that all share. */
  readonly texts: string[];
  /** What its percentiles are read from; `undefined` where it has none. */
  readonly sketch: Sketch | undefined;
  /** Readings that no point accounts for yet. */
  fresh: number;
  /** Whether a point has been written. */
  emitted: boolean;
  /** What the last point said, from the first reading after it on. */
  written: readonly PointField[] | undefined;
  /** Journal time of the last reading. */
  lastAt: number;
  /** Journal time of the first reading after the last emission. */
  dirtyAt: number;
  /** Journal time of the last emission. */
  emittedAt: number;
  /** Order in which it became held, over all series; 0 before. */
  heldSerial: number;
  /** Journal time of the entry in the deadline queue that counts; Infinity: none. */
  queued: number;
  /** It is gone: entries in queues that still name it count for nothing. */
  forgotten: boolean;
}

/**
 * Journal time at which a window wants to act: to be emitted for idleness (W4), emitted again (W6), or, for
 * backfill, forgotten (W10). Infinity where only event time moves it.
 */
export function dueOf(window: Window): number {
  if (!window.emitted) return window.lastAt + window.rule.idleAfter;
  if (window.fresh > 0) return window.dirtyAt + window.rule.every;
  if (window.drive === "backfill") return Math.max(window.emittedAt, window.lastAt) + window.rule.hold;
  return Infinity;
}

/** Whether event time still drives a window. */
export function isLive({ forgotten, drive }: Window): boolean {
  return !forgotten && drive === "live";
}

/** Whether an entry of the deadline queue still counts: not where its window is gone, or queued for another moment. */
export function stillCounts(window: Window, due: number): boolean {
  return !window.forgotten && window.queued === due;
}

/** The definition that holds at an event time. */
export function ruleAt(series: Series, ms: number): RuleFrom {
  const rules = series.rules;
  for (let at = rules.length - 1; at > 0; at--) {
    const rule = rules[at];
    if (rule !== undefined && rule.from <= ms) return rule;
  }
  const oldest = rules[0];
  if (oldest === undefined) throw new RangeError("A series without a rule cannot be");
  return oldest;
}
