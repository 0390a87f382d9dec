/**
 * What a data folder still holds of the past, run through the rules of a configuration: to try rules on real history,
 * and to give a database back what it has lost. SPEC.md numbers the rules.
 *
 * In: a data folder, of a gateway that runs or not, which is only read; rules; a stretch of time. Out: the points,
 * alerts and refusals that the very same river makes of it, through a sink (`Delivery` is the one that writes to a
 * database), and a summary. It promises that memory does not grow with the stretch, and that no point of a window
 * goes out before that window is whole.
 * @module
 */
export { Delivery, type DeliveryNews, type DeliveryOptions } from "./delivery.ts";
export { type JournalView, journalView } from "./journal_view.ts";
export { ReplayProblem } from "./problem.ts";
export { type QuarantineCounts, readQuarantined } from "./read_quarantined.ts";
export { readStretch } from "./read_stretch.ts";
export { replayClosed, replayLive, type ReplayOptions } from "./replay.ts";
export type { ReplaySink } from "./sink.ts";
export type { Progress, ReplaySummary, Transitions } from "./summary.ts";
