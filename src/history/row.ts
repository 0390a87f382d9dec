/**
 * A bucket of numbers as eight plain numbers, many of them one after the other in a `Float64Array`: so that they go to
 * the worker and back without being copied.
 * @module
 */

/** Numbers of a row. */
export const WIDTH = 8;
/** Whose it is: the number that both sides know the series by. */
export const SERIES = 0;
/** Which bucket: seconds since 1970 over the resolution, rounded down. */
export const BUCKET = 1;
/** The smallest value. */
export const MIN = 2;
/** The largest value. */
export const MAX = 3;
/** All values added up. */
export const SUM = 4;
/** How many values. */
export const COUNT = 5;
/** The newest value, by event time. */
export const LAST = 6;
/** Event time of that value, ms. */
export const LAST_AT = 7;

/** A bucket of texts. */
export interface TextRow {
  /** Whose it is. */
  readonly series: number;
  /** Which bucket. */
  readonly bucket: number;
  /** How many texts. */
  readonly count: number;
  /** The newest one, by event time. */
  readonly last: string;
  /** Its event time, ms. */
  readonly lastAt: number;
}

/** Longest text that is kept, characters. */
export const LONGEST_TEXT = 256;
