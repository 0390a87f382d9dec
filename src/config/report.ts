import { type KeyPath, liesUnder } from "./key_path.ts";
import type { ConfigFacts, ConfigProblem, ConfigReason } from "./problem.ts";
import type { SourceFile } from "./source_file.ts";

/** Gathers every problem of all files, so that they can be shown together and what failed is not judged twice. */
export class Report {
  readonly #entries: {
    readonly source: SourceFile;
    readonly path: KeyPath;
    readonly problem: ConfigProblem;
  }[] = [];
  readonly #broken: { readonly source: SourceFile; readonly base: KeyPath }[] = [];
  readonly #warnings: ConfigProblem[] = [];

  /** Takes over the problems of reading a file. */
  take(source: SourceFile): void {
    for (const { path, problem } of source.problems) this.#entries.push({ source, path, problem });
  }

  /** Adds a problem. */
  add(
    source: SourceFile,
    path: KeyPath,
    reason: ConfigReason,
    facts: ConfigFacts = {},
    at: "key" | "value" = "value",
  ): void {
    this.#entries.push({ source, path, problem: source.problem(path, reason, facts, at) });
  }

  /** Notes that the value at a path was not read as it stands, so that nothing missing in it proves anything. */
  broken(source: SourceFile, base: KeyPath): void {
    this.#broken.push({ source, base });
  }

  /**
   * Adds that something is missing, unless the value around it was not read as it stands: then what is missing
   * is most likely what is already reported as wrong.
   */
  addAbsence(
    source: SourceFile,
    path: KeyPath,
    reason: ConfigReason,
    facts: ConfigFacts = {},
    at: "key" | "value" = "value",
  ): void {
    if (this.#broken.some((one) => one.source === source && liesUnder(path, one.base))) return;
    this.add(source, path, reason, facts, at);
  }

  /** Adds what deserves a look but stops nothing. */
  warn(source: SourceFile, path: KeyPath, reason: ConfigReason, facts: ConfigFacts = {}): void {
    this.#warnings.push(source.problem(path, reason, facts));
  }

  /** Whether nothing is wrong at a path or below it. */
  clean(source: SourceFile, path: KeyPath): boolean {
    return !this.#entries.some((entry) => entry.source === source && liesUnder(entry.path, path));
  }

  /** Whether something is already wrong at a path or around it. */
  covered(source: SourceFile, path: KeyPath): boolean {
    return this.#entries.some((entry) =>
      entry.source === source && entry.path.length > 0 && liesUnder(path, entry.path)
    );
  }

  /** All problems: file by file in the order they were read, within a file by place. */
  problems(): ConfigProblem[] {
    const files = [...new Set(this.#entries.map((entry) => entry.problem.file))];
    return this.#entries.map((entry) => entry.problem).sort((a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column
    );
  }

  /** All warnings. */
  warnings(): ConfigProblem[] {
    return [...this.#warnings];
  }
}
