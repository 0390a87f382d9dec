import type { OpenFile } from "./file_port.ts";
import { RECORD_HEAD, SEGMENT_HEAD } from "./format.ts";
import { Group } from "./group.ts";
import { cipherOf, overheadOf } from "./key_ring.ts";
import { OpenSegment } from "./open_segment.ts";
import type { JournalOptions } from "./options.ts";
import { type Entry, type Position, position } from "./position.ts";
import { RecordScan } from "./record_scan.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import type { Segment } from "./segments.ts";

const GROUP_BYTES = 1024 * 1024;

/**
 * Name of a copy that is being made. It is no segment's: the head of a segment says where the one before it ends, and
 * a copy that a crash cut short would hide what it was to save.
 */
export const COPY = "copying.tmp";

type Options = Pick<JournalOptions, "folder" | "files" | "salt" | "wall" | "keys">;

/** Where the copied records begin. */
interface Border {
  /** First position to be copied. */
  readonly first: Position;
  /** The last position that stays. */
  readonly last: Position;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * Copies the records after `proven` into a new segment, makes that durable, and gives it its name. They may stand in the system's
 * cache alone, left there by an fsync that failed in a process now dead; then another fsync of the same file
 * would succeed and save nothing (J8, J10). The old segment ends before them.
 *
 * @param next the new segment's number, and the last record's position in the segments before `segment`
 * @returns the new segment; `segment` is shortened, to nothing (`last < first`) where all of it was copied
 * @throws SyncFailed where the copy's fsync failed, else what the disk said; nothing is changed then
 */
export async function rewriteTail(
  options: Options,
  segment: Segment,
  proven: Position,
  next: { readonly number: number; readonly after: Position },
): Promise<Segment> {
  const { files, folder, keys } = options;
  const cipher = await cipherOf(keys, segment);
  const reader = await files.open(`${folder}/${segment.name}`, "read");
  try {
    const scan = scanOf(reader, segment);
    const border = await findBorder(scan, segment, proven);
    const kept = border.last >= segment.first;
    const seal = { last: kept ? border.last : next.after, offset: border.end };
    const createdAt = Math.max(0, Math.trunc(options.wall()));
    const salt = BigInt.asUintN(64, options.salt());
    const key = keys?.current;
    const { packed } = segment;
    const head = {
      first: border.first,
      createdAt,
      salt,
      number: next.number,
      seal,
      key,
      packed,
      recycled: false,
    };
    const open = await OpenSegment.create(files, folder, head, { keys, name: COPY });
    const path = `${folder}/${open.segment.name}`;
    try {
      await copy(scan, open, border.last, { from: cipher, overhead: overheadOf(keys) });
      await makeDurable(open);
      // The marker spares the next start the same work; it is synced, because the next segment's seal covers it.
      if (await open.mark(open.segment.last)) await makeDurable(open);
      await files.rename(`${folder}/${COPY}`, path);
      await synced(files.syncFolder(folder));
      open.publish();
    } catch (error) {
      for (const left of [`${folder}/${COPY}`, path]) await files.remove(left).catch(() => {});
      throw error;
    } finally {
      open.close();
    }
    segment.last = border.last;
    segment.end = segment.readable = border.end;
    segment.index.cut(border.end);
    return open.segment;
  } finally {
    reader.close();
  }
}

/** The fsync of the copy failed: whether anything of it is on the disk cannot be known. */
export class SyncFailed extends Error {
  /** @param cause what the system said */
  constructor(cause: unknown) {
    super("The fsync of a recovered tail failed", { cause });
    this.name = "SyncFailed";
  }
}

function scanOf(file: OpenFile, segment: Segment): RecordScan {
  return new RecordScan(file, {
    seed: segment.seed,
    start: SEGMENT_HEAD,
    end: segment.end,
    after: position(Math.max(0, segment.first - 1)),
    upTo: segment.last,
  });
}

/** Steps up to the first entry after `proven`. */
async function findBorder(scan: RecordScan, segment: Segment, proven: Position): Promise<Border> {
  let [end, last] = [SEGMENT_HEAD, position(Math.max(0, segment.first - 1))];
  for (;;) {
    const step = scan.step();
    if (step === "more") await scan.load();
    if (step === "end") return { first: position(last + 1), last, end };
    if (step !== "entry") continue;
    if (scan.last > proven) return { first: scan.first, last, end };
    [end, last] = [scan.offset, scan.last];
  }
}

/**
 * Copies from the entry the scan stands on to the end. Each segment has a key of its own, so what is encrypted is
 * opened and encrypted anew.
 */
async function copy(
  scan: RecordScan,
  open: OpenSegment,
  durable: Position,
  { from, overhead }: { readonly from: SegmentCipher | undefined; readonly overhead: number },
): Promise<void> {
  const group = new Group(overhead);
  let batch: Entry[] = [];
  let bytes = 0;
  const take = (): void => {
    batch.push({ position: scan.first, flags: scan.flags, body: scan.body });
    bytes += RECORD_HEAD + scan.body.length;
  };
  const put = async (): Promise<void> => {
    for (const entry of from === undefined ? batch : await from.openAll(batch)) {
      // The old file stays as it is then, and whoever reads it is told.
      if (entry === undefined) throw new Error("A record of the tail is not what was written");
      group.add(entry.position, entry.flags, entry.body);
    }
    await open.write(group, durable);
    group.clear();
    [batch, bytes] = [[], 0];
  };
  take();
  for (let step = scan.step(); step !== "end"; step = scan.step()) {
    if (step === "more") await scan.load();
    if (step !== "entry") continue;
    if (bytes > GROUP_BYTES) await put();
    take();
  }
  await put();
}

function makeDurable(open: OpenSegment): Promise<void> {
  return synced(open.sync());
}

async function synced(syncing: Promise<void>): Promise<void> {
  try {
    await syncing;
  } catch (cause) {
    throw new SyncFailed(cause);
  }
}
