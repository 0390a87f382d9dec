import type { Position } from "./position.ts";

/** Why the disk said no: the system's code, `"short"` where it took only part of a write, else `"other"`. */
export type DiskReason = "ENOSPC" | "EDQUOT" | "EIO" | "EROFS" | "EACCES" | "short" | "other";

/** Why nothing can be written at the moment. */
export interface JournalTrouble {
  /** What the disk said. `"fsync"`: it failed twice in a row; the process must end, nothing repairs this. */
  readonly reason: DiskReason | "fsync";
  /** The system's own words. */
  readonly detail: string;
  /** Since when, wall clock, ms. */
  readonly since: number;
}

/** What a journal tells its owner, for a log line and a counter. */
export type JournalEvent =
  /** A tail that was never acknowledged was cut off. */
  | { readonly kind: "torn"; readonly damage: Damage }
  /** Acknowledged bytes cannot be read; the rest is delivered. Told again at each open that scans them. */
  | { readonly kind: "corrupt"; readonly damage: Damage }
  /** A damaged file was kept under the name `as`. */
  | { readonly kind: "set_aside"; readonly segment: string; readonly as: string; readonly bytes: number }
  /** A group could not be written; it stays in memory and is tried again. Told once per trouble. */
  | { readonly kind: "write_failed"; readonly reason: DiskReason; readonly detail: string }
  /** Writing goes on. */
  | { readonly kind: "write_recovered"; readonly since: number }
  /** An fsync failed; the same group goes into a new segment. */
  | { readonly kind: "sync_failed"; readonly segment: string; readonly detail: string }
  /** A second fsync failed in a row: end the process. */
  | { readonly kind: "fatal"; readonly detail: string }
  /** A new segment counts. */
  | { readonly kind: "segment_opened"; readonly segment: string; readonly first: Position }
  /** A segment was unlinked, or moved to `archivedTo`. */
  | {
    readonly kind: "trimmed";
    readonly segment: string;
    readonly bytes: number;
    readonly archivedTo: string | undefined;
  }
  /** A segment could not be unlinked or moved; the next trim tries again. */
  | {
    readonly kind: "trim_failed";
    readonly segment: string;
    readonly reason: DiskReason;
    readonly detail: string;
  };

/** A stretch of a segment that could not be read. */
export interface Damage {
  /** `"torn"`: never acknowledged, cut off. `"corrupt"`: acknowledged, skipped. */
  readonly kind: "torn" | "corrupt";
  /** The file's name. */
  readonly segment: string;
  /** Where the stretch begins, bytes from the file's start. */
  readonly offset: number;
  /** How long it is; 0 where a file ends too early. */
  readonly bytes: number;
  /** The last position before it. */
  readonly after: Position;
  /** The first position behind it. What lies between the two is lost; `after + 1` where nothing is. */
  readonly before: Position;
}

/** What {@link JournalError} says in a word. */
export type JournalErrorReason =
  /** The journal was closed. */
  | "closed"
  /** The disk takes nothing now; the records stay in memory and are tried again. */
  | "trouble"
  /** fsync failed twice in a row; end the process. */
  | "fatal"
  /** A file was written by a newer version. */
  | "future_version"
  /** Something is encrypted with a key that was not given; nothing was touched. */
  | "no_key"
  /** The folder cannot be read at all. */
  | "unreadable"
  /** `at` was not beyond the last position, flags or body out of bounds. */
  | "bad_append";

/** A journal could not do what was asked. */
export class JournalError extends Error {
  /** What the caller decides by. */
  readonly reason: JournalErrorReason;

  /** An error of this reason, with a message for a person. */
  constructor(reason: JournalErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "JournalError";
    this.reason = reason;
  }
}

/** What a caller is told that waits for a journal in trouble. */
export function troubleError(folder: string, trouble: JournalTrouble | undefined): JournalError {
  const detail = trouble?.detail ?? "";
  if (trouble?.reason === "fsync") {
    return new JournalError("fatal", `Journal "${folder}": fsync failed twice in a row: ${detail}`);
  }
  return new JournalError("trouble", `Journal "${folder}" cannot be written, it will try again: ${detail}`);
}

const CODES: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES"]);

function isDiskCode(code: unknown): code is DiskReason {
  return typeof code === "string" && CODES.has(code);
}

/** What the system meant by an error of a file call. */
export function diskReason(error: unknown): DiskReason {
  if (error instanceof ShortWrite) return "short";
  const code = codeOf(error);
  return isDiskCode(code) ? code : "other";
}

/** The system's code of an error, "ENOENT" say. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** An error's words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system took no more bytes and gave no reason. */
export class ShortWrite extends Error {
  /** @param taken bytes it took @param offered bytes it was given */
  constructor(taken: number, offered: number) {
    super(`Only "${taken}" of ${offered} bytes were taken`);
    this.name = "ShortWrite";
  }
}
