import type { FolderReader } from "./file_port.ts";
import { RECORD_HEAD, SEGMENT_HEAD } from "./format.ts";
import { type Entry, type Position, position } from "./position.ts";
import { RecordScan } from "./record_scan.ts";
import type { Segment } from "./segments.ts";
import type { Damage } from "./trouble.ts";

/** A stretch that could not be read, before it is known what that means. */
export interface Stretch {
  /** Where it begins. */
  readonly offset: number;
  /** How long it is. */
  readonly bytes: number;
  /** The last position before it. */
  readonly after: Position;
  /** The first position behind it in the file, `undefined` where none follows. */
  readonly before: Position | undefined;
  /** The disk refused to read it, so it may come back. */
  readonly unreadable: boolean;
}

/** What a whole segment holds. */
export interface SegmentContent {
  /** The last entry's position; `first − 1` where there is none. */
  readonly last: Position;
  /** Offset behind the last valid record. */
  readonly end: number;
  /** Offset behind the last entry: markers that follow it may never have been synced. */
  readonly entriesEnd: number;
  /** Offset behind the last byte that was written as this segment's, as far as can be known. */
  readonly written: number;
  /** The highest position a marker says to be durable. */
  readonly durable: Position;
  /** How many entries, those of packed records counted one by one. */
  readonly entries: number;
  /** What could not be read, in order. */
  readonly stretches: readonly Stretch[];
}

/**
 * Reads a segment from end to end in chunks, noting offsets in its index; `each` sees every record as it is
 * stored, packed or not, and where it stands.
 */
export async function scanSegment(
  files: FolderReader,
  folder: string,
  segment: Segment,
  bounds: { readonly upTo: Position; readonly end: number },
  each?: (entry: Entry, offset: number) => void,
): Promise<SegmentContent> {
  const before = position(Math.max(0, segment.first - 1));
  const file = await files.open(`${folder}/${segment.name}`, "read");
  try {
    const { upTo, end } = bounds;
    const scan = new RecordScan(file, { seed: segment.seed, start: SEGMENT_HEAD, end, after: before, upTo });
    const stretches: Stretch[] = [];
    let [entries, durable] = [0, position(0)];
    let behind = Math.min(SEGMENT_HEAD, end);
    let entriesEnd = behind;
    let open: Omit<Stretch, "before"> | undefined;
    for (;;) {
      const step = scan.step();
      if (step === "more") {
        await scan.load();
      } else if (step === "entry") {
        entries += scan.last - scan.first + 1;
        entriesEnd = scan.offset;
        segment.index.note(scan.first, scan.start);
        if (open !== undefined) stretches.push({ ...open, before: scan.first });
        open = undefined;
        each?.({ position: scan.first, flags: scan.flags, body: scan.body }, scan.start);
      } else if (step === "marker") {
        if (scan.durable > durable) durable = scan.durable;
      } else if (step === "damage") {
        const [offset, bytes] = [scan.damageFrom, scan.offset - scan.damageFrom];
        // A marker may stand between two stretches: with no entry between them they are one.
        open = open === undefined
          ? { offset, bytes, after: scan.last, unreadable: scan.unreadable }
          : { ...open, bytes: scan.offset - open.offset, unreadable: open.unreadable || scan.unreadable };
      } else {
        const written = writtenEnd(scan, segment, end, open?.offset ?? behind);
        if (open !== undefined) {
          const bytes = Math.min(open.bytes, written - open.offset);
          stretches.push({ ...open, bytes, before: undefined });
        }
        return { last: scan.last, end: behind, entriesEnd, written, durable, entries, stretches };
      }
      if (step === "entry" || step === "marker") behind = scan.offset;
    }
  } finally {
    file.close();
  }
}

/**
 * Where the bytes of a segment end. A recycled one is followed by those of its former life: what a group's marker
 * announced was written as its own, and, where not even that can be read, the end record that has to be there.
 */
function writtenEnd(scan: RecordScan, { recycled }: Segment, end: number, known: number): number {
  if (scan.ended) return scan.offset;
  if (!recycled && scan.claimed === 0) return end;
  return Math.min(end, known < scan.claimed ? scan.claimed : known + RECORD_HEAD);
}

/** Judges a stretch of which everything was acknowledged up to `sealed` and beyond doubt. */
export function corrupt(segment: Segment, stretch: Stretch, sealed: Position): Damage {
  const before = stretch.before ?? position(Math.max(stretch.after, sealed) + 1);
  return {
    kind: "corrupt",
    segment: segment.name,
    offset: stretch.offset,
    bytes: stretch.bytes,
    after: stretch.after,
    before,
  };
}
