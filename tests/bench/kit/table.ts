/** What a figure has to reach; it is told, never enforced: the machine is somebody else's too. */
export interface Target {
  /** The figure itself, or its ratio to the baseline. */
  readonly of: "value" | "ratio";
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A figure beside its baseline of the same run. */
export interface Row {
  /** What was measured, with its unit; the key by which runs are compared. */
  readonly figure: string;
  /** What the ratio is to, in words. */
  readonly baseline: string;
  readonly base: number;
  readonly value: number;
  /** `value / base` of each round; the table shows the median and, of several, the extremes. */
  readonly ratios: readonly number[];
  readonly target: Target | undefined;
  /** What else belongs to it, such as its share of a whole. */
  readonly note: string;
}

/** What a row may say beside its figures. */
export interface RowExtras {
  readonly target?: Target;
  readonly note?: string;
}

/** The middle value; of an even number the lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}

/** A row of values that belong together by their round. */
export function row(
  figure: string,
  baseline: string,
  base: readonly number[],
  value: readonly number[],
  extras: RowExtras = {},
): Row {
  const ratios = value.map((each, round) => each / (base[round] ?? NaN));
  const { target, note = "" } = extras;
  return { figure, baseline, base: median(base), value: median(value), ratios, target, note };
}

/** Whether a row reaches its target; `undefined` where it has none. */
export function reached({ target, value, ratios }: Row): boolean | undefined {
  if (target === undefined) return undefined;
  const figure = target.of === "value" ? value : median(ratios);
  return figure >= (target.atLeast ?? -Infinity) && figure <= (target.atMost ?? Infinity);
}

/** The rows as lines of text in columns. */
export function tableText(rows: readonly Row[]): string[] {
  const table = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  return table.map((line) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  );
}

/** The rows as a table in Markdown. */
export function tableMarkdown(rows: readonly Row[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(HEAD),
    "| --- | ---: | ---: | --- | --- | --- | --- |",
    ...rows.map((row) => line(cellsOf(row))),
  ];
}

const HEAD = ["figure", "Sluice", "baseline", "which is", "ratio", "target", "note"];

function cellsOf(row: Row): string[] {
  const { figure, baseline, base, value, ratios, note } = row;
  const ratio = ratios.length < 2
    ? short(median(ratios))
    : `${short(median(ratios))} (${short(Math.min(...ratios))} … ${short(Math.max(...ratios))})`;
  return [figure, short(value), short(base), baseline, ratio, targetText(row), note];
}

function targetText(row: Row): string {
  if (row.target === undefined) return "";
  const { of, atLeast, atMost } = row.target;
  const bounds = [
    ...atLeast === undefined ? [] : [`≥ ${short(atLeast)}`],
    ...atMost === undefined ? [] : [`≤ ${short(atMost)}`],
  ];
  return `${of === "ratio" ? "ratio " : ""}${bounds.join(", ")}: ${reached(row) === true ? "met" : "MISSED"}`;
}

/** Three significant digits below a thousand, whole numbers with separators above. */
function short(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
