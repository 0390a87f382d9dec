import { decodeInbox } from "../buffer/mod.ts";
import { position as asPosition } from "../journal/mod.ts";
import type { InboxRecord } from "../model/mod.ts";
import { journalView, readStretch, ReplayProblem } from "../replay/mod.ts";
import { keyRingOf } from "./data_keys.ts";
import type { Parts } from "./parts.ts";

/** What still holds a record of the past. */
export type Holder = "inbox" | "archive";

/** Which of the two a position lies in; it may be in neither. */
export function holderOf({ core }: Parts, position: number): Holder {
  return position >= core.folder.inboxJournal.first ? "inbox" : "archive";
}

/**
 * What archive and inbox hold from a position on, in journal order, up to what is on disk. It is read beside the
 * writer; nothing where neither holds anything, or it cannot be read.
 */
export async function* pastRecords(
  { core, ports }: Parts,
  from: number,
): AsyncGenerator<readonly InboxRecord[]> {
  try {
    const keys = await keyRingOf(core.config.buffer.encryptAtRest);
    const view = await journalView(ports.files, core.folder.path, "inbox", keys);
    for await (const { records } of readStretch(view, keys, Math.max(0, from - 1))) yield records;
  } catch (error) {
    if (!(error instanceof ReplayProblem)) throw error;
  }
}

/** The record at a position; `undefined`: neither inbox nor archive holds it any more. */
export async function pastRecord(parts: Parts, position: number): Promise<InboxRecord | undefined> {
  if (holderOf(parts, position) === "inbox") {
    const entry = await parts.core.folder.inboxJournal.readOne(asPosition(position));
    return entry === undefined ? undefined : decodeInbox(entry.position, entry.flags, entry.body);
  }
  for await (const records of pastRecords(parts, position)) {
    return records.find((record) => record.position === position);
  }
  return undefined;
}
