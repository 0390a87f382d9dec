import { type Journal, position } from "../journal/mod.ts";
import { type AuditAction, type AuditEntry, type AuditNote, rfc3339 } from "../model/mod.ts";
import { readNewest, readRange } from "./read_range.ts";
import { encodeEntry, hashOf, NO_ENTRY, type StoredEntry } from "./stored_entry.ts";

/** Entries that wait for a disk that takes nothing; beyond it they are counted. */
const MOST_WAITING = 1_000;
/** Entries that one answer looks through. */
const MOST_READ = 5_000;
/** Entries that are read at once. */
const READ_AT_ONCE = 500;
/** What a file costs on a disk at least, bytes: a restart makes one, and most are small. */
const FILE_COSTS = 4_096;

/** Why the audit cannot be written. */
export interface AuditTrouble {
  /** The system's own words. */
  readonly detail: string;
  /** Since when, wall clock, ms. */
  readonly since: number;
  /** Entries that wait in memory. */
  readonly waiting: number;
  /** Entries that had to be dropped. */
  readonly lost: number;
}

/** What an audit is made with. */
export interface AuditOptions {
  /** Wall clock, ms. */
  readonly wall: () => number;
  /** Beyond it the oldest segments are forgotten, bytes on disk. */
  readonly maxBytes: number;
}

/** The log of who did what. CHAIN.md states its rules. */
export class Audit {
  readonly #journal: Journal;
  readonly #options: AuditOptions;
  /** Recorded and not yet durable, oldest first. */
  #waiting: StoredEntry[] = [];
  #head: { readonly sequence: number; readonly hash: string };
  #lost = 0;
  #trimming: Promise<void> | undefined;

  private constructor(journal: Journal, options: AuditOptions, newest: StoredEntry | undefined) {
    this.#journal = journal;
    this.#options = options;
    this.#head = newest ?? { sequence: 0, hash: NO_ENTRY };
    journal.onDurable((upTo) => {
      this.#waiting = this.#waiting.filter(({ sequence }) => sequence > upTo);
      this.#trimming ??= this.#trim().catch(() => {}).finally(() => this.#trimming = undefined);
    });
  }

  /**
   * Goes on behind the last entry that can be read.
   *
   * @param journal open, with `sync: "group"`; its owner closes it
   */
  static async open(journal: Journal, options: AuditOptions): Promise<Audit> {
    return new Audit(journal, options, await readNewest(journal));
  }

  /** Sequence and hash of the last entry; 0 and zeros before the first. */
  get head(): { readonly sequence: number; readonly hash: string } {
    const { sequence, hash } = this.#head;
    return { sequence, hash };
  }

  /** Bytes on disk, with what a small file costs. */
  get bytes(): number {
    return this.#journal.segments.reduce((sum, { bytes }) => sum + Math.max(bytes, FILE_COSTS), 0);
  }

  /** Why nothing can be written now; `undefined` while all is well. */
  get trouble(): AuditTrouble | undefined {
    const { trouble } = this.#journal;
    if (trouble === undefined) return undefined;
    return {
      detail: trouble.detail,
      since: trouble.since,
      waiting: this.#waiting.length,
      lost: this.#lost,
    };
  }

  /** Adds an entry; never throws. `settled` says when it is on disk. */
  record(note: AuditNote): void {
    if (this.#waiting.length >= MOST_WAITING) return void this.#lost++;
    const detail = this.#lost === 0 ? note.detail : { ...note.detail, audit_lost: this.#lost };
    // Above the head where the journal lost its last records: the gap shows in the chain.
    const sequence = this.#journal.last + 1;
    const at = rfc3339(this.#options.wall()) ?? "";
    const { action, actor, role, address, request_id, target } = note;
    const rest = { action, actor, role, address, request_id, target, detail, at, sequence };
    const entry = { ...rest, previous: this.#head.hash };
    const whole: StoredEntry = { ...entry, hash: hashOf(entry) };
    try {
      this.#journal.append(0, encodeEntry(whole));
    } catch {
      // Closed, or dead after a second failed fsync: what people do goes on, and readiness says so.
      return void this.#lost++;
    }
    this.#lost = 0;
    this.#head = whole;
    this.#waiting.push(whole);
  }

  /** Resolves when everything recorded so far is on disk, or cannot be written; never rejects. */
  async settled(): Promise<void> {
    if (this.#waiting.length === 0) return;
    // Why it cannot be written is told by the journal's events and by `trouble`.
    await this.#journal.sync().catch(() => {});
  }

  /**
   * Entries, newest first, those among them that wait for the disk.
   *
   * @param query at most `limit`, below the sequence `before`, only of `action`; `null`: no such bound
   * @returns `next` is what to pass as `before` for more; `null` at the end. It may be given with few entries or none
   */
  async entries(query: {
    readonly limit: number;
    readonly before: number | null;
    readonly action: AuditAction | null;
  }): Promise<{ readonly items: readonly AuditEntry[]; readonly next: number | null }> {
    const { limit, before, action } = query;
    const items: AuditEntry[] = [];
    const wanted = (entry: StoredEntry): boolean => action === null || entry.action === action;
    let below = before ?? Infinity;
    for (const entry of this.#waiting.toReversed()) {
      if (entry.sequence >= below) continue;
      below = entry.sequence;
      if (wanted(entry)) items.push(shown(entry));
      if (items.length === limit) return { items, next: below > this.#journal.first ? below : null };
    }
    below = Math.min(below, this.#journal.durable + 1);
    const lowest = Math.max(this.#journal.first, below - MOST_READ);
    while (below > lowest) {
      const from = Math.max(lowest, below - READ_AT_ONCE);
      const read = await readRange(this.#journal, from, below);
      for (const entry of read.toReversed()) {
        below = entry.sequence;
        if (wanted(entry)) items.push(shown(entry));
        if (items.length === limit) return { items, next: below > this.#journal.first ? below : null };
      }
      below = from;
    }
    return { items, next: below > this.#journal.first ? below : null };
  }

  async #trim(): Promise<void> {
    let over = this.bytes - this.#options.maxBytes;
    let before = 0;
    for (const { bytes, last } of this.#journal.segments.slice(0, -1)) {
      if (over <= 0) break;
      over -= Math.max(bytes, FILE_COSTS);
      before = last + 1;
    }
    if (before > 0) await this.#journal.trim(position(before));
  }
}

/** What is shown of an entry: all but the hash before, which is the next one's own. */
function shown({ previous: _, ...entry }: StoredEntry): AuditEntry {
  return entry;
}
