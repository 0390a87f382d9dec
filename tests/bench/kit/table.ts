/** A figure beside its baseline of the same run. */
export interface Row {
  readonly figure: string;
  /** What the ratio is to, in words. */
  readonly baseline: string;
  readonly base: number;
  readonly value: number;
  /** `value / base` of each round; the table shows the median and, of several, the extremes. */
  readonly ratios: readonly number[];
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
): Row {
  const ratios = value.map((each, round) => each / (base[round] ?? NaN));
  return { figure, baseline, base: median(base), value: median(value), ratios };
}

/** The rows as lines of text in columns. */
export function tableText(rows: readonly Row[]): string[] {
  const head = ["figure", "Sluice", "baseline", "", "ratio"];
  const cells = rows.map(({ figure, baseline, base, value, ratios }) => {
    const ratio = ratios.length < 2
      ? short(median(ratios))
      : `${short(median(ratios))} (${short(Math.min(...ratios))} … ${short(Math.max(...ratios))})`;
    return [figure, short(value), short(base), baseline, ratio];
  });
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((line) => line[column]?.length ?? 0))
  );
  return [head, ...cells].map((line) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  );
}

/** Three significant digits below a thousand, whole numbers with separators above. */
function short(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
