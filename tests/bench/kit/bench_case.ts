import type { Row } from "./table.ts";

/** How much is measured. */
export interface Scale {
  /** How often baseline and Sluice take turns. */
  readonly rounds: number;
  /** Part of the full amount of work, above 0 and at most 1: less is quicker and says less. */
  readonly part: number;
}

/** A picture of a case's rows. */
export interface Plot {
  /** Where it is kept. */
  readonly file: URL;
  /** The rows as the text of that file. */
  draw(rows: readonly Row[]): string;
}

/** Something that is measured, beside a baseline in the same run. */
export interface BenchCase {
  /** What `--only` calls it. */
  readonly name: string;
  /** One line for the reader of the table. */
  readonly about: string;
  /** Measures it; no rows where something it needs is not installed, which it says itself. */
  measure(scale: Scale): Promise<readonly Row[]>;
  /** Drawn anew whenever the figures are written or kept. */
  readonly plot?: Plot;
}
