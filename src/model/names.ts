/** Why a name or tag value cannot go to the database. */
export type NameProblem =
  | "empty"
  | "control_character"
  | "trailing_backslash"
  | "ambiguous_backslash"
  | "leading_hash"
  | "lone_surrogate"
  | "too_long";

const WORDS: Readonly<Record<NameProblem, string>> = {
  empty: "it is empty",
  control_character: "it holds a control character",
  trailing_backslash: "it ends with a backslash",
  ambiguous_backslash: 'it holds a backslash before a comma, a space, a "=" or another backslash',
  leading_hash: 'it begins with "#"',
  lone_surrogate: "it holds half of a surrogate pair",
  too_long: "it is longer than 8192 characters",
};

/** What is wrong with a name, for people: the rest of a sentence about it. */
export function nameProblemText(problem: NameProblem): string {
  return WORDS[problem];
}

/** Longest name or tag value, in UTF-16 code units: InfluxDB keeps a series key below 64 KiB. */
const LONGEST = 8_192;

/**
 * Judges a measurement, tag name, tag value or field name before it can reach a line: line protocol has no
 * escape for control characters, reads a trailing backslash as an escape of what follows, and takes a line
 * that begins with `#` for a comment. What a backslash means before a character that is escaped itself, servers
 * disagree about: VictoriaMetrics drops such tags with a 204.
 */
export function nameProblem(text: string): NameProblem | undefined {
  if (text === "") return "empty";
  if (text.length > LONGEST) return "too_long";
  // deno-lint-ignore no-control-regex -- finding control characters is the purpose
  if (/[\u0000-\u001f\u007f]/.test(text)) return "control_character";
  if (text.endsWith("\\")) return "trailing_backslash";
  if (/\\[,= \\]/.test(text)) return "ambiguous_backslash";
  if (text.startsWith("#")) return "leading_hash";
  if (!text.isWellFormed()) return "lone_surrogate";
  return undefined;
}
