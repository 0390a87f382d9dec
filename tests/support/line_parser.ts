/**
 * A strict parser of line protocol for tests, written from the format's description ("Line protocol",
 * docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol), not from the gateway's encoder. It refuses
 * whatever the description does not allow.
 * @module
 */

/** A field's value as it stands in a line. */
export type ParsedValue =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string };

/** One line taken apart and unescaped. */
export interface ParsedLine {
  readonly measurement: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly fields: readonly (readonly [string, ParsedValue])[];
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
}

/** Why a text is no line protocol. */
export class LineError extends Error {
  constructor(message: string, readonly text: string, readonly at: number) {
    super(`${message} at ${at} of ${JSON.stringify(text)}`);
    this.name = "LineError";
  }
}

/** Parses lines joined by line breaks; a line break within a string belongs to the string. */
export function parseStrict(text: string): ParsedLine[] {
  const reader = new Reader(text);
  const lines: ParsedLine[] = [];
  while (!reader.atEnd) {
    lines.push(reader.line());
    if (!reader.atEnd) reader.expect("\n");
  }
  return lines;
}

class Reader {
  #at = 0;

  constructor(readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  line(): ParsedLine {
    if (this.#peek() === "#") this.#fail("A line must not begin with #");
    const measurement = this.#name(", ", ", ", "measurement");
    const tags: (readonly [string, string])[] = [];
    while (this.#peek() === ",") {
      this.#at++;
      const key = this.#name(",= ", "=", "tag name");
      this.expect("=");
      tags.push([key, this.#name(",= ", ", ", "tag value")]);
    }
    this.expect(" ");
    const fields: (readonly [string, ParsedValue])[] = [];
    while (true) {
      const key = this.#name(",= ", "=", "field name");
      this.expect("=");
      fields.push([key, this.#value()]);
      if (this.#peek() !== ",") break;
      this.#at++;
    }
    this.expect(" ");
    const time = this.#take(/-?\d+/y, "a timestamp");
    for (const names of [tags.map(([name]) => name), fields.map(([name]) => name)]) {
      if (new Set(names).size !== names.length) this.#fail("A name stands twice");
    }
    const ns = BigInt(time);
    if (ns < -(2n ** 63n) || ns >= 2n ** 63n) this.#fail("A timestamp beyond 64 bits");
    return { measurement, tags, fields, time: ns };
  }

  expect(char: string): void {
    if (this.#peek() !== char) this.#fail(`Expected ${JSON.stringify(char)}`);
    this.#at++;
  }

  /** A name up to one of `ends`; a backslash before one of `special` is dropped, any other stands for itself. */
  #name(special: string, ends: string, what: string): string {
    let name = "";
    while (!this.atEnd && !ends.includes(this.#peek())) {
      const char = this.#peek();
      const next = this.text[this.#at + 1] ?? "";
      if (char < " " || char === "\u007f") this.#fail(`A control character in the ${what}`);
      if (char === "\\" && next !== "" && special.includes(next)) {
        name += next;
        this.#at += 2;
      } else if (special.includes(char)) {
        this.#fail(`An unescaped ${JSON.stringify(char)} in the ${what}`);
      } else {
        name += char;
        this.#at++;
      }
    }
    if (name === "") this.#fail(`An empty ${what}`);
    return name;
  }

  #value(): ParsedValue {
    if (this.#peek() === '"') return { type: "string", value: this.#string() };
    const token = this.#take(/[^, \n]+/y, "a value");
    if (/^(t|T|true|True|TRUE)$/.test(token)) return { type: "boolean", value: true };
    if (/^(f|F|false|False|FALSE)$/.test(token)) return { type: "boolean", value: false };
    if (/^-?\d+i$/.test(token)) {
      const value = BigInt(token.slice(0, -1));
      if (value < -(2n ** 63n) || value >= 2n ** 63n) this.#fail("An integer beyond 64 bits");
      return { type: "int", value };
    }
    if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(token)) {
      const value = Number(token);
      if (!Number.isFinite(value)) this.#fail("A float beyond 64 bits");
      return { type: "float", value };
    }
    return this.#fail(`No value: ${JSON.stringify(token)}`);
  }

  /** Only `\"` and `\\` are escapes within a string. */
  #string(): string {
    this.expect('"');
    let value = "";
    while (true) {
      if (this.atEnd) this.#fail("A string without its end");
      const char = this.#peek();
      const next = this.text[this.#at + 1] ?? "";
      if (char === '"') break;
      if (char === "\\" && (next === '"' || next === "\\")) {
        value += next;
        this.#at += 2;
      } else {
        value += char;
        this.#at++;
      }
    }
    this.expect('"');
    return value;
  }

  #take(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return this.#fail(`Expected ${what}`);
    this.#at += found.length;
    return found;
  }

  #peek(): string {
    return this.text[this.#at] ?? "";
  }

  #fail(message: string): never {
    throw new LineError(message, this.text, this.#at);
  }
}
