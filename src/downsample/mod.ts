/**
 * Downsampling: readings in, points out, by event-time windows. The rules (W1 …) are in SPEC.md beside this file.
 *
 * In: one reading at a time with its event time and the journal time of its record, and deadlines of the queue
 * that the stage was given. Out: points, through the sink handed to each call. It keeps its state in plain
 * objects of the caller's, reads no clock and promises that the same calls make the same points, also when a
 * snapshot was taken and restored in between.
 * @module
 */
export { AGGREGATES } from "./aggregates/registry.ts";
export type { Aggregator } from "./aggregates/aggregator.ts";
export type { Sketch } from "./aggregates/sketch.ts";
export { Downsampler, type Placement, type PointSink } from "./downsampler.ts";
export type { Coverage } from "./coverage.ts";
export type { HeldWindows } from "./held.ts";
export { WindowList } from "./window_list.ts";
export { openSeries, openStream, Plans, takeOver } from "./open_series.ts";
export type { PassedSnapshot, PassedTimes } from "./passed_times.ts";
export type { Plan } from "./plan.ts";
export {
  type RuleFrom,
  type Series,
  stillCounts,
  type StreamWindows,
  type Window,
  type WindowRule,
} from "./series.ts";
export {
  restoreStreams,
  type SeriesSnapshot,
  snapshotStage,
  snapshotStream,
  type StageSnapshot,
  type StreamSnapshot,
  type WindowSnapshot,
} from "./snapshot.ts";
