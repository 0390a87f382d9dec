/**
 * What every journal test needs: options over memory files, a clock that fires on command, and readers.
 * @module
 */
import {
  type Entry,
  Journal,
  type JournalEvent,
  type JournalOptions,
  KeyRing,
  type Position,
  position,
} from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";

/** Timers that fire when the test says so. */
export class ManualTimers {
  #waiting: { ms: number; fire: () => void }[] = [];

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  readonly after = (ms: number, fire: () => void): { cancel(): void } => {
    const timer = { ms, fire };
    this.#waiting.push(timer);
    return { cancel: () => void (this.#waiting = this.#waiting.filter((other) => other !== timer)) };
  };

  /** Fires all that wait now. */
  fire(): void {
    const due = this.#waiting;
    this.#waiting = [];
    for (const { fire } of due) fire();
  }
}

/** Options, and what can be seen of the journal made with them. */
export interface Rig {
  readonly files: MemoryFiles;
  readonly timers: ManualTimers;
  readonly events: JournalEvent[];
  readonly options: JournalOptions;
}

/** How the segments of a test are written. */
export interface Way {
  /** What it is called behind a test's name. */
  readonly name: "" | ", encrypted";
  /** The keys of its journals. */
  readonly keys: KeyRing | undefined;
  /** Bytes that it adds to each body. */
  readonly tag: number;
}

/** Plain and encrypted. */
export const WAYS: readonly Way[] = [
  { name: "", keys: undefined, tag: 0 },
  { name: ", encrypted", keys: await KeyRing.of(new Uint8Array(32).fill(7)), tag: 16 },
];

let way: Way | undefined;

/** Registers a test twice: the journals of every rig that it makes are plain, then encrypted. */
export function test(sentence: string, run: (way: Way) => Promise<void>): void {
  for (const one of WAYS) {
    Deno.test(`${sentence}${one.name}`, async () => {
      way = one;
      try {
        await run(one);
      } finally {
        way = undefined;
      }
    });
  }
}

let salts = 0x1234_5678_9abcn;

/** A rig; `more` overrides options. */
export function rig(files = new MemoryFiles(), more: Partial<JournalOptions> = {}): Rig {
  const timers = new ManualTimers();
  const events: JournalEvent[] = [];
  const options: JournalOptions = {
    folder: "/j",
    files,
    segmentBytes: 1024,
    sync: "group",
    salt: () => salts = BigInt.asUintN(64, salts * 6364136223846793005n + 1442695040888963407n),
    wall: () => 1_700_000_000_000,
    after: timers.after,
    onEvent: (event) => events.push(event),
    keys: way?.keys,
    ...more,
  };
  return { files, timers, events, options };
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A body as text. */
export function text(entry: Entry | undefined): string | undefined {
  return entry === undefined ? undefined : new TextDecoder().decode(entry.body);
}

/** Everything that can be read from `from` on. */
export async function readAll(
  journal: Journal,
  from: Position = position(1),
  maxBytes = 200,
): Promise<Entry[]> {
  const cursor = journal.read(from);
  const all: Entry[] = [];
  try {
    for (;;) {
      const some = await cursor.next(maxBytes);
      if (some.length === 0) return all;
      all.push(...some);
    }
  } finally {
    cursor.close();
  }
}

/** Positions and bodies, for comparison. */
export function shown(entries: readonly Entry[]): string[] {
  return entries.map((entry) => `${entry.position}:${entry.flags}:${text(entry)}`);
}

/** Appends one group: some records that go down together. Returns when they are durable. */
export async function group(journal: Journal, ...bodies: string[]): Promise<void> {
  for (const body of bodies) journal.append(body.length % 128, bytes(body));
  await journal.sync();
}

/** Waits until `condition` holds, giving the event loop turns; says `what` when it gives up. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  throw new Error(`Gave up waiting: ${what()}`);
}

/** Opens, hands the journal to `use`, closes. */
export async function withJournal<T>(
  options: JournalOptions,
  use: (journal: Journal) => Promise<T>,
  from?: Position,
): Promise<T> {
  const journal = await Journal.open(options, from);
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
}
