import { type Damage, type FolderReader, type KeyRing, readFolder } from "../journal/mod.ts";
import { decodeEntry, hashOf, NO_ENTRY, type StoredEntry } from "./stored_entry.ts";

/** Where a chain is broken. */
export interface Break {
  /** Sequence of the first entry that is not as it was written, or not there. */
  readonly sequence: number;
  /** The word for programs. */
  readonly reason: "unreadable" | "unfinished" | "no_entry" | "moved" | "missing" | "not_joined" | "changed";
  /** The sentence for people. */
  readonly text: string;
}

/** What became of a look at an audit. */
export interface AuditVerdict {
  /** Entries that could be read. */
  readonly entries: number;
  /** The oldest one; `undefined`: there is none. */
  readonly first: StoredEntry | undefined;
  /** The newest one. */
  readonly last: StoredEntry | undefined;
  /** The first break; `undefined`: the chain is unbroken. */
  readonly broken: Break | undefined;
  /** Some are encrypted, and the key is not at hand: nothing is known of those. */
  readonly locked: boolean;
}

/**
 * Reads the audit of a data folder and checks its chain from the first entry that is kept to the last. Changes nothing,
 * and may run beside the gateway that writes.
 *
 * @param folder the folder `audit` of the data folder
 * @throws what the disk said
 */
export async function verifyAudit(
  files: FolderReader,
  folder: string,
  keys?: KeyRing,
): Promise<AuditVerdict> {
  let [entries, locked] = [0, false];
  let first: StoredEntry | undefined;
  let last: StoredEntry | undefined;
  let broken: Break | undefined;
  for await (const item of readFolder(files, folder, keys)) {
    if (item.kind === "damage") broken ??= damaged(item.damage);
    if (item.kind !== "entry") continue;
    if (item.sealed) {
      locked = true;
      continue;
    }
    const { position, body } = item.entry;
    const entry = decodeEntry(body);
    broken ??= judge(position, entry, last);
    if (entry === undefined) continue;
    entries++;
    first ??= entry;
    last = entry;
  }
  return { entries, first, last, broken, locked };
}

function damaged({ kind, after, segment, offset }: Damage): Break {
  const place = `byte ${offset} of "${segment}"`;
  return kind === "torn"
    ? {
      sequence: after + 1,
      reason: "unfinished",
      text: `What begins at ${place} is no whole entry: a crash broke the write off, or someone changed it`,
    }
    : { sequence: after + 1, reason: "unreadable", text: `What begins at ${place} cannot be read` };
}

function judge(
  position: number,
  entry: StoredEntry | undefined,
  last: StoredEntry | undefined,
): Break | undefined {
  if (entry === undefined) {
    return { sequence: position, reason: "no_entry", text: "The record is no entry of an audit" };
  }
  const { sequence, previous, hash } = entry;
  if (sequence !== position) {
    const text = `The entry at this place says that it is number "${sequence}"`;
    return { sequence: position, reason: "moved", text };
  }
  if (last !== undefined && sequence !== last.sequence + 1) {
    const text = `The entry is missing; behind ${last.sequence} comes ${sequence}`;
    return { sequence: last.sequence + 1, reason: "missing", text };
  }
  const expected = last?.hash ?? (sequence === 1 ? NO_ENTRY : previous);
  if (previous !== expected) {
    const text = `It names "${previous}" as the hash before, but that is "${expected}"`;
    return { sequence, reason: "not_joined", text };
  }
  const found = hashOf(entry);
  if (found === hash) return undefined;
  return { sequence, reason: "changed", text: `Its hash is "${hash}", but what it says has "${found}"` };
}
