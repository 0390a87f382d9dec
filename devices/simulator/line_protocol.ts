/**
 * A strict reader of line protocol, written from the format's description (InfluxData, "Line protocol": syntax,
 * data types, special characters), independent of the encoder that it judges.
 *
 * Strict: what real databases take in silence or drop in silence is an error here: a line without a timestamp, an
 * empty name, a tag or field named twice, control characters in names, comments.
 * @module
 */

/** Types of a field in the database; the first point of a field fixes it. */
export type LineType = "float" | "integer" | "unsigned" | "boolean" | "string";

/** One field of a line. */
export interface LineField {
  /** Unescaped. */
  readonly name: string;
  /** As the line states it. */
  readonly type: LineType;
  /** Integers beyond ±(2^53 − 1) are rounded. */
  readonly value: number | boolean | string;
}

/** One line. */
export interface Line {
  /** Unescaped. */
  readonly measurement: string;
  /** Unescaped, in the order of the line. */
  readonly tags: readonly (readonly [string, string])[];
  /** In the order of the line. */
  readonly fields: readonly LineField[];
  /** As it stands there, in the request's precision. */
  readonly timestamp: bigint;
}

/** Why a text is no line protocol. */
export class LineError extends Error {
  /**
   * A breach of the format.
   *
   * @param line number of the line, from 1
   * @param column from 1
   */
  constructor(readonly line: number, readonly column: number, what: string) {
    super(`Line ${line}, column ${column}: ${what}`);
    this.name = "LineError";
  }
}

const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const TRUE = new Set(["t", "T", "true", "True", "TRUE"]);
const FALSE = new Set(["f", "F", "false", "False", "FALSE"]);
const INT64 = 1n << 63n;

class Reader {
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  fail(what: string, at = this.#at): never {
    throw new LineError(this.#line, at - this.#lineStart + 1, what);
  }

  /** Steps over one character if it is the next one. */
  skip(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    if (character === "\n") {
      this.#line++;
      this.#lineStart = this.#at;
    }
    return true;
  }

  expect(character: string, after: string): void {
    if (this.skip(character)) return;
    const found = this.done ? "the end" : `"${this.text[this.#at]}"`;
    this.fail(`found ${found} after ${after}, expected "${character}"`);
  }

  /** A name or tag value: up to the first of `special` that has no backslash before it. */
  name(special: string, what: string): string {
    const from = this.#at;
    let name = "";
    while (!this.done) {
      const character = this.text[this.#at] ?? "";
      if (special.includes(character) || character === "\n") break;
      if (character < " " || character === "\x7f") this.fail(`a control character in a ${what}`);
      const next = this.text[this.#at + 1];
      if (character === "\\" && next !== undefined && special.includes(next)) {
        name += next;
        this.#at += 2;
      } else {
        name += character;
        this.#at++;
      }
    }
    if (name === "") this.fail(`an empty ${what}`, from);
    return name;
  }

  /** A quoted string, its opening quote already taken. */
  string(): string {
    let value = "";
    while (!this.done) {
      const character = this.text[this.#at] ?? "";
      const next = this.text[this.#at + 1];
      if (character === "\\" && (next === '"' || next === "\\")) {
        value += next;
        this.#at += 2;
      } else if (this.skip('"')) {
        return value;
      } else {
        value += character;
        if (!this.skip("\n")) this.#at++;
      }
    }
    this.fail("a string without its closing quote");
  }

  /** Bare characters up to a comma, a space or the end of the line. */
  bare(): string {
    const from = this.#at;
    while (!this.done && !", \n".includes(this.text[this.#at] ?? "")) this.#at++;
    return this.text.slice(from, this.#at);
  }
}

function valueOf(reader: Reader, name: string): LineField {
  if (reader.skip('"')) return { name, type: "string", value: reader.string() };
  const bare = reader.bare();
  if (TRUE.has(bare)) return { name, type: "boolean", value: true };
  if (FALSE.has(bare)) return { name, type: "boolean", value: false };
  if (/^[+-]?\d+[iu]$/.test(bare)) {
    const digits = BigInt(bare.slice(0, -1).replace(/^\+/, ""));
    const unsigned = bare.endsWith("u");
    const fits = unsigned ? digits >= 0n && digits < 2n * INT64 : digits >= -INT64 && digits < INT64;
    if (!fits) reader.fail(`the integer "${bare}" has no 64 bits`);
    return { name, type: unsigned ? "unsigned" : "integer", value: Number(digits) };
  }
  const value = Number(bare);
  if (!FLOAT.test(bare) || !Number.isFinite(value)) {
    reader.fail(`the field "${name}" has the value "${bare}"`);
  }
  return { name, type: "float", value };
}

function lineOf(reader: Reader): Line {
  if (reader.skip("#")) reader.fail("a comment");
  const measurement = reader.name(", ", "measurement");
  const tags: (readonly [string, string])[] = [];
  while (reader.skip(",")) {
    const name = reader.name(", =", "tag name");
    reader.expect("=", `the tag name "${name}"`);
    tags.push([name, reader.name(", =", "tag value")]);
  }
  reader.expect(" ", "measurement and tags");
  const fields: LineField[] = [];
  do {
    const name = reader.name(", =", "field name");
    reader.expect("=", `the field name "${name}"`);
    fields.push(valueOf(reader, name));
  } while (reader.skip(","));
  reader.expect(" ", "the fields");
  const digits = reader.bare();
  if (!/^-?\d+$/.test(digits)) reader.fail(`the timestamp "${digits}"`);
  const timestamp = BigInt(digits);
  if (timestamp < -INT64 || timestamp >= INT64) reader.fail(`the timestamp "${digits}" has no 64 bits`);
  if (new Set(tags.map(([name]) => name)).size < tags.length) reader.fail("a tag that is named twice");
  if (new Set(fields.map(({ name }) => name)).size < fields.length) {
    reader.fail("a field that is named twice");
  }
  return { measurement, tags, fields, timestamp };
}

/**
 * Reads line protocol. Lines end with one newline; the last one may go without.
 *
 * @throws {LineError} at the first line that is none
 */
export function parseLines(text: string): Line[] {
  const reader = new Reader(text);
  const lines: Line[] = [];
  while (!reader.done) {
    lines.push(lineOf(reader));
    if (!reader.done) reader.expect("\n", "the timestamp");
  }
  return lines;
}
