/**
 * What a window keeps of its values to tell percentiles: how many fell into each bucket, where the buckets grow
 * with the value. All percentiles of a window read the same sketch.
 *
 * DDSketch: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
 * Relative-Error Guarantees", PVLDB 12(12), 2019. Other than there, full sketches give up the buckets nearest to
 * zero: what is merged is then wrong by less than a 1e-8th of the largest value.
 *
 * Plain data, for the checkpoint. It depends on the values alone, not on their order.
 */
export interface Sketch {
  /** The smallest value; no percentile lies below it, so that equal values give exactly that one. */
  low: number;
  /** The largest value; no percentile lies above it. */
  high: number;
  /** Number of values. */
  count: number;
  /** Buckets that hold something, in the order of their values; 0 is the bucket of zero. */
  readonly keys: number[];
  /** For each of them the number of values in it. */
  readonly counts: number[];
}

/**
 * Buckets that a sketch holds at most. In a row they span 17 decades of one sign, or 8 of each: a sensor needs a
 * few dozen.
 */
export const MOST_BUCKETS = 2_048;

/** A little below the 1 % that is promised, so that rounding at the edge of a bucket stays within it. */
const ACCURACY = 0.0099;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

/** Nearer to zero than this is zero: below 2^-1022 doubles have fewer digits than 1 % needs. */
const TINY = 1e-300;
/** Makes the key of every magnitude positive, so that the order of the keys is the order of the values. */
const SHIFT = 1 - Math.ceil(Math.log(TINY) / LOG_GAMMA);

/** A sketch of nothing. */
export function emptySketch(): Sketch {
  return { low: Infinity, high: -Infinity, count: 0, keys: [], counts: [] };
}

/** A copy that shares nothing. */
export function copySketch(sketch: Sketch): Sketch {
  return { ...sketch, keys: [...sketch.keys], counts: [...sketch.counts] };
}

/** Takes a finite value in. */
export function addToSketch(sketch: Sketch, value: number): void {
  if (value < sketch.low) sketch.low = value;
  if (value > sketch.high) sketch.high = value;
  sketch.count++;
  count(sketch, keyOf(value), 1);
}

/** Takes all values of another sketch in, as if they had come one by one. */
export function mergeSketch(sketch: Sketch, other: Sketch): void {
  sketch.low = Math.min(sketch.low, other.low);
  sketch.high = Math.max(sketch.high, other.high);
  sketch.count += other.count;
  other.keys.forEach((key, at) => count(sketch, key, other.counts[at] ?? 0));
}

/**
 * A percentile by nearest rank: the smallest value that is not less than so many percent of all, within 1 % of
 * that value.
 *
 * @param percent above 0, at most 100
 * @returns NaN for a sketch of nothing
 */
export function percentileOf(sketch: Sketch, percent: number): number {
  const { keys, counts, low, high } = sketch;
  let rank = Math.ceil(percent * sketch.count / 100);
  // The ends are known exactly.
  if (rank === sketch.count && rank > 0) return high;
  if (rank === 1) return low;
  for (let at = 0; at < keys.length; at++) {
    rank -= counts[at] ?? 0;
    if (rank <= 0) return Math.min(Math.max(valueOf(keys[at] ?? 0), low), high);
  }
  return NaN;
}

function keyOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < TINY) return 0;
  const key = Math.ceil(Math.log(magnitude) / LOG_GAMMA) + SHIFT;
  return value < 0 ? -key : key;
}

/** The value of a bucket that is nearest to all values in it, relatively. */
function valueOf(key: number): number {
  if (key === 0) return 0;
  const magnitude = Math.exp((Math.abs(key) - SHIFT) * LOG_GAMMA) * (2 / (GAMMA + 1));
  return key < 0 ? -magnitude : magnitude;
}

function count({ keys, counts }: Sketch, key: number, times: number): void {
  const at = placeOf(keys, key);
  if (keys[at] === key) {
    counts[at] = (counts[at] ?? 0) + times;
    return;
  }
  keys.splice(at, 0, key);
  counts.splice(at, 0, times);
  while (keys.length > MOST_BUCKETS) mergeNearestToZero(keys, counts);
}

/** Where a key stands, or would stand. */
function placeOf(keys: readonly number[], key: number): number {
  let from = 0;
  let to = keys.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] ?? 0) < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Which buckets are left depends on the keys alone: those farthest from zero, of two as far the positive one. */
function mergeNearestToZero(keys: number[], counts: number[]): void {
  const zero = placeOf(keys, 0);
  if (keys[zero] !== 0) {
    keys.splice(zero, 0, 0);
    counts.splice(zero, 0, 0);
  }
  const below = keys[zero - 1] ?? -Infinity;
  const above = keys[zero + 1] ?? Infinity;
  const nearest = -below <= above ? zero - 1 : zero + 1;
  counts[zero] = (counts[zero] ?? 0) + (counts[nearest] ?? 0);
  keys.splice(nearest, 1);
  counts.splice(nearest, 1);
}
