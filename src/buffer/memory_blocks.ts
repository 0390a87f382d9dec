import type { Block } from "./block.ts";

interface Kept {
  readonly block: Block;
  /** It was handed to the journal as well. */
  spilled: boolean;
}

/** Waiting blocks in memory, in order of their positions. */
export class MemoryBlocks {
  readonly #kept = new Map<number, Kept>();
  #bytes = 0;
  #unspilled = 0;

  /** Bytes of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of those that are only here. */
  get unspilledBytes(): number {
    return this.#unspilled;
  }

  /** Bytes of those that are not in a file yet: only here, or handed to the journal beyond `written`. */
  unwrittenBytes(written: number): number {
    let bytes = 0;
    for (const [position, { block, spilled }] of this.#kept) {
      if (!spilled || position > written) bytes += block.body.length;
    }
    return bytes;
  }

  /** Lowest position in memory; Infinity: none. */
  get oldest(): number {
    for (const position of this.#kept.keys()) return position;
    return Infinity;
  }

  /** Adds a block, higher than all before. */
  add(block: Block): void {
    this.#kept.set(block.position, { block, spilled: false });
    this.#bytes += block.body.length;
    this.#unspilled += block.body.length;
  }

  /** A block, if it is in memory. */
  get(position: number): Block | undefined {
    return this.#kept.get(position)?.block;
  }

  /** The newest block that may overtake: no correction, and not the one at `low`. */
  newest(low: number): Block | undefined {
    let found: Block | undefined;
    for (const { block } of this.#kept.values()) {
      if (!block.correction && block.position !== low) found = block;
    }
    return found;
  }

  /** Hands the oldest that are only here to `spill`, until at most `target` bytes are. */
  spill(target: number, spill: (block: Block) => void): void {
    if (this.#unspilled <= target) return;
    for (const kept of this.#kept.values()) {
      if (kept.spilled) continue;
      spill(kept.block);
      kept.spilled = true;
      this.#unspilled -= kept.block.body.length;
      if (this.#unspilled <= target) return;
    }
  }

  /** Lets go of the oldest that are on disk up to `written`, until at most `target` bytes are left. */
  release(target: number, written: number): void {
    for (const [position, kept] of this.#kept) {
      if (this.#bytes <= target || position > written || !kept.spilled) return;
      this.remove(position);
    }
  }

  /** Lets go of a block. */
  remove(position: number): void {
    const kept = this.#kept.get(position);
    if (kept === undefined) return;
    this.#kept.delete(position);
    this.#bytes -= kept.block.body.length;
    if (!kept.spilled) this.#unspilled -= kept.block.body.length;
  }
}
