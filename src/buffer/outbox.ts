import { position as asPosition } from "../journal/mod.ts";
import type { Point } from "../model/mod.ts";
import { BlockBuilder } from "./block_builder.ts";
import { type Block, encodeBlock } from "./block.ts";
import { DeliveryAccount } from "./delivery_account.ts";
import { MemoryBlocks } from "./memory_blocks.ts";
import { OfferedBlocks } from "./offered_blocks.ts";
import { OutboxCounts, type Tally, type Way } from "./outbox_counts.ts";
import { OutboxDisk } from "./outbox_disk.ts";
import type { DeadLine, OutboxOptions, OutboxSnapshot } from "./outbox_options.ts";
import { RecentBlocks } from "./recent_blocks.ts";
import { Settled } from "./settled.ts";

/** A request with more than this is refused by many a proxy, characters before gzip. */
const LARGEST = 4 * 1024 * 1024;

/** Blocks that wait for the database: in memory first, on disk when they are many or a checkpoint is taken. */
export class Outbox {
  /** Where its points are. */
  readonly counts: OutboxCounts;
  /** Which values were delivered, by device, measurement and day. */
  readonly account: DeliveryAccount;
  /** The newest blocks, for people. */
  readonly recent: RecentBlocks = new RecentBlocks();
  readonly #options: OutboxOptions;
  readonly #normal: BlockBuilder;
  readonly #corrections: BlockBuilder;
  readonly #memory = new MemoryBlocks();
  readonly #disk: OutboxDisk;
  readonly #settled: Settled;
  /** Characters of lines after which a block is sealed, however few its points are. */
  readonly #largest: number;
  readonly #offered: OfferedBlocks;
  #end: number;
  #adoptedTo: number;
  #listener: () => void = () => {};
  #timer: { cancel(): void } | undefined;

  /**
   * Goes on from a snapshot, or begins empty.
   *
   * @param snapshot what `snapshot` gave, not shared with anybody
   */
  constructor(options: OutboxOptions, snapshot?: OutboxSnapshot) {
    this.#options = options;
    this.#normal = new BlockBuilder(false, options.encodeLine);
    this.#corrections = new BlockBuilder(true, options.encodeLine);
    this.#disk = new OutboxDisk(options.journal);
    this.#largest = Math.min(LARGEST, options.memoryBytes / 4);
    this.#end = snapshot?.end ?? 0;
    this.#adoptedTo = snapshot?.adoptedTo ?? 0;
    this.#settled = new Settled(snapshot?.low ?? 1, snapshot?.ranges);
    this.counts = new OutboxCounts(snapshot?.counts);
    this.account = new DeliveryAccount(options.wall(), snapshot?.account);
    this.#offered = new OfferedBlocks(this, options);
  }

  /** Lowest position that still waits, or that comes next. */
  get low(): number {
    return this.#settled.low;
  }

  /** Blocks that wait, without the one being built. */
  get waitingBlocks(): number {
    return this.#end - this.#settled.count;
  }

  /** When the oldest waiting block was made, wall clock, ms; as far as it is known without reading the disk. */
  get oldestCreatedAt(): number | undefined {
    if (this.waitingBlocks === 0) return undefined;
    const { low } = this.#settled;
    return (this.#memory.get(low) ?? this.#offered.get(low))?.createdAt ?? this.#disk.createdAtOf(low);
  }

  /** Bytes of waiting blocks that are in no file yet, and of the lines that are becoming one. */
  get memoryBytes(): number {
    const building = this.#normal.chars + this.#corrections.chars;
    return building + this.#memory.unwrittenBytes(this.#options.journal.written);
  }

  /** Bytes that wait, in memory and on disk; what is in both counts once. */
  get waitingBytes(): number {
    return this.waitingBlocks === 0
      ? 0
      : Math.max(this.#memory.bytes, this.diskBytes + this.#memory.unspilledBytes);
  }

  /** Bytes on disk. */
  get diskBytes(): number {
    return this.#options.journal.bytes;
  }

  /** Takes one point in. */
  add(point: Point): void {
    const { maxPoints, maxWait, after } = this.#options;
    this.counts.came(point);
    const builder = point.correction ? this.#corrections : this.#normal;
    if (builder.holds(point)) this.seal();
    // A series under a tag of its own is none that a database is asked about.
    builder.add(point, point.extraTags === undefined ? this.account.waiting(point) : 0);
    if (builder.points >= maxPoints || builder.chars >= this.#largest) this.seal();
    else this.#timer ??= after(maxWait, () => this.seal());
  }

  /** Seals what is being built. The normal block goes first: corrections must not overtake what they correct. */
  seal(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const [before, { wall }] = [this.#end, this.#options];
    for (const builder of [this.#normal, this.#corrections]) {
      if (builder.points > 0) this.#memory.add(this.recent.sealed(builder.seal(++this.#end, wall())));
    }
    if (this.#memory.unspilledBytes > this.#options.memoryBytes) {
      this.#spill(this.#options.memoryBytes / 2);
      // The journal reports trouble by itself and tries again; the blocks stay in memory until it has written them.
      this.#options.journal.write().then(() => this.#release(), () => {});
    }
    if (this.#end > before) this.#listener();
  }

  /** The block to send next; it waits until `delivered` names it. */
  async next(lane: "fresh" | "backlog"): Promise<Block | undefined> {
    const block = lane === "fresh" ? this.#memory.newest(this.#settled.low) : await this.#oldest();
    if (block !== undefined) this.#offered.offer(block);
    return block;
  }

  /** A block is in the database, save the lines that were refused before. */
  delivered(position: number): void {
    this.#settle(position, "delivered");
  }

  /** Lines of an offered block go to the dead letters; `delivered` follows. */
  refused(position: number, lines: readonly DeadLine[]): void {
    this.#offered.refused(position, lines);
  }

  /** The database may have taken something of an offered block. */
  unclear(position: number): void {
    this.#offered.unclear(position);
  }

  /** Calls `listener` when something new waits: whoever sends blocks begins now. */
  onWaiting(listener: () => void): void {
    // What is here by now, an earlier process may have had as well and delivered, after its last checkpoint. What is
    // being built becomes the next two blocks.
    const building = this.#normal.points + this.#corrections.points > 0;
    this.#offered.unclearTo(this.#end + (building ? 2 : 0));
    this.#listener = listener;
  }

  /**
   * State at this moment. It seals first and hands every waiting block to the journal: they must be on disk before
   * the records that could make them again are trimmed. Still shared: encode it before anything else happens.
   */
  snapshot(): OutboxSnapshot {
    this.seal();
    this.#spill(0);
    const { low, ranges } = this.#settled;
    const books = { counts: this.counts.snapshot(), account: this.account.snapshot() };
    return { end: this.#end, low, ranges, ...books, adoptedTo: this.#adoptedTo };
  }

  /**
   * Takes over every block that the journal holds, after the checkpoints that knew them were lost.
   *
   * @returns what they hold
   */
  async adopt(): Promise<Tally> {
    const { journal } = this.#options;
    const found: Tally = { points: 0, readings: 0 };
    this.#settled.addBelow(journal.first);
    for (let from: number = journal.first; from <= journal.last;) {
      const block = await this.#disk.first(from);
      if (block === undefined) break;
      this.counts.adopted(block.points, block.readings);
      found.points += block.points;
      found.readings += block.readings;
      from = block.position + 1;
    }
    this.#end = journal.last;
    this.#adoptedTo = journal.last;
    return found;
  }

  /** Everything spilled so far is on disk when this resolves. */
  async sync(): Promise<void> {
    await this.#options.journal.sync();
    this.#release();
  }

  /** Forgets segments below a position. */
  async trim(before: number): Promise<void> {
    await this.#options.journal.trim(asPosition(before));
  }

  /** Gives up waiting blocks, oldest first, below a position; counted as evicted. */
  async evictBelow(before: number): Promise<void> {
    while (this.#settled.low < before) {
      const block = await this.next("backlog");
      if (block === undefined || block.position >= before) return;
      this.#settle(block.position, "evicted");
    }
  }

  /** Stops the timer and lets go of files; the journal is closed by its owner. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#disk.close();
  }

  async #oldest(): Promise<Block | undefined> {
    const { journal } = this.#options;
    while (this.#settled.low <= this.#end) {
      const low = this.#settled.low;
      const kept = this.#memory.get(low);
      if (kept !== undefined) return kept;
      const block = await this.#disk.first(low);
      if (block?.position === low && this.#settled.low === low) return block;
      // What the journal has written and does not give back was damaged and is gone.
      const there = Math.min(block?.position ?? Infinity, this.#memory.oldest, this.#end + 1);
      if (there > journal.written + 1 && this.#memory.oldest > there) return undefined;
      this.#settled.addBelow(there);
    }
    if (this.#normal.points + this.#corrections.points > 0) return undefined;
    const written = this.counts.writeOff();
    this.account.writeOff();
    if (written.points > 0) this.#options.lost(written);
    return undefined;
  }

  #spill(target: number): void {
    this.#memory.spill(target, (block) => {
      const { flags, body } = encodeBlock(block);
      this.#options.journal.append(flags, body, asPosition(block.position));
    });
  }

  #release(): void {
    this.#memory.release(this.#options.memoryBytes, this.#options.journal.written);
  }

  #settle(position: number, way: Way): void {
    if (this.#offered.get(position) === undefined || this.#settled.has(position)) return;
    this.#offered.left(position, way, position <= this.#adoptedTo);
    this.#memory.remove(position);
    this.#settled.add(position);
  }
}
