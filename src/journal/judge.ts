import { SEGMENT_HEAD } from "./format.ts";
import { type Position, position } from "./position.ts";
import { corrupt, type SegmentContent } from "./scan_segment.ts";
import type { SegmentBounds } from "./segment_files.ts";
import type { Segment } from "./segments.ts";
import type { Damage } from "./trouble.ts";

/** What is to be made of a segment that was read. */
export interface Verdict {
  /** What could not be read. At most the last one is torn. */
  readonly damages: readonly Damage[];
  /** The last position in use. */
  readonly last: Position;
  /** Offset behind the last record that counts. */
  readonly end: number;
  /** Everything up to here is known to be durable. */
  readonly proven: Position;
}

/** A segment that has a successor: all of it was durable when that was made, so all damage is corruption. */
export function judgeSealed(segment: Segment, content: SegmentContent, bounds: SegmentBounds): Verdict {
  const damages: Damage[] = [];
  const tail = content.stretches.at(-1);
  const openEnded = tail !== undefined && tail.before === undefined;
  const expected = bounds.sealed ?? (openEnded ? bounds.upTo : content.last);
  let { end } = content;
  for (const stretch of content.stretches) {
    // What a failed fsync left behind the seal is no damage: its records stand in the successor.
    const leftOver = stretch.before === undefined && stretch.after >= expected && !bounds.exact;
    // A marker among it is well-formed, and yet nobody may read that far.
    if (leftOver) end = Math.min(end, stretch.offset);
    else damages.push(corrupt(segment, stretch, expected));
  }
  if (content.last < expected && !openEnded) damages.push(cutShort(segment, content, expected));
  const last = position(Math.max(content.last, expected));
  return { damages, last, end, proven: last };
}

/**
 * The newest segment. What the markers prove to have been durable was acknowledged, and damage there is
 * corruption; damage above it is the tail of a write that a crash interrupted: torn, and cut off.
 */
export function judgeNewest(segment: Segment, content: SegmentContent): Verdict {
  const proven = position(Math.max(content.durable, segment.first - 1, 0));
  const damages: Damage[] = [];
  for (const stretch of content.stretches) {
    const onlyMarkers = stretch.before === stretch.after + 1;
    if (stretch.after < proven || onlyMarkers || stretch.unreadable) {
      damages.push(corrupt(segment, stretch, proven));
      continue;
    }
    const { offset, after } = stretch;
    const bytes = content.written - offset;
    damages.push({
      kind: "torn",
      segment: segment.name,
      offset,
      bytes,
      after,
      before: position(after + 1),
    });
    return { damages, last: position(Math.max(after, proven)), end: offset, proven };
  }
  const end = content.entriesEnd;
  if (content.last < proven && content.stretches.at(-1)?.before !== undefined) {
    damages.push(cutShort(segment, content, proven));
  }
  return { damages, last: position(Math.max(content.last, proven)), end, proven };
}

function cutShort(segment: Segment, content: SegmentContent, expected: Position): Damage {
  return {
    kind: "corrupt",
    segment: segment.name,
    offset: content.end,
    bytes: 0,
    after: content.last,
    before: position(expected + 1),
  };
}

/** A segment whose head could not be read; its records can be, since its name says the salt. */
export function headDamage(segment: Segment): Damage {
  const after = position(Math.max(0, segment.first - 1));
  return {
    kind: "corrupt",
    segment: segment.name,
    offset: 0,
    bytes: Math.min(segment.bytes, SEGMENT_HEAD),
    after,
    before: position(after + 1),
  };
}

/** A segment of which nothing can be read, if `sealed`, the last position its successor knows of, is in it. */
export function unreadable(segment: Segment, sealed: Position | undefined): Damage[] {
  const after = position(Math.max(0, segment.first - 1));
  if (sealed === undefined || sealed <= after) return [];
  const { name, bytes } = segment;
  return [{ kind: "corrupt", segment: name, offset: 0, bytes, after, before: position(sealed + 1) }];
}
