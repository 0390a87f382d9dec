import { inspect } from "node:util";

/** What a `Secret.reload` found. */
export type SecretReload = "changed" | "same" | "no_file" | "unreadable" | "empty";

/** What stands in the place of every secret. */
const SHOWN = "[secret]";

/** A file with a secret ends with a line break in most editors; it is not part of the secret. */
function withoutLineBreak(text: string): string {
  return text.replace(/(\r?\n)+$/, "");
}

/**
 * A password, token or key that no log, answer, error or export can show by accident: every way of printing
 * it gives `[secret]`, only `reveal` gives the text.
 */
export class Secret {
  /** The file that the secret came from; `undefined` where it stood in the configuration. */
  readonly file: string | undefined;
  #text: string;

  /**
   * Closes a text; of a file's text the line breaks at the end are no part of the secret.
   *
   * @param text the secret
   * @param file the file that it came from
   */
  constructor(text: string, file?: string) {
    this.#text = file === undefined ? text : withoutLineBreak(text);
    this.file = file;
  }

  /** The secret itself: for the request that needs it, and nothing else. */
  reveal(): string {
    return this.#text;
  }

  /**
   * Reads the file again, after the other side refused the secret. An unreadable or empty file leaves the
   * secret as it is: it may be in the middle of being replaced.
   */
  async reload(readText: (path: string) => Promise<string>): Promise<SecretReload> {
    if (this.file === undefined) return "no_file";
    let text: string;
    try {
      text = withoutLineBreak(await readText(this.file));
    } catch {
      return "unreadable";
    }
    if (text === "") return "empty";
    if (text === this.#text) return "same";
    this.#text = text;
    return "changed";
  }

  /** `[secret]`. */
  toString(): string {
    return SHOWN;
  }

  /** `[secret]`. */
  toJSON(): string {
    return SHOWN;
  }

  /** `[secret]`, for `console.log` of Node. */
  [inspect.custom](): string {
    return SHOWN;
  }

  /** `[secret]`, for `console.log` of Deno. */
  [Symbol.for("Deno.customInspect")](): string {
    return SHOWN;
  }
}
