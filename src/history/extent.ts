import type { DatabaseSync } from "node:sqlite";

/** The oldest and the newest bucket of some tables; `undefined`: they are empty. */
export interface Extent {
  readonly oldest: number;
  readonly newest: number;
}

/**
 * Where tables begin and end. Each end is sought by itself: both in one `SELECT` would read the whole table.
 *
 * @param tables names, and how many of their buckets make one of those asked for
 */
export function extentOf(
  database: DatabaseSync,
  tables: readonly (readonly [name: string, ratio: number])[],
): Extent | undefined {
  const ends = tables.map(([name, ratio]) =>
    `SELECT (SELECT min(bucket) FROM ${name}) / ${ratio} AS oldest, (SELECT max(bucket) FROM ${name}) / ${ratio} AS newest`
  );
  const { oldest, newest } = database.prepare(
    `SELECT min(oldest) AS oldest, max(newest) AS newest FROM (${ends.join(" UNION ALL ")})`,
  ).get() ?? {};
  return typeof oldest === "number" && typeof newest === "number" ? { oldest, newest } : undefined;
}
