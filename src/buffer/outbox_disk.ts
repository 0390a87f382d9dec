import { type Cursor, type Journal, position as asPosition } from "../journal/mod.ts";
import { type Block, decodeBlock } from "./block.ts";

/** Bytes of blocks read ahead. */
const READ_BYTES = 1024 * 1024;

/** Reads waiting blocks back from the outbox's journal, oldest first, a little ahead. */
export class OutboxDisk {
  readonly #journal: Journal;
  #cursor: Cursor | undefined;
  #at = 0;
  #ahead: Block[] = [];

  /** @param journal the outbox's journal */
  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * The first block at or after a position; `undefined` where the disk holds none.
   *
   * @param from lowest position wanted
   */
  async first(from: number): Promise<Block | undefined> {
    if (this.#cursor === undefined || from < this.#at) await this.#rewind(from);
    while (true) {
      while ((this.#ahead[0]?.position ?? Infinity) < from) this.#ahead.shift();
      const [block] = this.#ahead;
      if (block !== undefined) {
        this.#at = block.position;
        return block;
      }
      const entries = await this.#cursor?.next(READ_BYTES) ?? [];
      if (entries.length === 0) return undefined;
      for (const entry of entries) this.#ahead.push(decodeBlock(entry.position, entry.flags, entry.body));
    }
  }

  /** When a block was made, from the block itself or from its segment; wall clock, ms. */
  createdAtOf(position: number): number | undefined {
    const ahead = this.#ahead.find((block) => block.position === position);
    if (ahead !== undefined) return ahead.createdAt;
    return this.#journal.segments.find((segment) => segment.last >= position)?.createdAt;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#cursor?.close();
    this.#cursor = undefined;
    this.#ahead = [];
  }

  async #rewind(from: number): Promise<void> {
    await this.close();
    this.#cursor = this.#journal.read(asPosition(from));
    this.#at = from;
  }
}
