import type { Downsample, FieldType, StreamIdentity, Value } from "../model/mod.ts";
import { copySketch } from "./aggregates/sketch.ts";
import { Coverage } from "./coverage.ts";
import type { Downsampler } from "./downsampler.ts";
import type { Plans } from "./open_series.ts";
import { type PassedSnapshot, PassedTimes } from "./passed_times.ts";
import type { RuleFrom, Series, StreamWindows, Window } from "./series.ts";
import { NO_WINDOWS, WindowList } from "./window_list.ts";

/** A stream as the checkpoint holds it: plain data. */
export interface StreamSnapshot {
  /** Device, profile, measurement and tags. */
  readonly identity: StreamIdentity;
  /** Newest event time (W1), ms; −Infinity before the first reading. */
  readonly newest: number;
  /** Its series, in order of first sight. */
  readonly series: readonly SeriesSnapshot[];
}

/** A series as the checkpoint holds it. */
export interface SeriesSnapshot {
  /** Order of first sight over all streams, from 0. */
  readonly index: number;
  /** Name of the field. */
  readonly field: string;
  /** Type of its values. */
  readonly type: FieldType;
  /** Definitions and the event times, ms, from which they hold; oldest first, at least one. */
  readonly rules: readonly { readonly from: number; readonly rule: Downsample }[];
  /** What was written (W9), flat: `from, to, from, to …`, event time, ms. */
  readonly coverage: readonly number[];
  /** Event time of the newest point, ms; −Infinity before the first. */
  readonly newestMs: number;
  /** Nanoseconds beyond it; −1 before the first point. */
  readonly newestNs: number;
  /** The newest value that passed without a window; `undefined` before the first. */
  readonly value: Value | undefined;
  /** Event time of the last point that passed, ms; −Infinity before the first. */
  readonly passedMs: number;
  /** Where its points without a window stand; left out before the first. */
  readonly times?: PassedSnapshot | undefined;
  /** Starts of the gap windows, oldest first. */
  readonly gaps: readonly number[];
  /** Every window that is open or held. */
  readonly windows: readonly WindowSnapshot[];
}

/** A window as the checkpoint holds it. */
export type WindowSnapshot = Omit<Window, "series" | "plan" | "queued" | "forgotten" | "written"> & {
  /** Left out where nothing was added since the last point. */
  readonly written?: Window["written"];
};

/** Counters of the whole stage. */
export interface StageSnapshot {
  /** Windows opened so far. */
  readonly opened: number;
  /** Windows that became held so far. */
  readonly held: number;
}

/** The stage's own counters. */
export function snapshotStage(stage: Downsampler): StageSnapshot {
  return { opened: stage.opened, held: stage.held.count };
}

/** A stream, without anything that the next record could change behind the snapshot's back. */
export function snapshotStream(stream: StreamWindows): StreamSnapshot {
  return { identity: stream.identity, newest: stream.newest, series: stream.series.map(snapshotSeries) };
}

function snapshotSeries(series: Series): SeriesSnapshot {
  return {
    index: series.index,
    field: series.field,
    type: series.type,
    rules: series.rules.map(({ from, rule }) => ({ from, rule })),
    coverage: series.coverage.edges,
    newestMs: series.newestMs,
    newestNs: series.newestNs,
    value: series.value,
    passedMs: series.passedMs,
    times: series.times?.snapshot(),
    gaps: series.gaps.map((gap) => gap.start),
    windows: [...series.windows.values()].map(
      ({ series: _series, plan: _plan, queued: _queued, forgotten: _forgotten, ...kept }) => kept,
    ),
  };
}

/** Puts streams back into an empty stage, and their deadlines into its queue. */
export function restoreStreams(
  stage: Downsampler,
  plans: Plans,
  counters: StageSnapshot,
  snapshots: readonly StreamSnapshot[],
): StreamWindows[] {
  const windows: Window[] = [];
  const streams = snapshots.map((snapshot) => {
    const stream: StreamWindows = {
      identity: snapshot.identity,
      newest: snapshot.newest,
      nextLook: Infinity,
      open: 0,
      series: [],
    };
    stream.series = snapshot.series.map((each) => restoreSeries(plans, stream, each, windows));
    return stream;
  });
  stage.opened = counters.opened;
  stage.windows = windows.length;
  stage.held.restore(windows, counters.held);
  for (const window of windows) stage.schedule(window);
  return streams;
}

/** A restored series that was never redefined shares its rules as a new one does. */
function rulesOf(plans: Plans, { field, type, rules }: SeriesSnapshot): readonly RuleFrom[] {
  const [only] = rules;
  if (only !== undefined && rules.length === 1 && only.from === -Infinity) {
    return plans.firstRules(field, type, only.rule);
  }
  return rules.map(({ from, rule }) => ({ from, rule, plan: plans.planFor(field, type, rule) }));
}

function restoreSeries(plans: Plans, stream: StreamWindows, snapshot: SeriesSnapshot, all: Window[]): Series {
  const { field, type } = snapshot;
  const series: Series = {
    index: snapshot.index,
    stream,
    field,
    type,
    rules: rulesOf(plans, snapshot),
    windows: new WindowList(),
    live: NO_WINDOWS,
    gaps: NO_WINDOWS,
    coverage: new Coverage(snapshot.coverage),
    newestMs: snapshot.newestMs,
    newestNs: snapshot.newestNs,
    value: snapshot.value,
    passedMs: snapshot.passedMs,
    times: snapshot.times === undefined ? undefined : new PassedTimes("unknown", snapshot.times),
  };
  for (const kept of snapshot.windows) {
    const plan = plans.planFor(field, type, kept.rule);
    if (plan === undefined) continue;
    const window: Window = {
      ...kept,
      slots: [...kept.slots],
      texts: kept.texts.length === 0 ? plan.texts() : [...kept.texts],
      written: kept.written,
      sketch: kept.sketch === undefined ? undefined : copySketch(kept.sketch),
      series,
      plan,
      queued: Infinity,
      forgotten: false,
    };
    series.windows.add(window);
    all.push(window);
    stream.open += window.fresh;
    if (window.drive === "live") series.live = series.live.concat(window);
    const closes = window.end + window.rule.lateness;
    const look = stream.newest < closes ? closes : closes + window.rule.hold;
    if (window.drive === "live") stream.nextLook = Math.min(stream.nextLook, look);
  }
  for (const start of snapshot.gaps) {
    const gap = series.windows.get(start);
    if (gap !== undefined) series.gaps = series.gaps.concat(gap);
  }
  return series;
}
