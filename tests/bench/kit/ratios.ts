import { median, type Row } from "./table.ts";

/** Where the ratios of an accepted run are kept. */
const FILE = new URL("../ratios.json", import.meta.url);

/** A ratio may be so many times worse than the kept one, in either direction, before it is told. */
const SLACK = 1.6;

/** Writes the ratios of a run, beside those of cases that did not run. */
export async function keepRatios(rows: readonly Row[]): Promise<void> {
  const kept = await keptRatios();
  for (const row of rows) kept[row.figure] = Number(median(row.ratios).toPrecision(3));
  const sorted = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => a < b ? -1 : 1));
  await Deno.writeTextFile(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** What differs from the kept ratios by more than machines and moments do, in words; empty: nothing. */
export async function farFromKept(rows: readonly Row[]): Promise<string[]> {
  const kept = await keptRatios();
  return rows.flatMap((row) => {
    const [now, before] = [median(row.ratios), kept[row.figure]];
    if (before === undefined) return [`"${row.figure}" is new: the kept ratios do not have it`];
    if (now <= before * SLACK && now >= before / SLACK) return [];
    return [`"${row.figure}" has the ratio ${now.toPrecision(3)}, kept is ${before.toPrecision(3)}`];
  });
}

async function keptRatios(): Promise<Record<string, number>> {
  try {
    return JSON.parse(await Deno.readTextFile(FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
