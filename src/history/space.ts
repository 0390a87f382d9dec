import { extentOf } from "./extent.ts";
import { LONGEST, type Resolution, RESOLUTIONS, SACRIFICE } from "./resolutions.ts";
import { PAGE, type Store } from "./store.ts";

/** Part of the limit that the buckets may take: the write-ahead log and what is under way take the rest. */
const FILLED = 0.75;
/** Part of the limit that the file can never grow beyond. */
const HARD = 0.9;
/** Pages of the write-ahead log after which it goes into the file; SQLite's own default. */
const LOG_PAGES = 1_000;
/** Pieces in which the oldest goes: after each it is looked whether that was enough. */
const PIECES = 8;

/** What the store may hold. */
export interface Space {
  /** Most bytes of its files. */
  readonly maxBytes: number;
  /** How long anything is kept, ms. */
  readonly keep: number;
}

/** Sets how large the file and its log may become. */
export function bound({ database }: Store, { maxBytes }: Space): void {
  const log = Math.max(16, Math.min(LOG_PAGES, Math.floor(maxBytes / PAGE / 32)));
  database.exec(`PRAGMA wal_autocheckpoint = ${log}; PRAGMA journal_size_limit = ${2 * log * PAGE};
    PRAGMA max_page_count = ${Math.max(64, Math.floor(HARD * maxBytes / PAGE))}`);
}

/** Buckets that may wait in memory: in the file, three resolutions of them must not outgrow its log. */
export function mostPending({ maxBytes }: Space): number {
  return Math.max(200, Math.min(50_000, Math.floor(maxBytes / 4_000)));
}

/** Forgets what is older than it may be. */
export function forgetOld(store: Store, { keep }: Space, wall: number): void {
  for (const resolution of RESOLUTIONS) {
    const oldest = wall / 1_000 - Math.min(keep / 1_000, LONGEST[resolution]);
    forgetBefore(store, resolution, Math.floor(oldest / resolution));
  }
}

/**
 * Gives up the oldest, the finest resolution first (`SACRIFICE`), until the limit is kept.
 *
 * @returns whether anything was given up
 */
export function giveUp(store: Store, { maxBytes }: Space, wall: number): boolean {
  const aim = FILLED * maxBytes;
  let gave = false;
  for (const { resolution, left } of SACRIFICE) {
    if (store.pages.used <= aim) break;
    const extent = extentOf(store.database, [[`r${resolution}`, 1], [`t${resolution}`, 1]]);
    if (extent === undefined) continue;
    const { oldest } = extent;
    // What bears a time of the future is not spared for it.
    const end = left === 0 ? Infinity : Math.floor((wall / 1_000 - left) / resolution);
    const newest = Math.min(end, extent.newest + 1);
    const piece = Math.max(1, Math.ceil((newest - oldest) / PIECES));
    for (let before = oldest + piece; oldest < newest && store.pages.used > aim; before += piece) {
      forgetBefore(store, resolution, Math.min(before, newest));
      gave = true;
      if (before >= newest) break;
    }
  }
  return gave;
}

/** Gives free pages back to the disk, and empties the log. */
export function shrink({ database }: Store): void {
  // A page a step: `exec` takes the first step alone.
  database.prepare("PRAGMA incremental_vacuum").all();
  database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
}

function forgetBefore({ database }: Store, resolution: Resolution, bucket: number): void {
  for (const table of [`r${resolution}`, `t${resolution}`]) {
    database.prepare(`DELETE FROM ${table} WHERE bucket < ?`).run(bucket);
  }
}
