import { type Block, BlockBuilder } from "../buffer/mod.ts";
import { encodeLine, type Lane, type OutboxPort, type RefusedLine } from "../forward/mod.ts";
import type { Point } from "../model/mod.ts";

/** A request with more than this is refused by many a proxy, characters before gzip. */
const LARGEST = 4 * 1024 * 1024;

/** What a queue is made with. */
export interface BlockQueueOptions {
  /** Lines of a block at most. */
  readonly maxPoints: number;
  /** Wall clock, ms. */
  readonly wall: () => number;
  /** Lines that the database refused. */
  readonly onRefused: (lines: readonly RefusedLine[]) => void;
  /** A block is in the database. */
  readonly onDelivered: () => void;
}

/** Blocks of a replay on their way to the database: in memory only, and strictly in order. */
export class BlockQueue implements OutboxPort {
  readonly #options: BlockQueueOptions;
  // Whatever stands twice in what is replayed must arrive in order: no block of it may overtake.
  readonly #builder = new BlockBuilder(true, encodeLine);
  readonly #blocks = new Map<number, Block>();
  #end = 0;
  #listener: () => void = () => {};

  /** Starts empty. */
  constructor(options: BlockQueueOptions) {
    this.#options = options;
  }

  /** Blocks that wait. */
  get waitingBlocks(): number {
    return this.#blocks.size;
  }

  /** Takes a point in. */
  add(point: Point): void {
    if (this.#builder.holds(point)) this.seal();
    this.#builder.add(point);
    if (this.#builder.points >= this.#options.maxPoints || this.#builder.chars >= LARGEST) this.seal();
  }

  /** Makes a block of what has collected. */
  seal(): void {
    if (this.#builder.points === 0) return;
    const block = this.#builder.seal(++this.#end, this.#options.wall());
    this.#blocks.set(block.position, block);
    this.#listener();
  }

  /** The oldest block. */
  next(lane: Lane): Promise<Block | undefined> {
    const { value } = this.#blocks.values().next();
    return Promise.resolve(lane === "backlog" ? value : undefined);
  }

  /** A block is in the database, save what was refused. */
  delivered(position: number): void {
    if (this.#blocks.delete(position)) this.#options.onDelivered();
  }

  /** Lines that the database refused. */
  refused(_position: number, lines: readonly RefusedLine[]): void {
    this.#options.onRefused(lines);
  }

  /** Calls `listener` when a block is there. */
  onWaiting(listener: () => void): void {
    this.#listener = listener;
  }
}
