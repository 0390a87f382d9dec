import type { FolderReader } from "./file_port.ts";
import { findSegments } from "./segment_files.ts";
import type { Position } from "./position.ts";

/** Where a segment begins, and when. */
export interface SegmentStart {
  /** Its first position. */
  readonly first: Position;
  /** Wall clock of its making, ms: nothing in it is older. */
  readonly createdAt: number;
}

/**
 * The segments of a folder, in order, by their heads alone.
 *
 * @throws JournalError `future_version`, or what the disk said
 */
export async function segmentsIn(files: FolderReader, folder: string): Promise<SegmentStart[]> {
  const found = await findSegments(files, folder);
  return found.map(({ segment: { first, createdAt } }) => ({ first, createdAt }));
}
