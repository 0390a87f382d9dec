/**
 * A journal with tiny segments on files in memory, beside a list that says what it has to hold.
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Damage,
  Journal,
  JournalError,
  type JournalOptions,
  type KeyRing,
  position,
} from "../../src/journal/mod.ts";
import { type Fault, FileError, MemoryFiles, someSectors } from "../support/memory_files.ts";

/** One thing that its owner, or fate, does. */
export type Step =
  | { readonly kind: "append"; readonly sizes: readonly number[]; readonly gap: number }
  | { readonly kind: "sync" | "write" | "read" | "retry" | "reopen" | "kill" }
  | { readonly kind: "cut"; readonly back: number }
  | { readonly kind: "trim"; readonly back: number }
  | { readonly kind: "power_cut"; readonly luck: number; readonly names: boolean };

/** How a journal is written. */
export interface Kind {
  readonly sync: "group" | "manual";
  readonly keys: KeyRing | undefined;
  /** What goes down together becomes one record. */
  readonly pack?: boolean;
  /** Files of trimmed segments become segments again. */
  readonly recycle?: boolean;
}

let salt = 1n;

/** The journal of one process after the other, and what it has to hold. */
export class JournalWorld {
  files: MemoryFiles;
  /** How the disk fails; calls are numbered over all processes. */
  fault: Fault | undefined;
  /** Bodies by position: whatever may be found. */
  readonly appended = new Map<number, string>();
  /** Positions that must be found: they were acknowledged, and nobody gave them up. */
  readonly owed = new Set<number>();
  last = 0;
  /** The disk refused to read something: what a journal tells as damaged then, it need not find. */
  unreadable = false;
  readonly #kind: Kind;
  #journal: Journal | undefined;
  readonly #timers = new Set<() => void>();
  /** Stretches that could not be read, told since the last look. */
  #told: Damage[] = [];

  /** Calls of the disks before this one. */
  #before = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
    this.files = this.#failing(new MemoryFiles());
  }

  /** Calls of the disk so far. */
  get operations(): number {
    return this.#before + this.files.operations;
  }

  #failing(files: MemoryFiles): MemoryFiles {
    files.fault = (operation, path, number) => this.fault?.(operation, path, this.#before + number);
    return files;
  }

  /** The journal of the process that runs; `undefined`: none could start. */
  get journal(): Journal | undefined {
    return this.#journal;
  }

  /**
   * Does a step; where the disk refuses it, a restart follows if its owner would not go on.
   *
   * @returns whether the disk let it happen
   */
  async take(step: Step): Promise<boolean> {
    try {
      if (this.#journal === undefined) await this.restart(this.files);
      await this.#do(step);
      return true;
    } catch (error) {
      assert(error instanceof JournalError || error instanceof FileError, String(error));
      const fatal = error instanceof JournalError && error.reason === "fatal";
      if (fatal || !GOES_ON.has(step.kind)) await this.#die();
      return false;
    } finally {
      this.#note();
    }
  }

  /** A process begins with these files; what it finds is held against the list. */
  async restart(files: MemoryFiles): Promise<void> {
    await this.#die();
    if (files !== this.files) {
      this.#before = this.operations;
      this.files = this.#failing(files);
    }
    this.unreadable = false;
    this.#told = [];
    const journal = await Journal.open(this.#options());
    this.#journal = journal;
    const found = await this.#read(journal, 1);
    if (!this.unreadable) assertEquals(this.#told, [], "damage that nobody did");
    const lost = (at: number): boolean => this.#isTold(at);
    for (const at of this.owed) {
      assert(found.has(at) || lost(at), `position ${at} was acknowledged, and is not there`);
    }
    for (const [at, body] of found) {
      assertEquals(body, this.appended.get(at), `position ${at} is not what was appended`);
    }
    // What was not acknowledged survives as a prefix: none is missing between two that are there.
    const first = Math.min(...found.keys());
    const expected = [...this.appended.keys()].filter((at) => at >= first && !lost(at)).sort((a, b) => a - b);
    assertEquals([...found.keys()].filter((at) => !lost(at)), expected.slice(0, found.size));
    for (const at of this.appended.keys()) if (!found.has(at) && !lost(at)) this.appended.delete(at);
    this.owed.clear();
    for (const at of found.keys()) this.owed.add(at);
    this.last = journal.last;
  }

  /** The process ends, whatever the disk says. */
  async #die(): Promise<void> {
    await this.#journal?.close().catch(() => {});
    this.#journal = undefined;
    this.#timers.clear();
  }

  async #do(step: Step): Promise<void> {
    const journal = this.#journal;
    if (journal === undefined) return;
    switch (step.kind) {
      case "append":
        for (const [index, size] of step.sizes.entries()) {
          const at = this.last + 1 + (index === 0 ? step.gap : 0);
          const body = String(at).padEnd(size, "abc");
          journal.append(index, new TextEncoder().encode(body), position(at));
          this.appended.set(at, body);
          this.last = at;
        }
        return;
      case "sync":
        return await journal.sync();
      case "write":
        return await journal.write();
      case "retry":
        for (const fire of [...this.#timers]) fire();
        return;
      case "read": {
        const upTo = this.#kind.sync === "group" ? journal.durable : journal.written;
        this.#told = [];
        const found = await this.#read(journal, 1);
        for (const [at, body] of this.appended) {
          if (at > upTo || at < journal.first || this.#isTold(at) || !this.owed.has(at)) continue;
          assertEquals(found.get(at), body, `position ${at} can be read`);
        }
        return;
      }
      case "reopen":
        await journal.close();
        await this.restart(this.files);
        // What was closed in peace ends clean, whatever bytes of an earlier life follow.
        if (this.fault === undefined) assertEquals(this.#journal?.recovery.tornBytes, 0);
        return;
      case "kill":
        return await this.restart(this.files.afterKill());
      case "power_cut":
        return await this.restart(
          this.files.afterPowerCut(someSectors(step.luck), step.names ? "all" : "synced"),
        );
      case "cut": {
        if (this.#kind.pack === true) {
          await assertRejects(() => journal.cutAfter(position(0)), TypeError);
          return;
        }
        const border = Math.max(0, this.last - step.back);
        for (const at of [...this.owed]) if (at > border) this.owed.delete(at);
        await journal.cutAfter(position(border));
        for (const at of [...this.appended.keys()]) if (at > border) this.appended.delete(at);
        this.last = border;
        return;
      }
      case "trim": {
        const before = Math.max(0, journal.durable - step.back);
        for (const at of [...this.owed]) if (at < before) this.owed.delete(at);
        await journal.trim(position(before));
      }
    }
  }

  /** Whether the journal has said that a position cannot be read. */
  #isTold(at: number): boolean {
    return this.#told.some(({ after, before }) => at > after && at < before);
  }

  /** What is durable now is owed. */
  #note(): void {
    const { journal } = this;
    if (journal === undefined) return;
    for (const at of this.appended.keys()) {
      if (at <= Math.min(this.last, journal.durable) && at >= journal.first) this.owed.add(at);
    }
  }

  async #read(journal: Journal, from: number): Promise<Map<number, string>> {
    const cursor = journal.read(position(from));
    const found = new Map<number, string>();
    try {
      for (;;) {
        const some = await cursor.next(150);
        if (some.length === 0) return found;
        for (const entry of some) {
          assert(!found.has(entry.position), `position ${entry.position} came twice`);
          found.set(entry.position, new TextDecoder().decode(entry.body));
        }
      }
    } finally {
      cursor.close();
    }
  }

  #options(): JournalOptions {
    return {
      folder: "/j",
      files: this.files,
      segmentBytes: 400,
      ...this.#kind,
      salt: () => salt = BigInt.asUintN(64, salt * 6364136223846793005n + 1442695040888963407n),
      wall: () => 1_000,
      after: (_ms, fire) => {
        this.#timers.add(fire);
        return { cancel: () => void this.#timers.delete(fire) };
      },
      onEvent: (event) => {
        if (event.kind === "corrupt") this.#told.push(event.damage);
      },
    };
  }
}

/** Steps behind whose refusal the owner goes on; behind any other it begins anew. */
const GOES_ON: ReadonlySet<Step["kind"]> = new Set<Step["kind"]>([
  "append",
  "sync",
  "write",
  "retry",
  "read",
  "trim",
]);
