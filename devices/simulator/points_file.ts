import type { ReadBack } from "./read_back.ts";
import type { PointTable, Series } from "./point_table.ts";

/** Parts of a series' one name, see `seriesKey`. */
function partsOf(key: string): { readonly measurement: string; readonly tags: Record<string, string> } {
  const brace = key.indexOf("{");
  // It was written by `seriesKey`: names and texts.
  const tags = JSON.parse(key.slice(brace)) as Record<string, string>;
  return { measurement: key.slice(0, brace), tags };
}

function* linesOf({ key, columns, rows }: Series, runTag: string): Generator<string> {
  const { measurement, tags } = partsOf(key);
  const { [runTag]: _, ...own } = tags;
  const order = [...columns.entries()].sort(([, a], [, b]) => a.name < b.name ? -1 : 1);
  for (const [time, row] of rows) {
    const fields = order.flatMap(([index, { name }]) => row[index] === undefined ? [] : [[name, row[index]]]);
    // A time has more digits than a number of JSON keeps.
    yield JSON.stringify({ measurement, tags: own, time: `${time}`, fields: Object.fromEntries(fields) });
  }
}

/**
 * Points as lines of JSON, sorted, so that two runs can be held against one another with `diff`.
 *
 * @param runTag name of the tag that tells runs apart; it is left out
 */
export function pointLines(points: PointTable, runTag: string): string[] {
  return [...points.series()].flatMap((series) => [...linesOf(series, runTag)]).sort();
}

/**
 * Writes what a database holds of a run to a file.
 *
 * @returns why it cannot be written; `undefined` where it is
 */
export async function writePoints(
  path: string,
  content: ReadBack,
  runTag: string,
): Promise<string | undefined> {
  if (content.kind === "unreadable") return content.why;
  await Deno.writeTextFile(path, pointLines(content.points, runTag).map((line) => `${line}\n`).join(""));
  return undefined;
}
