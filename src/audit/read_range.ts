import { type Journal, position } from "../journal/mod.ts";
import { decodeEntry, type StoredEntry } from "./stored_entry.ts";

/** Bytes read at once. */
const READ_BYTES = 512 * 1024;

/** The readable entries with positions from `from` to below `before`, in order. */
export async function readRange(journal: Journal, from: number, before: number): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  const cursor = journal.read(position(from));
  try {
    while (true) {
      const entries = await cursor.next(READ_BYTES);
      for (const { position: at, body } of entries) {
        if (at >= before) return found;
        const entry = decodeEntry(body);
        if (entry !== undefined) found.push(entry);
      }
      if (entries.length === 0) return found;
    }
  } finally {
    await cursor.close();
  }
}

/** The newest entry that can be read. */
export async function readNewest(journal: Journal): Promise<StoredEntry | undefined> {
  for (let before = journal.last + 1; before > journal.first;) {
    const from = Math.max(journal.first, before - 500);
    const newest = (await readRange(journal, from, before)).at(-1);
    if (newest !== undefined) return newest;
    before = from;
  }
  return undefined;
}
