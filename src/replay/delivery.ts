import type { Clock } from "../clock.ts";
import { type Destination, Forwarder, type ForwardEvent } from "../forward/mod.ts";
import type { Point } from "../model/mod.ts";
import type { Backoff } from "../retry/mod.ts";
import { BlockQueue } from "./block_queue.ts";
import { ReplayProblem } from "./problem.ts";
import type { ReplaySink } from "./sink.ts";

/** Blocks that may wait before reading waits for them. */
const MOST_BLOCKS = 8;
/** How long nothing may be delivered before the replay gives up, ms. */
const PATIENCE = 5 * 60_000;
/** How long a request in flight may go on when the replay has given up, ms. */
const LAST_REQUEST = 1_000;

/** What a delivery tells. */
export type DeliveryNews =
  /** The database does not take the points now; it is tried again. */
  | { readonly kind: "waiting"; readonly text: string }
  /** It refused lines. */
  | { readonly kind: "refused"; readonly lines: number; readonly words: string };

/** What a delivery works with. */
export interface DeliveryOptions {
  /** The database. */
  readonly destination: Destination;
  /** Lines of a block at most. */
  readonly maxPoints: number;
  /** Bounds of the waits between attempts, ms. */
  readonly retry: Backoff;
  /** Times. */
  readonly clock: Clock;
  /** Dice in `[0, 1)`. */
  readonly random: () => number;
  /** Is told what happens. */
  readonly onNews: (news: DeliveryNews) => void;
}

/** Writes the points of a replay to a database, through the very same forwarder as the gateway (H8). */
export class Delivery implements ReplaySink {
  readonly #options: DeliveryOptions;
  readonly #queue: BlockQueue;
  readonly #forwarder: Forwarder;
  #lastDelivery: number;
  #change = Promise.withResolvers<void>();
  #problem: ReplayProblem | undefined;
  /** Lines that the database refused. */
  refusedLines = 0;

  /** Begins to send as soon as there is a block; `close` ends it. */
  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { destination, maxPoints, retry, clock, random } = options;
    this.#lastDelivery = clock.monotonic();
    this.#queue = new BlockQueue({
      maxPoints,
      wall: () => clock.wall(),
      onRefused: (lines) => {
        this.refusedLines += lines.length;
        options.onNews({ kind: "refused", lines: lines.length, words: lines[0]?.words ?? "" });
      },
      onDelivered: () => {
        this.#lastDelivery = clock.monotonic();
        this.#changed();
      },
    });
    this.#forwarder = new Forwarder({
      destination,
      outbox: this.#queue,
      retry,
      clock,
      random,
      onEvent: (event) => this.#hear(event),
    });
    this.#forwarder.start();
  }

  /** Takes a point; it is sent with its block. */
  point(point: Point): void {
    this.#begin();
    this.#queue.add(point);
  }

  /** Nobody is notified (H7). */
  alert(): void {}

  /** Waits until no more than a few blocks wait. */
  async room(): Promise<void> {
    await this.#until(MOST_BLOCKS);
  }

  /** Waits until everything is in the database. */
  async settled(): Promise<void> {
    this.#begin();
    this.#queue.seal();
    await this.#until(0);
  }

  /** Ends; what is not delivered is given up. */
  async close(): Promise<void> {
    await this.#forwarder.stop(LAST_REQUEST);
    this.#options.destination.close();
  }

  /** Who has had nothing to send for long has not failed to send it. */
  #begin(): void {
    if (this.#queue.waitingBlocks === 0) this.#lastDelivery = this.#options.clock.monotonic();
  }

  async #until(blocks: number): Promise<void> {
    while (this.#queue.waitingBlocks > blocks) {
      if (this.#problem !== undefined) throw this.#problem;
      await this.#change.promise;
    }
  }

  #hear(event: ForwardEvent): void {
    if (event.kind !== "waiting") return;
    const { text } = event;
    this.#options.onNews({ kind: "waiting", text });
    const since = this.#options.clock.monotonic() - this.#lastDelivery;
    if (since < PATIENCE || this.#problem !== undefined) return;
    this.#problem = new ReplayProblem(
      `The database has taken nothing for five minutes: ${text}. What was sent is there; run the replay again`,
    );
    this.#changed();
  }

  #changed(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
  }
}
