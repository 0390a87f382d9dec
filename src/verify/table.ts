/** The cells of a row, as text. */
export type Row = readonly string[];

/** Cells of figures stand at the right, the first three columns of names at the left. */
const FIGURE = /^(?:[+-]?[\d,.]+(?:e[+-]?\d+)?)(?: to [\d,]+)?$/;

/**
 * A table in plain text: columns as wide as they must be, two spaces between them.
 *
 * @param head names of the columns
 * @returns the empty text where there are no rows
 */
export function table(head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const right = head.map((_, column) => rows.every((row) => FIGURE.test(row[column] ?? "")));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length))
  );
  return [head, ...rows].map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return right[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join("  ").trimEnd()}\n`;
  }).join("");
}

/** A sentence in lines of at most so many characters, each behind two spaces. */
export function wrapped(text: string, width = 100): string {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `  ${line}\n`).join("");
}

/** A whole number as people read it: `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** A sum in as few digits as tell it apart. */
export function sumText(sum: number): string {
  return String(Number(sum.toPrecision(12)));
}
