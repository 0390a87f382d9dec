import { type ConfigProblem, renderProblem } from "../config/mod.ts";
import type { CliIo } from "./io.ts";

const RED = "\x1b[31m";
const YELLOW = "\x1b[33m";
const PLAIN = "\x1b[0m";

function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? "" : "s"}`;
}

/** Tells all problems of a configuration, one a line, on standard error. */
export function reportProblems(problems: readonly ConfigProblem[], io: CliIo): void {
  const [on, off] = io.color ? [RED, PLAIN] : ["", ""];
  for (const problem of problems) io.stderr(`${on}error${off} ${renderProblem(problem)}\n`);
  io.stderr(`${count(problems.length, "problem")} in the configuration\n`);
}

/** Tells all warnings, one a line, on standard error. */
export function reportWarnings(warnings: readonly ConfigProblem[], io: CliIo): void {
  const [on, off] = io.color ? [YELLOW, PLAIN] : ["", ""];
  for (const warning of warnings) io.stderr(`${on}warning${off} ${renderProblem(warning)}\n`);
}
