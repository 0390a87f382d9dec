import { PointTable, type Precision, type Series, type Value } from "./point_table.ts";

/** One value that is not as it must be. */
export interface Difference {
  /** `missing`: expected, not there; `spurious`: there, not expected; `differing`: there with another value. */
  readonly kind: "missing" | "spurious" | "differing";
  /** Measurement and tags. */
  readonly series: string;
  /** ns since the epoch. */
  readonly time: bigint;
  /** Name of the field. */
  readonly field: string;
  /** What must be there; `undefined` where nothing must. */
  readonly expected: Value | undefined;
  /** What is there; `undefined` where nothing is. */
  readonly actual: Value | undefined;
}

/** How far two values may lie apart, relative to the larger: made by adding in another order, or by a sketch. */
const TOLERANCE: Readonly<Record<Precision, number>> = { exact: 0, rounded: 1e-9, sketched: 0.01 };

function agrees(expected: Value, actual: Value, precision: Precision): boolean {
  if (expected === actual) return true;
  if (typeof expected !== "number" || typeof actual !== "number") return false;
  return Math.abs(expected - actual) <= TOLERANCE[precision] * Math.max(Math.abs(expected), Math.abs(actual));
}

function* between(
  kind: "missing" | "spurious",
  having: Series,
  other: Series | undefined,
): Generator<Difference> {
  const indices = new Map(other?.columns.map((column, index) => [column.name, index]));
  for (const [time, row] of having.rows) {
    const otherRow = other?.rows.get(time);
    for (const [index, column] of having.columns.entries()) {
      const value = row[index];
      if (value === undefined) continue;
      const at = indices.get(column.name);
      const otherValue = at === undefined ? undefined : otherRow?.[at];
      const place = { series: having.key, time, field: column.name };
      if (kind === "spurious") {
        if (otherValue === undefined) yield { kind, ...place, expected: undefined, actual: value };
      } else if (otherValue === undefined) {
        yield { kind, ...place, expected: value, actual: undefined };
      } else if (!agrees(value, otherValue, column.precision)) {
        yield { kind: "differing", ...place, expected: value, actual: otherValue };
      }
    }
  }
}

/**
 * Holds what is in a database against what must be in it, value by value.
 *
 * Lazily: whoever wants the first ten takes ten.
 */
export function* differences(expected: PointTable, actual: PointTable): Generator<Difference> {
  for (const series of expected.series()) yield* between("missing", series, actual.get(series.key));
  for (const series of actual.series()) yield* between("spurious", series, expected.get(series.key));
}

/** All differences at once; none means that every value is there, once, as it must be. */
export function compare(expected: PointTable, actual: PointTable): Difference[] {
  return [...differences(expected, actual)];
}

/** A difference for people. */
export function differenceText(difference: Difference): string {
  const { kind, series, time, field } = difference;
  const place = `${series} ${field} at ${new Date(Number(time / 1_000_000n)).toISOString()}`;
  switch (kind) {
    case "missing":
      return `Missing: ${place}, expected "${difference.expected}"`;
    case "spurious":
      return `Spurious: ${place}, found "${difference.actual}"`;
    case "differing":
      return `Differing: ${place}, expected "${difference.expected}", found "${difference.actual}"`;
  }
}

/**
 * A database's content with the events of a millisecond where the oracle looks for them: profiles with `distinct` times
 * spread them over its nanoseconds, by what they say. One that finds its place taken stays where it is, and stands out.
 *
 * @param distinct measurements whose times are spread
 */
export function byMillisecond(points: PointTable, distinct: ReadonlySet<string>): PointTable {
  if (distinct.size === 0) return points;
  const table = new PointTable();
  for (const { key, columns, rows } of points.series()) {
    const spread = distinct.has(key.slice(0, key.indexOf("{")));
    for (const [time, row] of rows) {
      const floored = time - time % 1_000_000n;
      const place = spread && table.get(key)?.rows.has(floored) !== true ? floored : time;
      for (const [index, value] of row.entries()) {
        const column = columns[index];
        if (value !== undefined && column !== undefined) {
          table.set(key, place, column.name, value, column.precision);
        }
      }
    }
  }
  return table;
}
