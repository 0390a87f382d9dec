/** Which end of the waiting blocks: `backlog` is the oldest, `fresh` the newest that may overtake. */
export type Lane = "fresh" | "backlog";

/** A sealed block of lines, ready to be sent. */
export interface Block {
  /** Number of the block in the outbox; higher is later. */
  readonly position: number;
  /** Lines joined by `\n`, gzip'd. */
  readonly body: Uint8Array;
  /** Number of lines. */
  readonly points: number;
  /** Bytes of the lines before gzip. */
  readonly rawBytes: number;
  /** A string in it may hold a line break; false: there are no others than those between lines. */
  readonly lineBreaks: boolean;
  /** Holds points that must not overtake earlier ones. */
  readonly correction: boolean;
  /** Oldest event time in it, ms. */
  readonly oldest: number;
  /** Wall clock when the block was sealed, ms. */
  readonly createdAt: number;
}

/** A line that the database refused while it was alone in a request, or that is known to be refused. */
export interface RefusedLine {
  /** Number of the point within its block, from 0. */
  readonly index: number;
  /** What was refused, in line protocol: the whole line, or the line with only its refused fields. */
  readonly line: string;
  /** No field of the point reached the database: the point counts as refused, else as delivered. */
  readonly whole: boolean;
  /** The server's words, shortened. */
  readonly words: string;
  /** HTTP status of the refusal. */
  readonly status: number;
}

/** What the forwarder needs of the outbox. */
export interface OutboxPort {
  /**
   * The block to send next. Nothing is taken out: the block waits until `delivered` names its position.
   *
   * @param lane `backlog`: the oldest waiting block; `fresh`: the newest waiting block that is neither a
   *   correction nor the backlog's. A correction is offered only when every lower position is settled
   * @returns the block, or `undefined` where the lane is empty
   */
  next(lane: Lane): Promise<Block | undefined>;
  /** The block is settled: all its lines are in the database, save those that `refused` named before. */
  delivered(position: number): void;
  /** Lines of a block that go to the dead letters. Called at most once a block, just before `delivered`. */
  refused(position: number, lines: readonly RefusedLine[]): void;
  /**
   * The database may have taken some or all of a block, and it is not settled. Left out by who does not need to know.
   */
  unclear?(position: number): void;
  /** Registers the one listener that is told when something new waits. */
  onWaiting(listener: () => void): void;
  /** Number of blocks that wait. */
  readonly waitingBlocks: number;
}
