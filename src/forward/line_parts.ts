/** One field as it stands in a line, e.g. `temperature=21.5`. */
export interface FieldText {
  /** The escaped name. */
  readonly name: string;
  /** Name, equals sign and value. */
  readonly text: string;
}

/** A line taken apart, nothing unescaped. */
export interface Line {
  /** Number of the line within its block, from 0. */
  readonly index: number;
  /** The line as it stood. */
  readonly text: string;
  /** `measurement,tag=value,…` */
  readonly head: string;
  /** The measurement alone. */
  readonly measurement: string;
  /** The fields; none where the line could not be read, which is then sent or refused as it is. */
  readonly fields: readonly FieldText[];
  /** The timestamp's digits. */
  readonly time: string;
}

/**
 * Takes the text of a block apart: lines written by `encodeLine`, joined by `\n`. A line break inside a quoted
 * string does not end a line. A line that `encodeLine` did not write stays whole, up to the next line break.
 */
export function parseLines(text: string): Line[] {
  const lines: Line[] = [];
  let at = 0;
  while (at < text.length) {
    const line = readLine(text, at, lines.length) ?? opaqueLine(text, at, lines.length);
    lines.push(line);
    at += line.text.length + 1;
  }
  return lines;
}

/** A line with only some of its fields. */
export function lineWith(line: Line, fields: readonly FieldText[]): string {
  if (fields.length === line.fields.length) return line.text;
  return `${line.head} ${fields.map((field) => field.text).join(",")} ${line.time}`;
}

/** How many fields a line has, and the sum of those that are numbers. */
export function lineContent(text: string): { readonly values: number; readonly sum: number } {
  const fields = parseLines(text)[0]?.fields ?? [];
  const sum = fields.reduce((so, field) => so + numberIn(field), 0);
  return { values: fields.length, sum };
}

/** The number that a field holds; 0 for a text or a boolean. */
function numberIn({ name, text }: FieldText): number {
  const value = text.slice(name.length + 1);
  const digits = value.endsWith("i") ? value.slice(0, -1) : value;
  return /^[-\d]/.test(digits) ? Number(digits) : 0;
}

function opaqueLine(text: string, start: number, index: number): Line {
  const end = text.indexOf("\n", start);
  const whole = text.slice(start, end < 0 ? text.length : end);
  return { index, text: whole, head: whole, measurement: "", fields: [], time: "" };
}

function readLine(text: string, start: number, index: number): Line | undefined {
  const headEnd = unescaped(text, " ", start);
  if (headEnd < 0) return undefined;
  const fields: FieldText[] = [];
  let at = headEnd;
  do {
    const fieldStart = at + 1;
    const equals = unescaped(text, "=", fieldStart);
    if (equals < 0) return undefined;
    at = valueEnd(text, equals + 1);
    if (at < 0) return undefined;
    fields.push({ name: text.slice(fieldStart, equals), text: text.slice(fieldStart, at) });
  } while (text[at] === ",");
  if (text[at] !== " ") return undefined;
  const lineBreak = text.indexOf("\n", at);
  const end = lineBreak < 0 ? text.length : lineBreak;
  const time = text.slice(at + 1, end);
  if (!/^-?\d+$/.test(time)) return undefined;
  const head = text.slice(start, headEnd);
  const comma = unescaped(head, ",", 0);
  const measurement = comma < 0 ? head : head.slice(0, comma);
  return { index, text: text.slice(start, end), head, measurement, fields, time };
}

/** Where `mark` stands without a backslash before it, within this line's unquoted part; -1 for nowhere. */
function unescaped(text: string, mark: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") return -1;
    if (char === mark && text[at - 1] !== "\\") return at;
  }
  return -1;
}

/** Where the value that begins at `from` ends. */
function valueEnd(text: string, from: number): number {
  if (text[from] !== '"') {
    for (let at = from; at < text.length; at++) {
      const char = text[at];
      if (char === "," || char === " ") return at;
      if (char === "\n") return -1;
    }
    return -1;
  }
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}
