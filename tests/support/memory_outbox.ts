import { gzipSync } from "node:zlib";
import type { Block, Lane, OutboxPort, RefusedLine } from "../../src/forward/mod.ts";

/** An outbox in memory with the order rules of the real one. */
export class MemoryOutbox implements OutboxPort {
  /** Settled positions in order. */
  readonly settled: number[] = [];
  /** Dead letters by position. */
  readonly deadLetters = new Map<number, readonly RefusedLine[]>();
  readonly #waiting = new Map<number, Block>();
  #listener: () => void = () => {};
  #next = 1;

  /** Adds a block of lines and tells the forwarder. */
  add(lines: readonly string[], options: { correction?: boolean; createdAt?: number } = {}): number {
    const text = lines.join("\n");
    const position = this.#next++;
    this.#waiting.set(position, {
      position,
      body: new Uint8Array(gzipSync(text)),
      points: lines.length,
      rawBytes: new TextEncoder().encode(text).length,
      lineBreaks: lines.some((line) => line.includes("\n")),
      correction: options.correction ?? false,
      oldest: 0,
      createdAt: options.createdAt ?? 0,
    });
    this.#listener();
    return position;
  }

  /** Takes a block away, as eviction does. */
  evict(position: number): void {
    this.#waiting.delete(position);
  }

  next(lane: Lane): Promise<Block | undefined> {
    const blocks = [...this.#waiting.values()].sort((a, b) => a.position - b.position);
    const oldest = blocks[0];
    if (lane === "backlog") return Promise.resolve(oldest);
    return Promise.resolve(blocks.findLast((block) => !block.correction && block !== oldest));
  }

  delivered(position: number): void {
    this.#waiting.delete(position);
    this.settled.push(position);
  }

  refused(position: number, lines: readonly RefusedLine[]): void {
    if (this.deadLetters.has(position)) throw new Error(`Block ${position} was refused twice`);
    this.deadLetters.set(position, lines);
  }

  onWaiting(listener: () => void): void {
    this.#listener = listener;
  }

  get waitingBlocks(): number {
    return this.#waiting.size;
  }
}
