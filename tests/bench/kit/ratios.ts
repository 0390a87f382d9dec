import { median, type Row } from "./table.ts";

/** Where the ratios of an accepted run are kept. */
export const RATIOS: URL = new URL("../ratios.json", import.meta.url);

/** A ratio may be so many times worse than the kept one, in either direction, before it is told. */
const SLACK = 1.6;

/** Writes the ratios of a run, beside those of cases that did not run. */
export async function keepRatios(rows: readonly Row[], file: string | URL): Promise<void> {
  const kept = await keptRatios(file);
  for (const row of rows) kept[row.figure] = Number(median(row.ratios).toPrecision(3));
  const sorted = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => a < b ? -1 : 1));
  await Deno.writeTextFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/**
 * Holds a run against the kept ratios.
 *
 * @returns what is to be said, and the exit code: 1 where a ratio is not as kept
 */
export function checkRatios(
  rows: readonly Row[],
  kept: Readonly<Record<string, number>>,
): { readonly lines: readonly string[]; readonly code: 0 | 1 } {
  const far = farFromKept(rows, kept);
  if (far.length === 0) return { lines: ["Every ratio is as kept"], code: 0 };
  return { lines: [...far, `${far.length} of ${rows.length} ratios are not as kept`], code: 1 };
}

/** What differs from the kept ratios by more than machines and moments do, in words; empty: nothing. */
function farFromKept(rows: readonly Row[], kept: Readonly<Record<string, number>>): string[] {
  return rows.flatMap((row) => {
    const [now, before] = [median(row.ratios), kept[row.figure]];
    if (before === undefined) return [`"${row.figure}" is new: the kept ratios do not have it`];
    if (now <= before * SLACK && now >= before / SLACK) return [];
    return [`"${row.figure}" has the ratio ${now.toPrecision(3)}, kept is ${before.toPrecision(3)}`];
  });
}

/** The ratios that a file keeps; none where there is no file. */
export async function keptRatios(file: string | URL): Promise<Record<string, number>> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
