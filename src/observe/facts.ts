/** How much a log line matters; in ascending order `debug`, `info`, `warning`, `error`. */
export type Level = "debug" | "info" | "warning" | "error";

/** What a line of the log can say of an event: plain scalars, so that no object full of secrets slips in. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Place of a level in the order. */
export const RANK: Readonly<Record<Level, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** The time that observing needs. `Clock` of clock.ts fits. */
export interface Time {
  /** Wall clock, ms since 1970-01-01T00:00:00Z: what a line is stamped with. */
  wall(): number;
  /** Monotonic clock, ms: what intervals are measured with. */
  monotonic(): number;
}
