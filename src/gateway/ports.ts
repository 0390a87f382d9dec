import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import type { ConfigSource } from "./configuration.ts";
import type { ConfigFiles } from "./learning/config_files.ts";
import { type StartWorker, startWorker } from "../history/mod.ts";
import { denoFiles, type FilePort } from "../journal/mod.ts";

/** The world as the gateway sees it. */
export interface GatewayPorts {
  /** Wall clock, monotonic clock and timers. */
  readonly clock: Clock;
  /** Dice in `[0, 1)`. */
  readonly random: () => number;
  /** A random 64-bit number for the journals. */
  readonly salt: () => bigint;
  /** An id that nobody can guess. */
  readonly randomId: () => string;
  /** Files of the data folder. */
  readonly files: FilePort;
  /** Reads a text file, such as a certificate; rejects where it cannot. */
  readonly readText: (path: string) => Promise<string>;
  /** Where the configuration comes from, for a reload; without it there is none. */
  readonly configSource?: ConfigSource;
  /** Its files, for what was learned and accepted; without them nothing can be. */
  readonly configFiles?: ConfigFiles;
  /** Starts the thread of the local history; without it there is none. */
  readonly startHistory?: StartWorker;
  /** Takes log lines. */
  readonly writeLog: (line: string) => void;
  /** Log lines may have colours. */
  readonly colour: boolean;
  /** Number of this process, for the lock. */
  readonly pid: number;
  /** Bytes of memory in use, as the system counts them. */
  readonly rss: () => number;
}

/** The machine that the process runs on. */
export function machine(writeLog: (line: string) => void, colour: boolean): GatewayPorts {
  return {
    clock: systemClock,
    random: Math.random,
    salt: () => crypto.getRandomValues(new BigUint64Array(1))[0] ?? 1n,
    randomId: () => crypto.randomUUID(),
    files: denoFiles,
    readText: (path) => Deno.readTextFile(path),
    startHistory: startWorker,
    writeLog,
    colour,
    pid: Deno.pid,
    rss: () => Deno.memoryUsage().rss,
  };
}
