import { type Block, deviceOf, placeIn, readingsOf } from "./block.ts";
import { type BlockEntry, emptyEntry, type Kind, readPlace } from "./block_entries.ts";
import type { DeliveryAccount } from "./delivery_account.ts";
import type { OutboxCounts, Way } from "./outbox_counts.ts";
import type { DeadLine, OutboxOptions } from "./outbox_options.ts";
import type { RecentBlocks } from "./recent_blocks.ts";

/** Where blocks are counted when they leave. */
export interface Books {
  /** Points and readings. */
  readonly counts: OutboxCounts;
  /** Values, by the day of their points. */
  readonly account: DeliveryAccount;
  /** The newest blocks, for people. */
  readonly recent: RecentBlocks;
}

/** Blocks that `next` gave out and nobody settled yet: what becomes of each of their lines is counted here. */
export class OfferedBlocks {
  readonly #books: Books;
  readonly #options: Pick<OutboxOptions, "contentOf" | "refused" | "wall">;
  readonly #offered = new Map<number, Block>();
  readonly #dead = new Map<number, readonly DeadLine[]>();
  /** Those of which the database may have taken something. */
  readonly #unclear = new Set<number>();
  /** Blocks up to here may have been delivered by an earlier process, after its last checkpoint. */
  #earlier = 0;

  /** @param books where they are counted */
  constructor(books: Books, options: Pick<OutboxOptions, "contentOf" | "refused" | "wall">) {
    this.#books = books;
    this.#options = options;
  }

  /** Gives a block out. */
  offer(block: Block): void {
    this.#offered.set(block.position, block);
  }

  /** A block that was given out. */
  get(position: number): Block | undefined {
    return this.#offered.get(position);
  }

  /** The database may have taken something of a block. */
  unclear(position: number): void {
    this.#unclear.add(position);
  }

  /** An earlier process may have delivered blocks up to a position. */
  unclearTo(position: number): void {
    this.#earlier = position;
  }

  /** Lines of a block go to the dead letters, which are told. */
  refused(position: number, lines: readonly DeadLine[]): void {
    const block = this.#offered.get(position);
    if (block === undefined) return;
    for (const line of lines) {
      const readings = line.whole ? readingsOf(block, line.index) : 0;
      this.#options.refused(line, deviceOf(block, line.index), readings);
    }
    this.#dead.set(position, lines);
    this.#books.recent.refused(position, lines);
  }

  /**
   * A block leaves, save its dead lines.
   *
   * @param adopted it is of an earlier life: its devices and rows are not those of this one
   */
  left(position: number, way: Way, adopted: boolean): void {
    const block = this.#offered.get(position);
    if (block === undefined) return;
    const { counts, account, recent } = this.#books;
    recent.left(position, way, this.#options.wall());
    const dead = this.#dead.get(position) ?? [];
    const whole = dead.length === 0
      ? undefined
      : new Set(dead.filter((line) => line.whole).map((line) => line.index));
    for (let index = 0; index < block.points; index++) {
      const device = adopted ? undefined : deviceOf(block, index);
      counts.left(whole?.has(index) ? "refused" : way, device, readingsOf(block, index));
    }
    if (!adopted) {
      const refused = this.#contentOf(block, dead);
      // First what never came: what overwrites it in the same block is then in doubt.
      account.left("refused", refused);
      const rest = refused.length === 0 ? block.entries : without(block.entries, refused);
      const unclear = position <= this.#earlier || this.#unclear.has(position);
      account.left(way === "evicted" && unclear ? "unclear" : way, rest);
    }
    this.#offered.delete(position);
    this.#dead.delete(position);
    this.#unclear.delete(position);
  }

  /** What the dead lines of a block held, an entry for each. */
  #contentOf(block: Block, dead: readonly DeadLine[]): BlockEntry[] {
    return dead.flatMap((line) => {
      const place = readPlace(placeIn(block, line.index));
      const entry = place === undefined ? undefined : block.entries[place.entry];
      if (place === undefined || entry === undefined) return [];
      const { values, sum } = this.#options.contentOf(line.line);
      const kind: Kind = place.kind;
      // Of what would have been overwritten the block remembers only the sum over all its lines.
      return [{ ...emptyEntry(entry.row), [kind]: values, sum, summed: kind === "fresh" }];
    });
  }
}

/** The entries of a block without those of its dead lines. */
function without(entries: readonly BlockEntry[], dead: readonly BlockEntry[]): BlockEntry[] {
  return entries.map((entry) => {
    const rest = { ...entry };
    for (const { row, fresh, again, unsure, sum, summed } of dead) {
      if (row !== entry.row) continue;
      rest.fresh -= fresh;
      rest.again -= again;
      rest.unsure -= unsure;
      rest.sum -= sum;
      if (!summed) rest.summed = false;
    }
    return rest;
  });
}
