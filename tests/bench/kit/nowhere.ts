import { systemClock } from "../../../src/clock.ts";
import { type FilePort, Journal, type JournalOptions, type OpenFile } from "../../../src/journal/mod.ts";

const file: OpenFile = {
  read: () => Promise.resolve(0),
  write: (bytes) => Promise.resolve(bytes.length),
  syncData: () => Promise.resolve(),
  truncate: () => Promise.resolve(),
  size: () => Promise.resolve(0),
  tryLock: () => Promise.resolve(true),
  close: () => {},
};

/** A disk that takes everything at once and keeps nothing: what is left is the journal's own cost. */
export const nowhere: FilePort = {
  open: () => Promise.resolve(file),
  list: () => Promise.resolve([]),
  rename: () => Promise.resolve(),
  link: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  makeFolder: () => Promise.resolve(),
  syncFolder: () => Promise.resolve(),
  space: () => Promise.resolve({ free: Infinity, total: Infinity }),
};

/** A journal on that disk, with segments of the gateway's size. */
export function openNowhere(folder: string, sync: JournalOptions["sync"]): Promise<Journal> {
  return Journal.open({
    folder,
    files: nowhere,
    segmentBytes: 8 * 1024 * 1024,
    sync,
    salt: () => 1n,
    wall: () => systemClock.wall(),
    after: (ms, fire) => systemClock.after(ms, fire),
  });
}
