import type { Allowed, Args } from "./args.ts";
import type { CliIo } from "./io.ts";

/** A command as the command line knows it. */
export interface Command {
  /** How it is written. */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly about: string;
  /** What `--help` says beyond that. */
  readonly help?: string;
  /** Its options. */
  readonly options: Allowed;
  /** Runs it; the exit code. */
  readonly run: (args: Args, io: CliIo) => Promise<number> | number;
}
