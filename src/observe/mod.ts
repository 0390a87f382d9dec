/**
 * What the gateway says of itself: log lines and metrics.
 *
 * In: named events with plain facts; values that are read when someone asks. Out: lines to a sink; the
 * Prometheus text format 0.0.4. Promises: an event is a line and a counter together; a flood is short in the
 * log and exact in the counters; no line holds a secret or a control character; an exposition is one cut.
 * @module
 */
export type { Facts, Level, Time } from "./facts.ts";
export { streamSink } from "./sink.ts";
export type { Sink, SyncWriter } from "./sink.ts";
export { Logger, type LoggerOptions } from "./logger.ts";
export { type LabelledValue, type MetricFacts, Metrics, type Read } from "./metrics.ts";
export { Counter, type Cumulated, Histogram } from "./instruments.ts";
export { EXPOSITION_TYPE, type Sample } from "./exposition.ts";
export { ledgerMetrics } from "./ledger_metrics.ts";
export { Observer, type ObserverOptions } from "./observer.ts";
