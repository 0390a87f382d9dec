import type { FileInfo, FolderReader } from "./file_port.ts";
import { decodeHead, type HeadReading, parseName, type Seal, SEGMENT_HEAD, VERSION } from "./format.ts";
import { type Position, position } from "./position.ts";
import { type Segment, segmentOf } from "./segments.ts";
import { JournalError } from "./trouble.ts";

/** A segment's file as it was found. */
export interface FoundSegment {
  /** What is known of it. `end` is the size of the file, `last` not yet known. */
  readonly segment: Segment;
  /** Where its predecessor ends; unknown where the head is damaged. */
  readonly seal: Seal | undefined;
}

/**
 * Finds the segments of a folder and puts them in order.
 *
 * A damaged head is made up for from the file's name (first position, salt, key), its neighbours (number) and the
 * file's time.
 *
 * @throws JournalError `future_version` where a newer version wrote one of them
 */
export async function findSegments(files: FolderReader, folder: string): Promise<FoundSegment[]> {
  const found: FoundSegment[] = [];
  for (const info of await files.list(folder)) {
    const named = parseName(info.name);
    if (named === undefined) continue;
    const reading = await readHead(files, folder, info);
    if (reading === undefined) continue;
    if (reading.kind === "future_version") throw futureVersion(info.name, reading.version);
    if (reading.kind === "head") {
      found.push({ segment: sized(segmentOf(reading.head, info.name), info), seal: reading.head.seal });
      continue;
    }
    const seal = { last: position(0), offset: 0 };
    const guess = { ...named, createdAt: info.modifiedAt, number: 0, seal, packed: true, recycled: false };
    found.push({ segment: { ...sized(segmentOf(guess, info.name), info), damaged: true }, seal: undefined });
  }
  return numbered(found.sort(byOrder));
}

function byOrder(a: FoundSegment, b: FoundSegment): number {
  return a.segment.first - b.segment.first || a.segment.number - b.segment.number;
}

/** Gives those with a damaged head the number behind their predecessor's. */
function numbered(found: readonly FoundSegment[]): FoundSegment[] {
  let previous = 0;
  return found.map(({ segment, seal }) => {
    const number = segment.number > 0 ? segment.number : previous + 1;
    previous = number;
    return { segment: { ...segment, number }, seal };
  });
}

function sized(segment: Segment, info: FileInfo): Segment {
  return { ...segment, bytes: info.bytes, end: info.bytes, readable: info.bytes };
}

async function readHead(
  files: FolderReader,
  folder: string,
  info: FileInfo,
): Promise<HeadReading | undefined> {
  try {
    const file = await files.open(`${folder}/${info.name}`, "read");
    try {
      const bytes = new Uint8Array(SEGMENT_HEAD);
      return decodeHead(bytes.subarray(0, await file.read(bytes, 0)));
    } catch {
      return { kind: "damaged" };
    } finally {
      file.close();
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new JournalError("unreadable", `Journal file "${folder}/${info.name}" cannot be opened`, { cause });
  }
}

function futureVersion(name: string, version: number): JournalError {
  return new JournalError(
    "future_version",
    `Journal file "${name}" has format version "${version}"; this program knows ${VERSION}. ` +
      "Start the version that wrote it, or move the folder away to begin with an empty one",
  );
}

/** Where a segment ends, as its successor says. */
export interface SegmentBounds {
  /** The highest position that can be in it. */
  readonly upTo: Position;
  /** Read no further than this byte. */
  readonly end: number;
  /** The last position before the successor, as its seal says; unknown where that cannot be read. */
  readonly sealed: Position | undefined;
  /** `end` is the seal's: everything before it was whole once. */
  readonly exact: boolean;
}

/** What is known of a segment's end; `next` is its successor. */
export function boundsOf({ segment }: FoundSegment, next: FoundSegment | undefined): SegmentBounds {
  const unbounded = position(Number.MAX_SAFE_INTEGER);
  if (next === undefined) return { upTo: unbounded, end: segment.bytes, sealed: undefined, exact: false };
  const upTo = position(Math.max(0, next.segment.first - 1));
  const sealed = next.seal?.last;
  if (next.seal === undefined || next.segment.number !== segment.number + 1) {
    return { upTo, end: segment.bytes, sealed, exact: false };
  }
  return { upTo, end: Math.min(segment.bytes, next.seal.offset), sealed, exact: true };
}
