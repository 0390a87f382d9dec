import type { ReadConfig } from "../configuration.ts";

/** A file of the configuration, whole. */
export interface ConfigFile {
  /** Its path, as the configuration names it. */
  readonly path: string;
  /** What stands in it. */
  readonly text: string;
}

/** The files of the configuration, for who adds to them. */
export interface ConfigFiles {
  /** The text of the configuration file; rejects where it cannot be read. */
  text(): Promise<string>;
  /** Whether there is a file at a path. */
  has(path: string): Promise<boolean>;
  /** Reads the configuration as if these files stood on the disk. Never throws for a wrong one. */
  read(files: readonly ConfigFile[]): Promise<ReadConfig>;
  /** Writes files, in order: after a crash each is the old one or the new one. Rejects with what the disk said. */
  write(files: readonly ConfigFile[]): Promise<void>;
}
