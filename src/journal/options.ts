import type { FilePort } from "./file_port.ts";
import type { KeyId } from "./key_id.ts";
import type { KeyRing } from "./key_ring.ts";
import type { Position } from "./position.ts";
import type { Damage, JournalEvent } from "./trouble.ts";

/** What a journal is made with. */
export interface JournalOptions {
  /** The folder that holds its segments; made where absent. One journal a folder. */
  readonly folder: string;
  /** The file system. */
  readonly files: FilePort;
  /** A segment that would grow beyond this is followed by a new one, bytes. */
  readonly segmentBytes: number;
  /**
   * `"group"`: every append is written and fdatasync'd by itself, many together.
   * `"manual"`: appends stay in memory until `write()` or `sync()`.
   */
  readonly sync: "group" | "manual";
  /** For `sync: "group"`. `interval`: written at once, fdatasync at most every so many ms; written counts as durable. */
  readonly durability?: { readonly mode: "fsync" } | { readonly mode: "interval"; readonly every: number };
  /** What goes down together is compressed as one; then a damaged byte costs all of it. */
  readonly pack?: boolean;
  /**
   * A trimmed segment's file becomes the next segment, written over in place: then an fdatasync changes neither the
   * file's size nor its blocks.
   */
  readonly recycle?: boolean;
  /** Keys of an encrypted journal; new segments are encrypted where it has a current one. */
  readonly keys?: KeyRing | undefined;
  /** A random 64-bit number, another at each call; with keys, from a source fit for secrets. */
  readonly salt: () => bigint;
  /** Wall clock, ms. */
  readonly wall: () => number;
  /** Calls `fire` once after so many ms. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Is told what happens; must not throw. */
  readonly onEvent?: (event: JournalEvent) => void;
}

/** What recovery found. */
export interface RecoveryReport {
  /** The first position that can be read, or `last + 1` where there is none. */
  readonly first: Position;
  /** The last position in use; the next append gets a higher one. */
  readonly last: Position;
  /** Bytes that were cut off, never acknowledged. */
  readonly tornBytes: number;
  /** Every stretch that could not be read, in journal order. */
  readonly damages: readonly Damage[];
  /** Names of the `*.corrupt` files that hold what could not be read. */
  readonly setAside: readonly string[];
}

/** A segment, for retention and for people. */
export interface SegmentInfo {
  /** The file's name. */
  readonly name: string;
  /** No position in it is lower. */
  readonly first: Position;
  /** No position in it is higher. */
  readonly last: Position;
  /** Its size on disk. */
  readonly bytes: number;
  /** Wall clock, ms. */
  readonly createdAt: number;
  /** The key that its bodies are encrypted with; `undefined`: they are not. */
  readonly key: KeyId | undefined;
}
