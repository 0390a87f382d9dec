/** Reads the parts of line protocol one after the other; what they mean is the caller's business. */
export class LineReader {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #started = false;
  #lastWord = "";

  /** Begins before the first line. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Number of the present line, from 1; a text in quotes may hold line breaks. */
  get line(): number {
    return this.#line;
  }

  /** What `word` or `quoted` read last, for people. */
  get lastWord(): string {
    return this.#lastWord;
  }

  /** Whether the present line ends here. */
  get atEnd(): boolean {
    const character = this.#text[this.#at];
    return character === undefined || character === "\n" ||
      (character === "\r" && (this.#text[this.#at + 1] ?? "\n") === "\n");
  }

  /** Goes to the next line that says something; `false`: there is none. */
  nextLine(): boolean {
    if (this.#started) this.#endLine();
    this.#started = true;
    for (; this.#at < this.#text.length; this.#endLine()) {
      this.#line++;
      this.skipSpaces();
      if (!this.atEnd && this.#text[this.#at] !== "#") return true;
    }
    return false;
  }

  /** Passes one character, if it comes next. */
  skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Passes spaces. */
  skipSpaces(): void {
    while (this.#text[this.#at] === " ") this.#at++;
  }

  /**
   * A name up to one of the characters that end it, or the end of the line. A backslash takes its meaning from such
   * a character alone; before any other it is a backslash.
   */
  name(ends: string): string {
    let name = "";
    for (; !this.atEnd; this.#at++) {
      const character = this.#text[this.#at] ?? "";
      const next = this.#text[this.#at + 1];
      if (character === "\\" && next !== undefined && ends.includes(next)) {
        name += next;
        this.#at++;
      } else if (ends.includes(character)) break;
      else name += character;
    }
    return name;
  }

  /** Characters up to a comma, a space or the end of the line. */
  word(): string {
    const from = this.#at;
    while (!this.atEnd && this.#text[this.#at] !== " " && this.#text[this.#at] !== ",") this.#at++;
    return this.#lastWord = this.#text.slice(from, this.#at);
  }

  /** A text whose opening quote was passed; `undefined` where it does not end. */
  quoted(): string | undefined {
    let text = "";
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? "";
      if (character === '"') {
        this.#at++;
        return text;
      }
      const next = this.#text[this.#at + 1];
      if (character === "\\" && (next === '"' || next === "\\")) {
        text += next;
        this.#at++;
      } else {
        if (character === "\n") this.#line++;
        text += character;
      }
    }
    this.#lastWord = `"${text}`;
    return undefined;
  }

  #endLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }
}
