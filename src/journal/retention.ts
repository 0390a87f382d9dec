import type { FilePort } from "./file_port.ts";
import { SEGMENT_HEAD } from "./format.ts";
import { type Position, position } from "./position.ts";
import { RecordScan } from "./record_scan.ts";
import type { Segment, SegmentList } from "./segments.ts";
import { keepAside, moveAway } from "./set_aside.ts";
import { codeOf, diskReason, type JournalEvent, wordsOf } from "./trouble.ts";

/** What a trim took away. */
export interface Trimmed {
  /** How many segments. */
  readonly segments: number;
  /** Their size, bytes. */
  readonly bytes: number;
}

/** A journal's files, to be taken away. */
export interface Retained {
  /** The file system. */
  readonly files: FilePort;
  /** The journal's folder. */
  readonly folder: string;
  /** Its segments. */
  readonly segments: SegmentList;
  /** Whether a file may be kept for the next segment, where the journal does that. */
  readonly recycle: boolean;
  /** Is told what happens. */
  readonly tell: (event: JournalEvent) => void;
}

/**
 * Takes the oldest segments away of which every position is below `before`; never the newest, which carries the
 * count of positions on. Unlinking is not synced: a segment that comes back after a power cut is trimmed again.
 */
export async function trimSegments(
  journal: Retained,
  before: Position,
  archiveTo: string | undefined,
): Promise<Trimmed> {
  const { files, folder, segments, tell } = journal;
  let [count, bytes] = [0, 0];
  for (;;) {
    const segment = segments.oldest;
    if (segment === undefined || segment === segments.newest || segment.last >= before) break;
    try {
      await removeStillborn(journal);
      if (count === 0 && archiveTo !== undefined) await files.makeFolder(archiveTo);
      await takeAway(journal, segment, archiveTo);
    } catch (error) {
      const name = segment.name;
      tell({ kind: "trim_failed", segment: name, reason: diskReason(error), detail: wordsOf(error) });
      break;
    }
    segments.drop(segment);
    count++;
    bytes += segment.bytes;
    tell({ kind: "trimmed", segment: segment.name, bytes: segment.bytes, archivedTo: archiveTo });
  }
  if (count > 0 && archiveTo !== undefined) {
    await files.syncFolder(archiveTo);
    await files.syncFolder(folder);
  }
  return { segments: count, bytes };
}

/** Removes the files that never came to count; what is already gone is fine. */
async function removeStillborn({ files, folder, segments }: Retained): Promise<void> {
  for (const name of segments.stillborn) {
    try {
      await files.remove(`${folder}/${name}`);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
    segments.stillborn.delete(name);
  }
}

async function takeAway(journal: Retained, segment: Segment, archiveTo: string | undefined): Promise<void> {
  const { files, folder, segments, tell, recycle } = journal;
  const path = `${folder}/${segment.name}`;
  try {
    if (archiveTo !== undefined) await files.rename(path, `${archiveTo}/${segment.name}`);
    else if (recycle && await segments.spare?.offer(segment)) return;
    else await moveAway(files, folder, segment, tell);
  } catch (error) {
    // Someone else took it away already.
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/**
 * Forgets every record after `last`: later segments go, newest first, so that a crash on the way leaves a
 * journal that ends earlier; the one that holds the border is cut there.
 */
export async function cutSegments(journal: Retained, last: Position): Promise<void> {
  const { files, folder, segments, tell } = journal;
  await removeStillborn(journal);
  let cut = false;
  for (;;) {
    const segment = segments.newest;
    if (segment === undefined || segment.first <= last) break;
    await moveAway(files, folder, segment, tell);
    segments.drop(segment);
    cut = true;
  }
  // Else a power cut could bring them back behind a border that is cut: a hole that nobody made.
  if (cut) await files.syncFolder(folder);
  const border = segments.newest;
  // Behind its end may stand copies of records that counted in a later segment, which is gone now.
  if (border !== undefined && (border.last > last || border.bytes > border.end)) {
    await cutWithin(journal, border, last);
  }
}

async function cutWithin(journal: Retained, segment: Segment, last: Position): Promise<void> {
  const { files, folder, tell } = journal;
  if (segment.damaged) await keepAside(files, folder, segment, tell);
  const path = `${folder}/${segment.name}`;
  const reader = await files.open(path, "read");
  try {
    const scan = new RecordScan(reader, {
      seed: segment.seed,
      start: segment.index.find(last, SEGMENT_HEAD),
      end: segment.end,
      after: position(Math.max(0, segment.first - 1)),
      upTo: last,
    });
    // Records after `last` are not believed: the scan ends behind the last record that stays.
    segment.end = await endOfRecords(scan, segment);
    segment.last = scan.last;
  } finally {
    reader.close();
  }
  segment.readable = segment.end;
  segment.index.cut(segment.end);
  const file = await files.open(path, "append");
  try {
    await file.truncate(segment.end);
    await file.syncData();
  } finally {
    file.close();
  }
  segment.bytes = segment.end;
}

async function endOfRecords(scan: RecordScan, segment: Segment): Promise<number> {
  let end = Math.min(segment.end, scan.offset);
  for (;;) {
    const step = scan.step();
    if (step === "more") await scan.load();
    else if (step === "entry") end = scan.offset;
    else if (step === "end") return end;
  }
}
