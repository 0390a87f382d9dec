/**
 * Alert rules on every reading at full rate, before downsampling hides the peak. The rules of the state
 * machine are numbered in SPEC.md.
 *
 * In: the rules in force; accepted readings in journal order, each with its event time; signs of life and
 * deadlines in journal time. Out: an `AlertEvent` where an alert fires or resolves, at once, to the caller's
 * `emit`; a snapshot for the checkpoint; the active alerts for people. What people do, acknowledge and silence, comes in as
 * commands.
 *
 * Promises: no clock, no I/O; the same records give the same events, however they are split and wherever a
 * snapshot was restored; no object, closure or text is made for a reading that neither fires nor
 * resolves.
 * @module
 */
export type { Emit } from "./alert_event.ts";
export type { Acknowledged, Care } from "./care.ts";
export { DeadMan } from "./deadman.ts";
export { matchGlob } from "./glob.ts";
export type { Silences } from "./silences.ts";
export type { ActiveAlert, AlertSnapshot, DeadManSnapshot, Phase, WatcherSnapshot } from "./snapshot.ts";
export { AlertStage } from "./stage.ts";
export { type Judgement, Watcher } from "./watcher.ts";
