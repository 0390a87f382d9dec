import { RECORD_HEAD } from "./format.ts";
import { type Entry, position } from "./position.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import type { Segment } from "./segments.ts";
import type { Damage } from "./trouble.ts";

/** Entries of one encrypted segment that follow one another in what a cursor gathered. */
export interface SealedRun {
  /** Where they stand. */
  readonly segment: Segment;
  /** Opens them. */
  readonly cipher: SegmentCipher;
  /** Index of the first of them. */
  readonly from: number;
  /** Offset in the file of each. */
  readonly offsets: number[];
}

/** Notes that the entry of index `at` is encrypted, in the last run or a new one. */
export function noteSealed(
  runs: SealedRun[],
  { segment, cipher }: { readonly segment: Segment; readonly cipher: SegmentCipher | undefined },
  at: number,
  offset: number,
): void {
  if (cipher === undefined) return;
  const run = runs.at(-1);
  if (run?.segment === segment) run.offsets.push(offset);
  else runs.push({ segment, cipher, from: at, offsets: [offset] });
}

/**
 * Opens what is encrypted. A body that is not what was written, though its crc is right, was changed by someone
 * who knew how to make a crc: it is left out, and told as damage once a segment.
 */
export async function openRuns(
  entries: readonly Entry[],
  runs: readonly SealedRun[],
  damaged: (segment: Segment, damage: Damage) => Promise<void>,
): Promise<Entry[]> {
  const opened: Entry[] = [];
  let at = 0;
  for (const { segment, cipher, from, offsets } of runs) {
    for (const entry of entries.slice(at, from)) opened.push(entry);
    const sealed = entries.slice(from, from + offsets.length);
    at = from + offsets.length;
    for (const [i, entry] of (await cipher.openAll(sealed)).entries()) {
      const found = sealed[i];
      if (entry !== undefined) opened.push(entry);
      else if (found !== undefined && !segment.damaged) {
        segment.damaged = true;
        await damaged(segment, foreignBody(segment.name, offsets[i] ?? 0, found));
      }
    }
  }
  for (const entry of entries.slice(at)) opened.push(entry);
  return opened;
}

/** The damage of a record whose body is not what was written. */
export function foreignBody(segment: string, offset: number, entry: Entry): Damage {
  return {
    kind: "corrupt",
    segment,
    offset,
    bytes: RECORD_HEAD + entry.body.length,
    after: position(entry.position - 1),
    before: position(entry.position + 1),
  };
}
