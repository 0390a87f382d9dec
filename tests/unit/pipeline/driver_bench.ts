/**
 * A driver over an inbox in memory and a clock that stands still: what it does, in the order in which it does it.
 * @module
 */
import type { Command, InboxContent, InboxRecord, Rules } from "../../../src/model/mod.ts";
import {
  type Checkpoint,
  CheckpointStore,
  Driver,
  type DriverInbox,
  River,
  type TrimMark,
} from "../../../src/pipeline/mod.ts";
import type { Batch } from "../../../src/pipeline/replay.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { messageOf, Output, START } from "./river_bench.ts";

/** An inbox whose records are durable when the test says so. */
export class FakeInbox implements DriverInbox {
  /** Everything appended. */
  readonly records: InboxRecord[] = [];
  writable = true;
  appendedBytes = 0;
  /** Positions that damage has taken: a replay does not see them. */
  readonly lost = new Set<number>();
  #durable = 0;
  #taken = 0;
  #listener: () => void = () => {};

  constructor(readonly elapsed: () => number) {}

  get last(): number {
    return this.records.length;
  }

  /** A device reports. */
  report(t: number, bytes = 100): void {
    const now = START + this.elapsed();
    this.#append({ kind: "message", message: messageOf("plant/d1", JSON.stringify({ ts: now, t })) }, bytes);
  }

  tick(): number {
    return this.#append({ kind: "tick" }, 17);
  }

  command(command: Command): number {
    return this.#append({ kind: "command", command }, 100);
  }

  rules(rules: Rules): number {
    return this.#append({ kind: "rules", rules }, 500);
  }

  /** The fsync of everything appended returns. */
  sync(): void {
    this.#durable = this.records.length;
    this.#listener();
  }

  take(): readonly InboxRecord[] {
    const taken = this.records.slice(this.#taken, this.#durable);
    this.#taken = this.#durable;
    return taken;
  }

  onDurable(listener: () => void): void {
    this.#listener = listener;
  }

  async *replay(from: number, to: number): AsyncGenerator<Batch> {
    for (let at = from; at <= to; at += 2) {
      const wanted = this.records.slice(at - 1, Math.min(at + 1, to));
      const records = wanted.filter(({ position }) => !this.lost.has(position));
      yield await Promise.resolve({ records, lost: wanted.length - records.length });
    }
    this.#taken = this.#durable = Math.max(this.#taken, to);
  }

  /** Kinds of the records, in order. */
  get kinds(): string[] {
    return this.records.map(({ content }) => content.kind);
  }

  #append(content: InboxContent, bytes: number): number {
    const stamp = { receivedAt: START + this.elapsed(), elapsed: this.elapsed(), implausible: false };
    this.appendedBytes += bytes;
    return this.records.push({ position: this.records.length + 1, stamp, content });
  }
}

/** What stands in the checkpoint beside the river. */
export interface FakeBanks {
  readonly points: number;
}

/** A driver and everything that can be seen of it. */
export class DriverBench {
  readonly clock = new ManualClock(START);
  readonly time = ((clock) => ({
    elapsed: 0,
    running: true,
    get wall(): number {
      return clock.wall();
    },
  }))(this.clock);
  readonly inbox = new FakeInbox(() => this.time.elapsed);
  readonly out = new Output();
  /** What happened, in order: `sync`, `taken`, `failed`, `trim 3 7`, `fatal`. */
  readonly events: string[] = [];
  readonly store: CheckpointStore<Checkpoint<FakeBanks>>;
  readonly driver: Driver<FakeBanks>;
  /** Thrown by the next syncs of the banks. */
  syncFails: Error | undefined;
  /** Called with each point before it counts; may throw. */
  onPoint: (value: unknown) => void = () => {};
  /** Called with each command that was taken in; may throw. */
  onCommand: () => void = () => {};

  constructor(
    readonly rules: Rules,
    options: {
      readonly every?: { readonly afterBytes: number; readonly atMost: number };
      readonly files?: MemoryFiles;
      readonly river?: River;
      readonly newest?: Checkpoint<FakeBanks>;
    } = {},
  ) {
    this.store = new CheckpointStore(options.files ?? new MemoryFiles(), "/c");
    const { out } = this;
    this.driver = new Driver<FakeBanks>(
      {
        version: "1",
        inbox: this.inbox,
        store: this.store,
        time: this.time,
        every: options.every ?? { afterBytes: 1 << 20, atMost: 300_000 },
        after: (ms, fire) => this.clock.after(ms, fire),
        onFatal: (error) => this.events.push(`fatal ${error instanceof Error ? error.message : error}`),
        onCheckpoint: (result) => this.events.push("bytes" in result ? "taken" : "failed"),
        banks: {
          output: {
            point: (point) => {
              this.onPoint(point.fields[0]?.value);
              out.point(point);
            },
            refused: (refused) => out.refused(refused),
            alert: (event) => out.alert(event),
            commanded: (position, result) => {
              this.onCommand();
              out.commanded(position, result);
            },
          },
          snapshot: () => ({ points: out.points.length }),
          sync: () => {
            this.events.push("sync");
            return this.syncFails === undefined ? Promise.resolve() : Promise.reject(this.syncFails);
          },
          mark: ({ river, banks }): TrimMark => ({ inbox: river.position + 1, outbox: banks.points }),
          trim: ({ inbox, outbox }) => {
            this.events.push(`trim ${inbox} ${outbox}`);
            return Promise.resolve();
          },
        },
      },
      options.river ?? new River(rules),
      options.newest,
    );
  }

  /** A report that is durable at once. */
  report(t: number, bytes?: number): void {
    this.inbox.report(t, bytes);
    this.inbox.sync();
  }

  /** Time passes; whatever was appended meanwhile becomes durable. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      const step = Math.min(100, left);
      if (this.time.running) this.time.elapsed += step;
      this.clock.advance(step);
      this.inbox.sync();
    }
  }

  /** Lets promises that are under way settle. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
  }

  /** The events since the last call. */
  take(): string[] {
    return this.events.splice(0);
  }
}
