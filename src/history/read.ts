import { extentOf } from "./extent.ts";
import { FINEST, type Reach, type Resolution, RESOLUTIONS } from "./resolutions.ts";
import { BUCKET, COUNT, LAST, LAST_AT, MAX, MIN, SERIES, SUM, type TextRow, WIDTH } from "./row.ts";
import type { SeriesFacts } from "./series_facts.ts";
import type { Store } from "./store.ts";

/** Buckets of a stretch of time, in order of time, then of the series as they were asked for. */
export interface Buckets {
  /** How long a bucket is. */
  readonly resolution: Resolution;
  /** Buckets of numbers, see row.ts; the series by their places in the question. */
  readonly rows: Float64Array<ArrayBuffer>;
  /** Buckets of texts, alike. */
  readonly texts: readonly TextRow[];
}

/** What there is of each resolution, the finest first; also of what is not in the file yet. */
export function reaches({ database }: Store): Reach[] {
  return RESOLUTIONS.map((resolution) => {
    const ratio = resolution / FINEST;
    const extent = extentOf(database, [
      [`r${resolution}`, 1],
      [`t${resolution}`, 1],
      ["fresh", ratio],
      ["fresh_texts", ratio],
    ]);
    return {
      resolution,
      oldest: extent === undefined ? Infinity : extent.oldest * resolution,
      end: extent === undefined ? -Infinity : (extent.newest + 1) * resolution,
    };
  });
}

/** Every series that the history knows. */
export function everySeries({ database }: Store): SeriesFacts[] {
  return database.prepare("SELECT facts FROM series ORDER BY id").all().map(({ facts }) =>
    JSON.parse(String(facts))
  );
}

/**
 * The buckets of some series: each is sought by itself, which is quick because rows lie in order of time and series.
 *
 * @param keys the series
 * @param from first bucket, `to` the one behind the last
 */
export function readBuckets(
  store: Store,
  keys: readonly string[],
  resolution: Resolution,
  from: number,
  to: number,
): Buckets {
  const { database } = store;
  database.exec(
    "CREATE TEMP TABLE IF NOT EXISTS wanted (place INTEGER PRIMARY KEY, id INTEGER UNIQUE); DELETE FROM wanted",
  );
  const want = database.prepare("INSERT OR IGNORE INTO wanted VALUES (?, ?)");
  keys.forEach((key, place) => {
    const id = store.seriesOf(key);
    if (id !== undefined) want.run(place, id);
  });
  const ratio = resolution / FINEST;
  const sought = (columns: string, table: string, fresh: string): Record<string, unknown>[] => {
    // A stretch may be long beyond all that there is, and each of its buckets is looked for.
    const extent = extentOf(database, [[table, 1], [fresh, ratio]]);
    if (extent === undefined) return [];
    const [first, end] = [Math.max(from, extent.oldest), Math.min(to, extent.newest + 1)];
    // Numbers that are bound are no whole ones to SQLite, and would not divide as such.
    return database.prepare(
      `WITH RECURSIVE span(bucket) AS
        (SELECT ${first} WHERE ${first} < ${end} UNION ALL SELECT bucket + 1 FROM span WHERE bucket + 1 < ${end})
      SELECT bucket AS bucket, place, ${columns} FROM span CROSS JOIN wanted CROSS JOIN ${table} AS stored USING (bucket)
        WHERE stored.series = wanted.id
      UNION ALL
      SELECT bucket / ${ratio} AS bucket, place, ${columns} FROM ${fresh} AS stored
        JOIN wanted ON stored.series = wanted.id
        WHERE bucket >= ${first * ratio} AND bucket < ${end * ratio}
      ORDER BY bucket, place, last_at`,
    ).all();
  };
  return {
    resolution,
    rows: merged(sought("min, max, sum, count, last, last_at", `r${resolution}`, "fresh")),
    texts: mergedTexts(sought("count, last, last_at", `t${resolution}`, "fresh_texts")),
  };
}

/** What the file has of a bucket and what is not there yet are one. They come in order of their newest value. */
function merged(found: readonly Record<string, unknown>[]): Float64Array<ArrayBuffer> {
  const rows = new Float64Array(found.length * WIDTH);
  let end = 0;
  for (const { place, bucket, min, max, sum, count, last, last_at } of found) {
    const before = end - WIDTH;
    const same = before >= 0 && rows[before + SERIES] === place && rows[before + BUCKET] === bucket;
    const at = same ? before : end;
    if (!same) end += WIDTH;
    rows[at + SERIES] = Number(place);
    rows[at + BUCKET] = Number(bucket);
    rows[at + MIN] = same ? Math.min(rows[at + MIN] ?? 0, Number(min)) : Number(min);
    rows[at + MAX] = same ? Math.max(rows[at + MAX] ?? 0, Number(max)) : Number(max);
    rows[at + SUM] = (rows[at + SUM] ?? 0) + Number(sum);
    rows[at + COUNT] = (rows[at + COUNT] ?? 0) + Number(count);
    rows[at + LAST] = Number(last);
    rows[at + LAST_AT] = Number(last_at);
  }
  return rows.slice(0, end);
}

function mergedTexts(found: readonly Record<string, unknown>[]): TextRow[] {
  const rows: TextRow[] = [];
  for (const { place, bucket, count, last, last_at } of found) {
    const before = rows.at(-1);
    const same = before !== undefined && before.series === place && before.bucket === bucket;
    const row = {
      series: Number(place),
      bucket: Number(bucket),
      count: Number(count) + (same ? before.count : 0),
      last: String(last),
      lastAt: Number(last_at),
    };
    if (same) rows[rows.length - 1] = row;
    else rows.push(row);
  }
  return rows;
}
