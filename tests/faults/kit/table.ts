import type { ScenarioResult } from "./scenario.ts";

/** The heads of the table's columns. */
const HEADS = [
  "scenario",
  "shows",
  "published",
  "acked",
  "points in database",
  "quarantined",
  "lost",
  "doubled",
  "recovered in",
  "note",
] as const;

/** The results as a table in Markdown, in the order of their names' first sight; reads well in a terminal too. */
export function tableOf(results: readonly ScenarioResult[]): string {
  const lines = results.map((result) => cellsOf(result));
  const widths = HEADS.map((head, n) => Math.max(head.length, ...lines.map((line) => line[n]?.length ?? 0)));
  const pad = (cells: readonly string[]): string =>
    `| ${
      cells.map((cell, n) => NUMERIC.has(n) ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))
        .join(" | ")
    } |`;
  const rule = `| ${
    widths.map((width, n) => "-".repeat(width - 1) + (NUMERIC.has(n) ? ":" : "-")).join(" | ")
  } |`;
  return [pad(HEADS), rule, ...lines.map(pad)].join("\n");
}

const NUMERIC: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 8]);

function cellsOf({ scenario, shows, row, failure }: ScenarioResult): string[] {
  const promises = shows.join(" ");
  if (row === undefined) {
    const why = failure === undefined ? "not run here: see the output" : "FAILED: see the output";
    return [scenario, promises, "", "", "", "", "", "", "", why];
  }
  const counts = [row.published, row.acknowledged, row.points, row.quarantined, row.lost, row.doubled];
  return [
    scenario,
    promises,
    ...counts.map((count) => count.toLocaleString("en-US")),
    `${row.recovered.toFixed(1)} s`,
    row.note ?? "",
  ];
}
