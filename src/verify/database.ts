import type { Days } from "./days.ts";

/** What is asked of a database. */
export interface Question {
  /** Name of the measurement. */
  readonly measurement: string;
  /** Names of all its fields; at least one. */
  readonly fields: readonly string[];
  /** Names of those that are summed up. */
  readonly numbers: readonly string[];
  /** Whole UTC days. */
  readonly days: Days;
}

/** What a database holds of a measurement, for one device and one UTC day. */
export interface Found {
  /** Value of the tag `device`; empty where a series has none. */
  readonly device: string;
  /** The day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Values: one for each field, series and time. */
  readonly values: number;
  /** Sum of those that are numbers. */
  readonly sum: number;
}

/** A database that can be asked what it holds; every method throws `VerifyProblem` where it does not answer. */
export interface Database {
  /** What it is and where, for people, without secrets. */
  readonly title: string;
  /** How exactly it keeps and adds up: `double` as the gateway does, `decimal` to some twelve digits. */
  readonly keeps: "double" | "decimal";
  /** Counts and sums; series with the tag `replayed` are left out. */
  content(question: Question): Promise<readonly Found[]>;
  /**
   * Counts and sums of some devices once more, the slow way that nothing can lead astray; left out where `content`
   * is that way.
   */
  recount?(question: Question, devices: readonly string[]): Promise<readonly Found[]>;
  /** How long it keeps data, as a sentence; `undefined`: for ever, or not known. */
  retention(): Promise<Retention | undefined>;
}

/** How long a database keeps data. */
export interface Retention {
  /** What it is called and says. */
  readonly text: string;
  /** How long, ms; `null`: it is not told in figures. */
  readonly ms: number | null;
}
