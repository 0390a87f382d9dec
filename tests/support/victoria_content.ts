import { PointTable, seriesKey } from "./oracle.ts";
import type { Victoria } from "./victoria.ts";

/** VictoriaMetrics keeps one number a series and time: each field is a series of its own, with this one column. */
const COLUMN = "value";

/** Points as VictoriaMetrics keeps them: a series for each field, numbers alone, whole milliseconds. */
export function asVictoriaKeeps(points: PointTable): PointTable {
  const table = new PointTable();
  for (const { key, columns, rows } of points.series()) {
    const at = key.indexOf("{");
    const tags: [string, string][] = Object.entries(JSON.parse(key.slice(at)));
    for (const [time, row] of rows) {
      for (const [index, value] of row.entries()) {
        const column = columns[index];
        if (column === undefined || value === undefined || typeof value === "string") continue;
        const series = seriesKey(`${key.slice(0, at)}_${column.name}`, tags);
        // It keeps some 12 digits.
        const precision = column.precision === "exact" ? "rounded" : column.precision;
        table.set(series, time - time % 1_000_000n, COLUMN, Number(value), precision);
      }
    }
  }
  return table;
}

/**
 * What a VictoriaMetrics holds of a run, in the shape of `asVictoriaKeeps`.
 *
 * @param texts fields that are texts, as `measurement_field`: it has 0 in their place
 */
export async function contentOfVictoria(
  database: Victoria,
  run: string,
  texts: readonly string[],
): Promise<PointTable> {
  const table = new PointTable();
  for (const { metric, values, timestamps } of await database.export(`{run="${run}"}`)) {
    // The name of the database that version 1 writes to becomes a label.
    const { __name__: name = "", db: _, ...tags } = metric;
    if (texts.includes(name)) continue;
    const series = seriesKey(name, Object.entries(tags));
    for (const [n, value] of values.entries()) {
      table.set(series, BigInt(timestamps[n] ?? 0) * 1_000_000n, COLUMN, value);
    }
  }
  return table;
}
