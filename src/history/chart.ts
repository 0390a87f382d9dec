import type { Buckets } from "./read.ts";
import { BUCKET, COUNT, LAST, MAX, MIN, SUM, WIDTH } from "./row.ts";

/** A point of a chart. */
export interface ChartPoint {
  /** Start of its bucket, seconds. */
  readonly at: number;
  /** The smallest value of all buckets that it stands for; `null` for texts, as are the two below. */
  readonly min: number | null;
  /** The mean of its own bucket. */
  readonly mean: number | null;
  /** The largest value of all buckets that it stands for. */
  readonly max: number | null;
  /** Readings of all buckets that it stands for. */
  readonly count: number;
  /** The newest value of its own bucket. */
  readonly last: number | string;
}

/** The buckets of one series as points, in order of time. */
export function chartPoints({ resolution, rows, texts }: Buckets): ChartPoint[] {
  const points: ChartPoint[] = [];
  const of = (n: number): number => rows[n] ?? 0;
  for (let row = 0; row < rows.length; row += WIDTH) {
    points.push({
      at: of(row + BUCKET) * resolution,
      min: of(row + MIN),
      mean: of(row + SUM) / of(row + COUNT),
      max: of(row + MAX),
      count: of(row + COUNT),
      last: of(row + LAST),
    });
  }
  for (const { bucket, count, last } of texts) {
    points.push({ at: bucket * resolution, min: null, mean: null, max: null, count, last });
  }
  return points;
}

/**
 * At most so many of the points, chosen so that the line keeps its shape: largest triangle three buckets, after
 * Sveinn Steinarsson, "Downsampling Time Series for Visual Representation", 2013. A point that stands for others takes
 * their smallest and largest value and their counts, so that no peak is lost from the band.
 *
 * @param most at least 3
 */
export function thinOut(points: readonly ChartPoint[], most: number): ChartPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= most || first === undefined || last === undefined) return [...points];
  const chosen = [first];
  const width = (points.length - 2) / (most - 2);
  const edge = (n: number): number => 1 + Math.floor(n * width);
  let before = first;
  for (let n = 0; n < most - 2; n++) {
    const span = points.slice(edge(n), edge(n + 1));
    const next = n === most - 3 ? [last] : points.slice(edge(n + 1), edge(n + 2));
    const best = largest(span, before, centreOf(next));
    if (best === undefined) continue;
    chosen.push(standingFor(best, span));
    before = best;
  }
  chosen.push(last);
  return chosen;
}

interface Place {
  readonly at: number;
  readonly mean: number;
}

/** The point that makes the largest triangle with the one chosen before and the middle of the next span. */
function largest(span: readonly ChartPoint[], before: ChartPoint, next: Place): ChartPoint | undefined {
  let [best, area] = [span[0], -1];
  for (const point of span) {
    const own = Math.abs(
      (before.at - next.at) * (heightOf(point) - heightOf(before)) -
        (before.at - point.at) * (next.mean - heightOf(before)),
    );
    if (own > area) [best, area] = [point, own];
  }
  return best;
}

function centreOf(points: readonly ChartPoint[]): Place {
  let [at, mean] = [0, 0];
  for (const point of points) {
    at += point.at / points.length;
    mean += heightOf(point) / points.length;
  }
  return { at, mean };
}

/** A text has no height: of texts, any stands for its span. */
function heightOf({ mean }: ChartPoint): number {
  return mean ?? 0;
}

function standingFor(best: ChartPoint, span: readonly ChartPoint[]): ChartPoint {
  let { min, max } = best;
  let count = 0;
  for (const point of span) {
    if (point.min !== null && (min === null || point.min < min)) min = point.min;
    if (point.max !== null && (max === null || point.max > max)) max = point.max;
    count += point.count;
  }
  return { ...best, min, max, count };
}
