import { headDamage, judgeNewest, judgeSealed, type Verdict } from "./judge.ts";
import type { JournalOptions, RecoveryReport } from "./options.ts";
import { noKey } from "./key_ring.ts";
import { keysMissing } from "./missing_keys.ts";
import { type Position, position } from "./position.ts";
import { partUnreadable } from "./readable_segments.ts";
import { COPY, rewriteTail, SyncFailed } from "./rewrite_tail.ts";
import { scanSegment } from "./scan_segment.ts";
import { boundsOf, findSegments, type FoundSegment } from "./segment_files.ts";
import { type Segment, SegmentList } from "./segments.ts";
import { keepAside, moveAside, moveAway } from "./set_aside.ts";
import { Spare } from "./spare.ts";
import { type Damage, JournalError, type JournalEvent, wordsOf } from "./trouble.ts";

/** A journal as recovery leaves it. */
export interface Recovered {
  /** Its segments; all of them are finished, new records go into a new one. */
  readonly segments: SegmentList;
  /** Number for the next segment. */
  readonly nextNumber: number;
  /** What was found. */
  readonly report: RecoveryReport;
}

type Options = Pick<
  JournalOptions,
  "folder" | "files" | "segmentBytes" | "recycle" | "salt" | "wall" | "keys" | "onEvent"
>;

/**
 * Reads a journal's folder from the segment on that holds `from`, judges damage, cuts a torn tail off and
 * makes what survives durable. Memory does not depend on the journal's size.
 *
 * @throws JournalError `future_version`, `no_key`, or `unreadable` where the folder or the tail cannot be read at all
 */
export async function recover(options: Options, from: Position): Promise<Recovered> {
  try {
    return await new Recovery(options).run(from);
  } catch (cause) {
    if (cause instanceof JournalError) throw cause;
    throw new JournalError("unreadable", `Journal folder "${options.folder}" failed: ${wordsOf(cause)}`, {
      cause,
    });
  }
}

class Recovery {
  readonly #options: Options;
  readonly #kept: Segment[] = [];
  readonly #damages: Damage[] = [];
  readonly #setAside: string[] = [];
  readonly #stillborn: string[] = [];
  #tornBytes = 0;
  #proven = position(0);
  #nextNumber = 1;

  constructor(options: Options) {
    this.#options = options;
  }

  async run(from: Position): Promise<Recovered> {
    const { files, folder, keys } = this.#options;
    await files.makeFolder(folder);
    // What a crash left of a copy; the original is still there.
    await files.remove(`${folder}/${COPY}`).catch(() => {});
    const all = await findSegments(files, folder);
    const missing = keysMissing(all, keys);
    if (missing.length > 0) throw noKey(`Journal "${folder}"`, missing);
    this.#nextNumber = (all.at(-1)?.segment.number ?? 0) + 1;
    const found = await this.#readable(all);
    const start = Math.max(0, found.findLastIndex(({ segment }) => segment.first <= from));
    for (const [at, one] of found.entries()) {
      const next = found[at + 1];
      if (at < start) this.#pass(one, next);
      else await this.#read(one, next);
    }
    await this.#secure();
    const newest = this.#kept.at(-1);
    const last = position(Math.max(newest?.last ?? 0, from - 1, 0));
    const { tornBytes, first } = { tornBytes: this.#tornBytes, first: this.#kept[0]?.first };
    const report: RecoveryReport = {
      first: first ?? position(last + 1),
      last,
      tornBytes,
      damages: this.#damages,
      setAside: this.#setAside,
    };
    const segments = new SegmentList(this.#kept, await this.#spare());
    for (const name of this.#stillborn) segments.stillborn.add(name);
    return { segments, nextNumber: this.#nextNumber, report };
  }

  async #spare(): Promise<Spare | undefined> {
    const { files, folder, recycle = false } = this.#options;
    if (recycle) return await Spare.open(this.#options);
    await Spare.remove(files, folder);
    return undefined;
  }

  /** A segment that nobody will read from `from` on: its successor says enough about it. */
  #pass(one: FoundSegment, next: FoundSegment | undefined): void {
    const { upTo, end, sealed } = boundsOf(one, next);
    const { segment } = one;
    segment.last = sealed !== undefined && sealed >= segment.first && sealed <= upTo ? sealed : upTo;
    segment.end = segment.readable = end;
    this.#kept.push(segment);
  }

  async #readable(all: readonly FoundSegment[]): Promise<FoundSegment[]> {
    const { files, folder } = this.#options;
    const { readable, unreadable } = await partUnreadable(files, folder, all);
    for (const { segment, unborn, damages } of unreadable) {
      if (unborn) this.#tornBytes += segment.bytes;
      this.#note(damages);
      await moveAside(files, folder, segment, (event) => this.#tell(event));
    }
    return readable;
  }

  async #read(one: FoundSegment, next: FoundSegment | undefined): Promise<void> {
    const { segment, seal } = one;
    const { files, folder } = this.#options;
    const bounds = boundsOf(one, next);
    const content = await scanSegment(files, folder, segment, bounds);
    const verdict = next === undefined
      ? judgeNewest(segment, content)
      : judgeSealed(segment, content, bounds);
    if (content.entries === 0 && seal !== undefined && next?.segment.first === segment.first) {
      // A later segment took its place before anything in it counted (J14).
      return await files.remove(`${folder}/${segment.name}`);
    }
    await this.#keep(segment, verdict, seal === undefined);
  }

  async #keep(segment: Segment, verdict: Verdict, headDamaged: boolean): Promise<void> {
    const damages = headDamaged ? [headDamage(segment), ...verdict.damages] : verdict.damages;
    this.#proven = verdict.proven;
    segment.last = verdict.last;
    segment.end = segment.readable = verdict.end;
    segment.index.cut(verdict.end);
    this.#kept.push(segment);
    this.#note(damages);
    if (damages.some(({ kind }) => kind === "corrupt")) {
      const { files, folder } = this.#options;
      await keepAside(files, folder, segment, (event) => this.#tell(event));
    }
  }

  /** Cuts the torn tail off and makes durable what no marker proves to be (J10). */
  async #secure(): Promise<void> {
    const { files, folder } = this.#options;
    const newest = this.#kept.at(-1);
    if (newest !== undefined) {
      if (this.#damages.at(-1)?.kind === "torn") await this.#cut(`${folder}/${newest.name}`, newest);
      if (newest.last > this.#proven) await this.#rewrite(newest);
      else await this.#sync(newest);
    }
    await files.syncFolder(folder);
  }

  async #sync(segment: Segment): Promise<void> {
    const { files, folder } = this.#options;
    const file = await files.open(`${folder}/${segment.name}`, "read");
    try {
      await file.syncData();
    } finally {
      file.close();
    }
  }

  async #rewrite(newest: Segment): Promise<void> {
    const after = new SegmentList(this.#kept.slice(0, -1)).lastEntry;
    let copy: Segment;
    try {
      copy = await rewriteTail(this.#options, newest, this.#proven, { number: this.#nextNumber, after });
    } catch (error) {
      if (error instanceof SyncFailed) throw error;
      // No space for a copy: an fdatasync of the file itself is the best that can be had.
      return await this.#sync(newest);
    }
    this.#nextNumber++;
    if (newest.last < newest.first) {
      this.#kept.pop();
      await this.#takeAway(newest);
    }
    this.#kept.push(copy);
  }

  /** Takes a segment away of which nothing counts any more. Where the disk refuses, the copy counts all the same. */
  async #takeAway(segment: Segment): Promise<void> {
    const { files, folder } = this.#options;
    try {
      await moveAway(files, folder, segment, (event) => this.#tell(event));
    } catch {
      if (!segment.damaged || segment.aside) this.#stillborn.push(segment.name);
    }
  }

  async #cut(path: string, segment: Segment): Promise<void> {
    try {
      const file = await this.#options.files.open(path, "append");
      try {
        await file.truncate(segment.end);
        segment.bytes = segment.end;
      } finally {
        file.close();
      }
    } catch {
      // A disk that refuses to cut (read-only, say): the next segment's seal says where this one ends.
    }
  }

  #note(damages: readonly Damage[]): void {
    for (const damage of damages) {
      this.#damages.push(damage);
      if (damage.kind === "torn") this.#tornBytes += damage.bytes;
      this.#tell({ kind: damage.kind, damage });
    }
  }

  #tell(event: JournalEvent): void {
    if (event.kind === "set_aside") this.#setAside.push(event.as);
    this.#options.onEvent?.(event);
  }
}
