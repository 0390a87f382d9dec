/** Where a configuration comes from: everything that loading reads from the outside. */
export interface ConfigSources {
  /** Text of a file; rejects with an error named `NotFound` or `PermissionDenied` as Deno's do. */
  readText(path: string): Promise<string>;
  /** Names of the files in a folder, in any order; rejects as `readText` does. */
  listFiles(folder: string): Promise<string[]>;
  /** An environment variable. */
  env(name: string): string | undefined;
  /** Name of this machine: the gateway's id where none is given. */
  hostName(): string;
}
