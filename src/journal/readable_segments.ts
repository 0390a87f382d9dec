import type { FolderReader } from "./file_port.ts";
import { unreadable } from "./judge.ts";
import { scanSegment } from "./scan_segment.ts";
import { boundsOf, type FoundSegment } from "./segment_files.ts";
import type { Segment } from "./segments.ts";
import type { Damage } from "./trouble.ts";

/** A file that tells nothing. */
export interface UnreadableFile {
  /** What its name says. */
  readonly segment: Segment;
  /** No segment follows: a crash while it was made. Nothing in it was acknowledged. */
  readonly unborn: boolean;
  /** What it must have held, where no segment before it would miss it. */
  readonly damages: readonly Damage[];
}

/**
 * Parts the segments from files of which neither head nor a single record can be read: mostly what a crash left
 * while a segment was made. What such a file held is known to be missing by the seal of the next segment.
 */
export async function partUnreadable(
  files: FolderReader,
  folder: string,
  found: readonly FoundSegment[],
): Promise<{ readonly readable: FoundSegment[]; readonly unreadable: readonly UnreadableFile[] }> {
  const readable: FoundSegment[] = [];
  const others: UnreadableFile[] = [];
  for (const [at, one] of found.entries()) {
    if (one.seal !== undefined || await anyEntry(files, folder, one, found[at + 1])) {
      readable.push(one);
      continue;
    }
    const { segment } = one;
    const next = found.slice(at + 1).find(({ seal }) => seal !== undefined);
    const damages = readable.length === 0 ? unreadable(segment, next?.seal?.last) : [];
    others.push({ segment, unborn: next === undefined, damages });
  }
  return { readable, unreadable: others };
}

async function anyEntry(
  files: FolderReader,
  folder: string,
  one: FoundSegment,
  next: FoundSegment | undefined,
): Promise<boolean> {
  const content = await scanSegment(files, folder, one.segment, boundsOf(one, next));
  return content.entries > 0;
}
