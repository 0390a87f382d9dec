import type { Timer } from "../clock.ts";
import type { InboxRecord, Rules } from "../model/mod.ts";
import type { CheckpointStore } from "./checkpoint_store.ts";
import type { Batch } from "./replay.ts";
import type { RiverOutput } from "./river.ts";
import type { RiverSnapshot } from "./snapshot.ts";

/** What the driver needs of the inbox. */
export interface DriverInbox {
  /** The durable records that nobody has taken yet, in journal order. */
  take(): readonly InboxRecord[];
  /** Calls `listener` whenever records have become durable. */
  onDurable(listener: () => void): void;
  /** Appends that time has passed; returns the position. */
  tick(): number;
  /** Appends that other rules are in force from here on; returns the position. */
  rules(rules: Rules): number;
  /** What the inbox held when it was opened, both positions included. */
  replay(from: number, to: number): AsyncIterable<Batch>;
  /** Position of the newest record. */
  readonly last: number;
  /** Bytes appended since the inbox was opened. */
  readonly appendedBytes: number;
  /** Whether records may be appended now. */
  readonly writable: boolean;
}

/** What the driver needs of everything else whose state belongs into the checkpoint. */
export interface DriverBanks<Banks> {
  /** Takes what the river makes. */
  readonly output: RiverOutput;
  /** State at this moment, in this turn; still shared. */
  snapshot(): Banks;
  /** What the snapshot refers to is on disk when this resolves. */
  sync(): Promise<void>;
  /** What a checkpoint still needs. */
  mark(checkpoint: Checkpoint<Banks>): TrimMark;
  /** Forgets whatever lies before the mark of the older checkpoint. */
  trim(older: TrimMark): Promise<void>;
}

/** What a checkpoint still needs of the journals. */
export interface TrimMark {
  /** First position of the inbox that it would replay. */
  readonly inbox: number;
  /** Lowest position of the outbox that still waited. */
  readonly outbox: number;
}

/** What a checkpoint holds. */
export interface Checkpoint<Banks> {
  /** Version of the gateway that wrote it. */
  readonly version: string;
  /** The whole state of the river. */
  readonly river: RiverSnapshot;
  /** State of everything beside the river. */
  readonly banks: Banks;
}

/** What the driver is made with. */
export interface DriverOptions<Banks> {
  /** Version of this gateway, for the checkpoints. */
  readonly version: string;
  /** Where the records come from. */
  readonly inbox: DriverInbox;
  /** Where the output goes, and the rest of the checkpoint. */
  readonly banks: DriverBanks<Banks>;
  /** Where the checkpoints are. */
  readonly store: CheckpointStore<Checkpoint<Banks>>;
  /** Calls `fire` once after so many ms. */
  readonly after: (ms: number, fire: () => void) => Timer;
  /** Journal time and wall clock now, ms, and whether journal time runs. */
  readonly time: { readonly elapsed: number; readonly running: boolean; readonly wall: number };
  /** Take a checkpoint after so many bytes of inbox, and so long after a change (ms). */
  readonly every: { readonly afterBytes: number; readonly atMost: number };
  /** A stage failed after state was touched: the process must end and replay. */
  readonly onFatal: (error: unknown) => void;
  /** A checkpoint was taken, or could not be. */
  readonly onCheckpoint: (result: { bytes: number } | { error: unknown }) => void;
}
