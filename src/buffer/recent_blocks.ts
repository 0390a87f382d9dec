import { gunzipSync } from "node:zlib";
import { type Block, deviceOf } from "./block.ts";
import type { Way } from "./outbox_counts.ts";
import type { DeadLine } from "./outbox_options.ts";

/** Bytes of bodies that are remembered. */
const BYTES = 4 * 1024 * 1024;
/** Blocks that are remembered. */
const BLOCKS = 2_000;

/** Digits of the nanoseconds within a millisecond. */
const NANOSECOND_DIGITS = 6;

/** A block of this process, and what became of it. */
export interface RecentBlock {
  /** The block. */
  readonly block: Block;
  /** Where it is. `refused` never: that is of single lines. */
  state: "waiting" | Exclude<Way, "refused">;
  /** Wall clock at which it left, ms; `undefined`: it waits. */
  leftAt: number | undefined;
  /** Its lines that the database refused. */
  refused: readonly DeadLine[];
}

/** A line of a block. */
export interface RecentLine {
  /** The block that carried it. */
  readonly in: RecentBlock;
  /** The line. */
  readonly line: string;
  /** Why the database refused it; `undefined`: it did not. */
  readonly refused: DeadLine | undefined;
}

/**
 * The newest blocks of this process with their lines: what people can be told of a single point. Nothing depends on
 * it; what an earlier process made, or what is older than a few megabytes, is not known any more.
 */
export class RecentBlocks {
  readonly #blocks = new Map<number, RecentBlock>();
  #bytes = 0;

  /** Lowest position that is remembered; `undefined`: none is. */
  get oldest(): number | undefined {
    return this.#blocks.keys().next().value;
  }

  /** A block was made; returns it. */
  sealed(block: Block): Block {
    this.#blocks.set(block.position, { block, state: "waiting", leftAt: undefined, refused: [] });
    this.#bytes += block.body.length;
    for (const [position, oldest] of this.#blocks) {
      if (this.#bytes <= BYTES && this.#blocks.size <= BLOCKS) break;
      this.#blocks.delete(position);
      this.#bytes -= oldest.block.body.length;
    }
    return block;
  }

  /** Lines of a block were refused. */
  refused(position: number, lines: readonly DeadLine[]): void {
    const recent = this.#blocks.get(position);
    if (recent !== undefined) recent.refused = lines;
  }

  /** A block left. */
  left(position: number, way: Way, wall: number): void {
    const recent = this.#blocks.get(position);
    if (recent === undefined || way === "refused") return;
    recent.state = way;
    recent.leftAt = wall;
  }

  /**
   * The newest line that a point made.
   *
   * @param device number of its device
   * @param head measurement and tags as the line has them
   * @param ms its time, ms; of several lines within that millisecond the newest counts
   * @param field name of a field as the line has it
   */
  find(device: number, head: string, ms: number, field: string): RecentLine | undefined {
    for (const recent of [...this.#blocks.values()].reverse()) {
      const { block, refused } = recent;
      if (!holds(block, device)) continue;
      const lines = new TextDecoder().decode(gunzipSync(block.body)).split("\n");
      // A text with a line break takes two of them: a line that is not found has not been told wrongly.
      const index = lines.findLastIndex((line) =>
        line.startsWith(`${head} `) && isOf(line, ms) &&
        (line.startsWith(`${head} ${field}=`) || line.includes(`,${field}=`))
      );
      const line = lines[index];
      if (line === undefined) continue;
      return { in: recent, line, refused: refused.find((dead) => dead.index === index) };
    }
    return undefined;
  }
}

function isOf(line: string, ms: number): boolean {
  return line.slice(line.lastIndexOf(" ") + 1, -NANOSECOND_DIGITS) === String(ms);
}

function holds(block: Block, device: number): boolean {
  for (let line = 0; line < block.points; line++) if (deviceOf(block, line) === device) return true;
  return false;
}
