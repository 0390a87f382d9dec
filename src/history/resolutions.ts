/** A resolution of the history: how long one of its buckets is, seconds. */
export type Resolution = 10 | 60 | 900;

/** All of them, the finest first. Each is a multiple of the one before. */
export const RESOLUTIONS: readonly Resolution[] = [10, 60, 900];

/** The one that readings are gathered in, seconds. */
export const FINEST = 10;

const DAY = 86_400;

/** How long buckets are kept at most, seconds; the coarsest as long as `history.keep` says. */
export const LONGEST: Readonly<Record<Resolution, number>> = { 10: DAY, 60: 7 * DAY, 900: Infinity };

/**
 * What is given up where the space is too small, step by step: the oldest of a resolution, down to what is `left` of
 * it, seconds. The finest goes first; what a chart of the last hour shows is kept as long as a year's outline can give.
 */
export const SACRIFICE: readonly { readonly resolution: Resolution; readonly left: number }[] = [
  { resolution: 10, left: 3_600 },
  { resolution: 60, left: DAY },
  { resolution: 900, left: 7 * DAY },
  { resolution: 10, left: 0 },
  { resolution: 60, left: 0 },
  { resolution: 900, left: 0 },
];

/** What a resolution holds of a stretch of time. */
export interface Reach {
  /** The resolution. */
  readonly resolution: Resolution;
  /** Start of its oldest bucket, seconds; Infinity where it has none. */
  readonly oldest: number;
  /** End of its newest bucket, seconds; −Infinity where it has none. */
  readonly end: number;
}

/**
 * The finest resolution that shows a stretch in so many buckets and goes back to its beginning, or as far as anything
 * does.
 *
 * @param reaches what there is, the finest first
 * @param from beginning of the stretch, seconds
 * @param to its end, seconds
 * @param most buckets
 */
export function pickResolution(
  reaches: readonly Reach[],
  from: number,
  to: number,
  most: number,
): Reach {
  const coarsest = reaches.at(-1) ?? { resolution: 900, oldest: Infinity, end: -Infinity };
  // A coarse bucket begins before the first reading in it: that much longer is no longer.
  const farthest = Math.min(...reaches.map(({ oldest }) => oldest)) + coarsest.resolution;
  return reaches.find(({ resolution, oldest }) =>
    (to - from) / resolution <= most && oldest <= Math.max(from, farthest)
  ) ?? coarsest;
}
