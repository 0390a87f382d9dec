import { parseLines } from "./line_parts.ts";

/** Whether some string in a block's text holds a line break: then it has more of them than ends of lines. */
export function holdsLineBreaks(text: string, points: number): boolean {
  let breaks = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks++;
  return breaks >= points;
}

/**
 * Makes a block's text safe for a server that ends a line at every line break, quoted or not: the rest of a
 * string would be read as a line of its own, which a device could use to write any series it likes. Each line
 * break within a string becomes the two characters `\n`.
 */
export function flattenBlock(text: string): string {
  return parseLines(text).map((line) => flattenLine(line.text)).join("\n");
}

/** One line without line breaks. */
export function flattenLine(line: string): string {
  return line.includes("\n") ? line.replaceAll("\n", "\\\\n") : line;
}
