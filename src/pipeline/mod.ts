/**
 * The river between inbox and outbox: decode, validate, enrich, alerts and downsample as one synchronous function
 * of its state, and the one loop that drives it.
 *
 * In: durable inbox records, in journal order. Out: points, refusals and alert events, through the output that
 * was handed in; checkpoints. It promises that the same records give the same output, however they are split and
 * wherever the process died, and that a record that kills the process is left out at the latest on the fifth start.
 * @module
 */
export { CHECKPOINT_VERSION, type CheckpointProblem } from "./checkpoint_codec.ts";
export {
  type CheckpointKeys,
  CheckpointStore,
  type Generation,
  type Loaded,
  type UnusableCheckpoint,
} from "./checkpoint_store.ts";
export { Driver } from "./driver.ts";
export type { Checkpoint, DriverBanks, DriverInbox, DriverOptions, TrimMark } from "./driver_options.ts";
export { EMPTY_RULES } from "./empty_rules.ts";
export type { CheckedRecord, JudgedRecord } from "./judge_payload.ts";
export { deviceLedger, riverLedger } from "./river_ledger.ts";
export type { Registry } from "./registry.ts";
export { readingsOf, type SaidReading } from "./readings_of.ts";
export { type Batch, PoisonRecord } from "./replay.ts";
export { ReplayMark } from "./replay_mark.ts";
export type { Reinject } from "./reinject.ts";
export { River, type RiverOutput } from "./river.ts";
export { type Route, Routes } from "./routes.ts";
export type { Sampler } from "./sampler.ts";
export type { Sequence, SequenceSnapshot, SequenceVerdict } from "./sequence.ts";
export {
  restoreRiver,
  type RiverSnapshot,
  type RiverStreamSnapshot,
  type SlotSnapshot,
  snapshotRiver,
} from "./snapshot.ts";
export type { Device, DeviceCounts, FieldFacts, FieldSlot, Stream } from "./state.ts";
export { tryReinject } from "./try_reinject.ts";
export type { Twin, Twins, TwinSnapshot } from "./twins.ts";
