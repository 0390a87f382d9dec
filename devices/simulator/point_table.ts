/** A value in a database. */
export type Value = number | boolean | string;

/**
 * How a value may be held against another one: to the last bit; within rounding, where many additions made it;
 * or within the 1 % that a sketch of percentiles promises.
 */
export type Precision = "exact" | "rounded" | "sketched";

/** A column of a series: a field. */
export interface Column {
  /** Name of the field. */
  readonly name: string;
  /** How its values may be compared. */
  readonly precision: Precision;
}

/** What one series holds, row by row. */
export interface Series {
  /** Measurement and tags, see `seriesKey`. */
  readonly key: string;
  /** Its fields, in order of first sight. */
  readonly columns: readonly Column[];
  /** Values by time, ns since the epoch, in the order of `columns`; a hole where a row has no such field. */
  readonly rows: ReadonlyMap<bigint, readonly (Value | undefined)[]>;
}

/** What `set` found: a new value, the same one, or another one that is now overwritten. */
export type SetResult = "new" | "same" | "changed";

interface MutableSeries {
  readonly key: string;
  readonly columns: Column[];
  readonly indices: Map<string, number>;
  readonly rows: Map<bigint, (Value | undefined)[]>;
}

/**
 * The one name of a series: measurement and tags in code-unit order, e.g. `climate{"device":"a","site":"north"}`.
 * No two series share one.
 */
export function seriesKey(measurement: string, tags: Iterable<readonly [string, string]>): string {
  const sorted = [...tags].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  const pairs = sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `${measurement}{${pairs.join(",")}}`;
}

/** Points as a database keeps them: one value per series, time and field. The later value wins. */
export class PointTable {
  readonly #series = new Map<string, MutableSeries>();
  #points = 0;
  #values = 0;

  /** Points: times per series. */
  get points(): number {
    return this.#points;
  }

  /** Values: fields of points. */
  get values(): number {
    return this.#values;
  }

  /** The series, in order of first sight. */
  series(): Iterable<Series> {
    return this.#series.values();
  }

  /** One series, if it holds anything. */
  get(key: string): Series | undefined {
    return this.#series.get(key);
  }

  /** One value. */
  value(key: string, time: bigint, field: string): Value | undefined {
    const series = this.#series.get(key);
    const index = series?.indices.get(field);
    return index === undefined ? undefined : series?.rows.get(time)?.[index];
  }

  /**
   * Writes one value.
   *
   * @param time ns since the epoch
   * @param precision of the column; the first one given stays
   */
  set(key: string, time: bigint, field: string, value: Value, precision: Precision = "exact"): SetResult {
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { key, columns: [], indices: new Map(), rows: new Map() };
      this.#series.set(key, series);
    }
    let index = series.indices.get(field);
    if (index === undefined) {
      index = series.columns.length;
      series.columns.push({ name: field, precision });
      series.indices.set(field, index);
    }
    let row = series.rows.get(time);
    if (row === undefined) {
      row = [];
      series.rows.set(time, row);
      this.#points++;
    }
    while (row.length <= index) row.push(undefined);
    const before = row[index];
    row[index] = value;
    if (before === undefined) {
      this.#values++;
      return "new";
    }
    return before === value ? "same" : "changed";
  }
}
