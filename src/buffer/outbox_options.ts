import type { Journal } from "../journal/mod.ts";
import type { Point } from "../model/mod.ts";
import type { AccountSnapshot } from "./delivery_account.ts";
import type { CountsSnapshot, Tally } from "./outbox_counts.ts";

/** A line that the database refused. */
export interface DeadLine {
  /** Number of the point within its block, from 0. */
  readonly index: number;
  /** What was refused, in line protocol. */
  readonly line: string;
  /** No field of the point reached the database. */
  readonly whole: boolean;
  /** The server's words. */
  readonly words: string;
  /** HTTP status. */
  readonly status: number;
}

/** What a line in line protocol holds. */
export interface LineContent {
  /** Its fields. */
  readonly values: number;
  /** Sum of those that are numbers. */
  readonly sum: number;
}

/** What the outbox is made with. */
export interface OutboxOptions {
  /** A journal with `sync: "manual"`. */
  readonly journal: Journal;
  /** A point in line protocol, without the line feed. */
  readonly encodeLine: (point: Point) => string;
  /** What a line of `encodeLine` holds, or one with some of its fields. */
  readonly contentOf: (line: string) => LineContent;
  /** Lines of a block at most. */
  readonly maxPoints: number;
  /** How long a point waits for its block to fill, ms. */
  readonly maxWait: number;
  /** Bytes of waiting blocks that stay in memory alone. */
  readonly memoryBytes: number;
  /** Wall clock, ms. */
  readonly wall: () => number;
  /** Calls `fire` once after so many ms. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Takes a line that the database refused, with the number of its device and the readings it accounts for. */
  readonly refused: (line: DeadLine, device: number, readings: number) => void;
  /** Blocks that were on disk cannot be read any more. */
  readonly lost: (tally: Tally) => void;
}

/** The outbox as the checkpoint holds it. */
export interface OutboxSnapshot {
  /** Position of the newest block. */
  readonly end: number;
  /** Lowest position that is not settled. */
  readonly low: number;
  /** Settled ranges above it, flat. */
  readonly ranges: readonly number[];
  /** Where the points are. */
  readonly counts: CountsSnapshot;
  /** Which values were delivered; left out by versions that did not keep it. */
  readonly account?: AccountSnapshot;
  /** Blocks up to here were adopted: their devices are known by numbers of an earlier life. */
  readonly adoptedTo: number;
}
