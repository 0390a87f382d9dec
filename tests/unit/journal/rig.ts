/**
 * What every journal test needs: options over memory files, a clock that fires on command, and readers.
 * @module
 */
import { crc32 } from "node:zlib";
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
  readonly name: "" | ", encrypted" | ", recycled";
  /** The keys of its journals. */
  readonly keys: KeyRing | undefined;
  /** Bytes that it adds to each body. */
  readonly tag: number;
  /** Files of trimmed segments become segments again, and one waits in the folder of each rig. */
  readonly recycle: boolean;
}

/** Plain, encrypted, and over the bytes of a former segment. */
export const WAYS: readonly Way[] = [
  { name: "", keys: undefined, tag: 0, recycle: false },
  { name: ", encrypted", keys: await KeyRing.of(new Uint8Array(32).fill(7)), tag: 16, recycle: false },
  { name: ", recycled", keys: undefined, tag: 0, recycle: true },
];

let way: Way | undefined;

/** Registers a test three times: the journals of every rig that it makes are plain, then encrypted, then recycled. */
export function test(sentence: string, run: (way: Way) => Promise<void>, ways = WAYS): void {
  for (const one of ways) {
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

/** The crc of a salt that no rig gives. */
const FORMER_SALT = crc32(new Uint8Array(8).fill(0xee));

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
    recycle: way?.recycle ?? false,
    ...more,
  };
  // Only where there is nothing yet: what a test has put there is its own.
  if (options.recycle === true && files.paths().length === 0) {
    files.put(`${options.folder}/spare.tmp`, formerLife(options.segmentBytes));
  }
  return { files, timers, events, options };
}

/** What a trimmed segment has left: records that were valid once, under another salt, cut where the file ends. */
export function formerLife(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (let at = 72, position = 1; at + 40 <= length; at += 40, position++) {
    view.setUint32(at, 23, true);
    view.setBigUint64(at + 8, BigInt(position), true);
    bytes.fill(65 + position % 26, at + 17, at + 40);
    view.setUint32(at + 4, crc32(bytes.subarray(at + 8, at + 40), FORMER_SALT), true);
  }
  return bytes;
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
