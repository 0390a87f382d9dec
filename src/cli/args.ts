/** Options of a command as they were written: `--name value`, `--name=value`, `--flag`; and words without dashes. */
export interface Args {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string | true>;
}

/** Where a configuration is looked for. */
export const CONFIG = "gateway.yaml";

/** What an option is: one that takes a value, or a flag. */
export type Allowed = Readonly<Record<string, "value" | "flag">>;

/**
 * Reads a command's arguments.
 *
 * @param allowed the options that the command knows
 * @returns the arguments, or the sentence that says what is wrong with them
 */
export function parseArgs(argv: readonly string[], allowed: Allowed): Args | string {
  const words: string[] = [];
  const options = new Map<string, string | true>();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (!word.startsWith("--")) {
      words.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const kind = allowed[name];
    if (kind === undefined) {
      const known = Object.keys(allowed).map((each) => `--${each}`).join(", ");
      return `The option "--${name}" is not known; allowed are ${known === "" ? "none" : known}`;
    }
    if (kind === "flag") {
      if (equals >= 0) return `The option "--${name}" takes no value, found "${word.slice(equals + 1)}"`;
      options.set(name, true);
      continue;
    }
    const value = equals >= 0 ? word.slice(equals + 1) : argv[++at];
    if (value === undefined) return `The option "--${name}" needs a value`;
    options.set(name, value);
  }
  return { words, options };
}

/** An option's value, or a default. */
export function valueOf(args: Args, name: string, otherwise: string): string {
  const value = args.options.get(name);
  return typeof value === "string" ? value : otherwise;
}

/** An option's value, if it was given. */
export function textOf(args: Args, name: string): string | undefined {
  const value = args.options.get(name);
  return typeof value === "string" ? value : undefined;
}
