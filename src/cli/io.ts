import type { ConfigSources } from "../config/mod.ts";

/** What a command sees of the world: where it writes, and where configurations come from. */
export interface CliIo {
  /** Writes to standard output, as it is. */
  stdout(text: string): void;
  /** Writes to standard error, as it is. */
  stderr(text: string): void;
  /** Standard output is a terminal: a person is watching. */
  readonly isTerminal: boolean;
  /** Colours are wanted: a terminal, and no `NO_COLOR`. */
  readonly color: boolean;
  /** An environment variable. */
  env(name: string): string | undefined;
  /** A file as it is; rejects where it cannot be read. */
  readBytes(path: string): Promise<Uint8Array>;
  /** Files, environment and host name, for `loadConfig`. */
  readonly sources: ConfigSources;
}

/** Exit codes of every command. */
export const EXIT = {
  /** Done. */
  done: 0,
  /** Failed. */
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** The data folder is in use by another process. */
  inUse: 3,
} as const;
