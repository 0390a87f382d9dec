/**
 * An append-only journal of byte records with group commit and recovery: FORMAT.md draws the bytes, SPEC.md
 * numbers the rules.
 *
 * In: bodies of bytes with one byte of flags. Out: the same, in order, each once, with its position.
 * It promises that a record reported durable survives a power cut, that a damaged byte costs at most the record
 * it hits and is reported, and that what could not be read is never deleted. It knows nothing of what the bytes
 * mean; clock, dice, keys and file system are handed in.
 * @module
 */
export { type Entry, type Position, position } from "./position.ts";
export type { FileInfo, FilePort, FileUse, FolderReader, OpenFile, Space } from "./file_port.ts";
export { denoFiles } from "./deno_files.ts";
export type { JournalOptions, RecoveryReport, SegmentInfo } from "./options.ts";
export {
  type Damage,
  type DiskReason,
  JournalError,
  type JournalErrorReason,
  type JournalEvent,
  type JournalTrouble,
} from "./trouble.ts";
export { Journal, type Trimmed } from "./journal.ts";
export type { Cursor } from "./cursor.ts";
export { FolderLock } from "./folder_lock.ts";
export type { KeyId } from "./key_id.ts";
export { KEY_BYTES, KeyRing } from "./key_ring.ts";
export { missingKeys } from "./missing_keys.ts";
export { openBox, type OpenedBox, sealBox } from "./sealed_box.ts";
export { Ballast, type BallastOutcome } from "./ballast.ts";
export { type FolderItem, readFolder } from "./inspect.ts";
export { segmentsIn, type SegmentStart } from "./segments_in.ts";
