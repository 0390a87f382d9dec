/**
 * The local history: what charts and trials of rules are drawn from, also where the database is away or there is none.
 *
 * In: every reading that alert rules see, with the record that it came in. Out: buckets of ten seconds, a minute and a
 * quarter of an hour (smallest, mean, largest and newest value, and how many), from a SQLite file that a worker keeps.
 * Promises: nothing waits for it, and losing it costs charts alone; its files stay within their space, the oldest of
 * the finest resolution goes first; a full disk ends it until there is room, a damaged file is set aside; what is
 * taken in again after a crash does not count twice. What it holds is not encrypted.
 * @module
 */
export type { HistorySlot, HistoryStream } from "./accumulators.ts";
export { type ChartPoint, chartPoints, thinOut } from "./chart.ts";
export { History } from "./history.ts";
export type { HistoryEvent, HistoryOptions, HistoryState } from "./history_options.ts";
export type { Answers, FromWorker, Question, Stretch, ToWorker } from "./protocol.ts";
export type { Buckets } from "./read.ts";
export { type Reach, type Resolution, RESOLUTIONS } from "./resolutions.ts";
export { BUCKET, COUNT, LAST, LAST_AT, MAX, MIN, SERIES, SUM, type TextRow, WIDTH } from "./row.ts";
export { type SeriesFacts, seriesKey } from "./series_facts.ts";
export type { Space } from "./space.ts";
export type { Batch } from "./store.ts";
export {
  type HistoryWorker,
  NoHistory,
  type StartWorker,
  startWorker,
  WORKER_FOLDER,
} from "./worker_link.ts";
