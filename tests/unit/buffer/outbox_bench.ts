/**
 * An outbox over a journal in memory, its points made of few words, and what its blocks hold.
 * @module
 */
import { gunzipSync } from "node:zlib";
import {
  type Block,
  Outbox,
  type OutboxOptions,
  type OutboxSnapshot,
  type Tally,
} from "../../../src/buffer/mod.ts";
import { encodeLine, lineContent } from "../../../src/forward/mod.ts";
import { Journal, position } from "../../../src/journal/mod.ts";
import type { Point, StreamIdentity } from "../../../src/model/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { ManualTimers, rig } from "../journal/rig.ts";

const identities: readonly StreamIdentity[] = [0, 1, 2].map((deviceIndex) => ({
  deviceIndex,
  device: `d${deviceIndex}`,
  profile: "p",
  measurement: "m",
  tags: [["device", `d${deviceIndex}`]],
}));

/** A point of one field. */
export function point(device: number, ms: number, value: number, more: Partial<Point> = {}): Point {
  const stream = identities[device];
  if (stream === undefined) throw new Error(`There is no device ${device}`);
  return {
    stream,
    fields: [{ name: "x", type: "float", value }],
    ms,
    ns: 0,
    readings: 1,
    correction: false,
    ...more,
  };
}

/** The lines of a block. */
export function linesOf(block: Block | undefined): string[] {
  return block === undefined ? [] : new TextDecoder().decode(gunzipSync(block.body)).split("\n");
}

/** A line that went to the dead letters, its device, and the readings that it accounts for. */
export type Dead = readonly [line: string, device: number, readings: number];

/** An outbox and what can be seen of it. */
export interface OutboxBench {
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly files: MemoryFiles;
  readonly timers: ManualTimers;
  readonly dead: Dead[];
  readonly lost: Tally[];
  close(): Promise<void>;
}

/** Opens one; with a snapshot, the journal is cut back to it as a start of the gateway does. */
export async function openOutbox(
  files = new MemoryFiles(),
  snapshot?: OutboxSnapshot,
  more: Partial<OutboxOptions> = {},
): Promise<OutboxBench> {
  const timers = new ManualTimers();
  const dead: Dead[] = [];
  const lost: Tally[] = [];
  const { options } = rig(files, { sync: "manual", after: timers.after, segmentBytes: 64 * 1024 });
  const journal = await Journal.open(options, position(snapshot?.low ?? 1));
  await journal.cutAfter(position(snapshot?.end ?? 0));
  const outbox = new Outbox({
    journal,
    encodeLine,
    contentOf: lineContent,
    maxPoints: 1_000,
    maxWait: 1_000,
    memoryBytes: 1 << 20,
    wall: () => 1_700_000_000_000,
    after: timers.after,
    refused: (line, device, readings) => void dead.push([line.line, device, readings]),
    lost: (tally) => void lost.push(tally),
    ...more,
  }, snapshot);
  const close = async (): Promise<void> => {
    await outbox.close();
    await journal.close();
  };
  return { outbox, journal, files, timers, dead, lost, close };
}

/** Opens one, hands it to `use`, closes it. */
export async function withOutbox(
  use: (bench: OutboxBench) => Promise<void>,
  more: Partial<OutboxOptions> = {},
): Promise<void> {
  const bench = await openOutbox(undefined, undefined, more);
  try {
    await use(bench);
  } finally {
    await bench.close();
  }
}

/** Takes every waiting block through the backlog lane, as a database that says yes. */
export async function drain(outbox: Outbox): Promise<string[][]> {
  const taken: string[][] = [];
  for (;;) {
    const block = await outbox.next("backlog");
    if (block === undefined) return taken;
    taken.push(linesOf(block));
    outbox.delivered(block.position);
  }
}
