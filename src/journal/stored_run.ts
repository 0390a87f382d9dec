import { RECORD_HEAD } from "./format.ts";
import { lastOf, unpack } from "./pack.ts";
import { type Entry, position } from "./position.ts";
import type { SegmentCipher } from "./segment_cipher.ts";
import type { Segment } from "./segments.ts";
import type { Damage } from "./trouble.ts";

/** Records of one segment, encrypted or packed, that follow one another in what a cursor gathered. */
export interface StoredRun {
  /** Where they stand. */
  readonly segment: Segment;
  /** Opens them; `undefined`: they are not encrypted. */
  readonly cipher: SegmentCipher | undefined;
  /** Index of the first of them. */
  readonly from: number;
  /** Offset in the file of each. */
  readonly offsets: number[];
}

/** Notes that the record of index `at` is encrypted or packed, in the last run or a new one. */
export function noteStored(
  runs: StoredRun[],
  { segment, cipher }: { readonly segment: Segment; readonly cipher: SegmentCipher | undefined },
  at: number,
  offset: number,
): void {
  const run = runs.at(-1);
  if (run?.segment === segment && run.from + run.offsets.length === at) run.offsets.push(offset);
  else runs.push({ segment, cipher, from: at, offsets: [offset] });
}

/**
 * Opens what is encrypted or packed. A body that is not what was written, though its crc is right, was changed by
 * someone who knew how to make a crc: it is left out, and told as damage once a segment.
 */
export async function openRuns(
  records: readonly Entry[],
  runs: readonly StoredRun[],
  damaged: (segment: Segment, damage: Damage) => Promise<void>,
): Promise<Entry[]> {
  const opened: Entry[] = [];
  let at = 0;
  for (const { segment, cipher, from, offsets } of runs) {
    for (const entry of records.slice(at, from)) opened.push(entry);
    const stored = records.slice(from, from + offsets.length);
    at = from + offsets.length;
    for (const [i, entries] of (await openStored(stored, cipher)).entries()) {
      const found = stored[i];
      if (entries !== undefined) { for (const entry of entries) opened.push(entry); }
      else if (found !== undefined && !segment.damaged) {
        segment.damaged = true;
        await damaged(segment, foreignBody(segment.name, offsets[i] ?? 0, found));
      }
    }
  }
  for (const entry of records.slice(at)) opened.push(entry);
  return opened;
}

/** The entries of each record, in order; `undefined` in the place of one that is not what was written. */
export async function openStored(
  records: readonly Entry[],
  cipher: SegmentCipher | undefined,
): Promise<(readonly Entry[] | undefined)[]> {
  const plain = cipher === undefined ? records : await cipher.openAll(records);
  return plain.map((record) => record && unpack(record));
}

/** The damage of a record whose body is not what was written. */
export function foreignBody(segment: string, offset: number, record: Entry): Damage {
  return {
    kind: "corrupt",
    segment,
    offset,
    bytes: RECORD_HEAD + record.body.length,
    after: position(record.position - 1),
    before: position(lastOf(record) + 1),
  };
}
