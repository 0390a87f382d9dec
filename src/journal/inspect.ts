import type { FolderReader } from "./file_port.ts";
import { headDamage, judgeNewest, judgeSealed } from "./judge.ts";
import { cipherOf, type KeyRing } from "./key_ring.ts";
import type { SegmentInfo } from "./options.ts";
import { lastOf } from "./pack.ts";
import { type Entry, type Position, position } from "./position.ts";
import { partUnreadable } from "./readable_segments.ts";
import { foreignBody, openStored } from "./stored_run.ts";
import { scanSegment, type SegmentContent } from "./scan_segment.ts";
import { boundsOf, findSegments } from "./segment_files.ts";
import { ASIDE } from "./set_aside.ts";
import { codeOf, type Damage } from "./trouble.ts";

/** What {@link readFolder} comes upon, in journal order. */
export type FolderItem =
  /** A segment begins. `sealed`: a successor says where it ends; the newest may still be written. */
  | {
    readonly kind: "segment";
    readonly info: SegmentInfo;
    readonly entries: number;
    readonly durable: Position;
    readonly sealed: boolean;
  }
  /** A record of it. `sealed`: its body is encrypted, and the key is not at hand. */
  | { readonly kind: "entry"; readonly segment: string; readonly entry: Entry; readonly sealed: boolean }
  /** Something in it cannot be read. Torn: not acknowledged; beside a running gateway, a write in progress. */
  | { readonly kind: "damage"; readonly damage: Damage }
  /** A file that was set aside. */
  | { readonly kind: "set_aside"; readonly name: string; readonly bytes: number };

/**
 * Reads a journal's folder without changing anything, also beside the process that writes it. Memory is bounded
 * by one segment.
 *
 * @param keys open what is encrypted with them; other bodies are left as they are
 * @param from segments of which every position is lower are left out
 * @throws JournalError `future_version`, or what the disk said
 */
export async function* readFolder(
  files: FolderReader,
  folder: string,
  keys?: KeyRing,
  from: Position = position(0),
): AsyncIterable<FolderItem> {
  const { readable: found, unreadable } = await partUnreadable(
    files,
    folder,
    await findSegments(files, folder),
  );
  for (const { damages } of unreadable) for (const damage of damages) yield { kind: "damage", damage };
  for (const [at, one] of found.entries()) {
    const next = found[at + 1];
    if (next !== undefined && next.segment.first <= from) continue;
    const { segment, seal } = one;
    const bounds = boundsOf(one, next);
    const entries: Entry[] = [];
    const offsets: number[] = [];
    const content = await unlessTrimmed(scanSegment(files, folder, segment, bounds, (entry, offset) => {
      entries.push(entry);
      offsets.push(offset);
    }));
    if (content === undefined) continue;
    const verdict = next === undefined
      ? judgeNewest(segment, content)
      : judgeSealed(segment, content, bounds);
    // A file that became another segment while it was read shows damage that is none.
    if (verdict.damages.length > 0 && await isGone(files, folder, segment.name)) continue;
    const { name, first, bytes, createdAt, key } = segment;
    const info: SegmentInfo = { name, first, last: verdict.last, bytes, createdAt, key };
    const counted = entries.filter((entry) => entry.position <= verdict.last);
    yield {
      kind: "segment",
      info,
      entries: counted.reduce((sum, entry) => sum + lastOf(entry) - entry.position + 1, 0),
      durable: content.durable,
      sealed: next !== undefined,
    };
    const damages = seal === undefined ? [headDamage(segment), ...verdict.damages] : [...verdict.damages];
    const sealed = key !== undefined && keys?.has(key) !== true;
    const cipher = sealed ? undefined : await cipherOf(keys, segment);
    // Without the key a packed record stays one.
    const opened = sealed ? counted.map((entry) => [entry]) : await openStored(counted, cipher);
    for (const [i, stored] of counted.entries()) {
      for (let damage = damages[0]; damage !== undefined && damage.after < stored.position;) {
        yield { kind: "damage", damage };
        damages.shift();
        damage = damages[0];
      }
      const found = opened[i];
      for (const entry of found ?? []) yield { kind: "entry", segment: name, entry, sealed };
      if (found === undefined) yield { kind: "damage", damage: foreignBody(name, offsets[i] ?? 0, stored) };
    }
    for (const damage of damages) yield { kind: "damage", damage };
  }
  for (const { name, bytes } of await files.list(folder)) {
    if (name.endsWith(ASIDE)) yield { kind: "set_aside", name, bytes };
  }
}

/** What the scan found, or `undefined` where the file was trimmed between the listing and this. */
async function unlessTrimmed(scan: Promise<SegmentContent>): Promise<SegmentContent | undefined> {
  try {
    return await scan;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether a segment was trimmed since it was found. */
async function isGone(files: FolderReader, folder: string, name: string): Promise<boolean> {
  return !(await files.list(folder)).some((file) => file.name === name);
}
