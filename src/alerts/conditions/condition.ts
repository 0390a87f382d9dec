import type { AlertCondition, Value } from "../../model/mod.ts";

/**
 * What one reading says about a condition. `between` is the band of the hysteresis and every reading that
 * cannot be judged: it changes nothing.
 */
export type Verdict = "holds" | "clear" | "between";

/** What a watcher remembers of the readings before this one. */
export interface Trail {
  /** Event time of the newest reading, ms; `-Infinity` before the first. */
  readonly at: number;
  /** The newest value; `null` before the first. */
  readonly value: Value | null;
  /** Event time of the first reading of the present run of equal values, ms. */
  readonly changedAt: number;
}

/** A condition ready for use. It holds no state: one serves all series of its rule. */
export interface Condition {
  /** The limit for people, e.g. `80` or `10 … 30`. */
  readonly limit: string;
  /** The sentence of a rule that brings none, a template like any summary. */
  readonly summary: string;
  /**
   * Judges a reading that is not older than the trail. Allocates nothing.
   *
   * @param value the reading's value
   * @param at its event time, ms
   * @param trail the readings before it
   */
  judge(value: Value, at: number, trail: Trail): Verdict;
}

/** The member of `AlertCondition` with this kind. */
export type OfKind<K extends AlertCondition["kind"]> = Extract<AlertCondition, { readonly kind: K }>;
