import type { Topic } from "../schemas/live.ts";
import { joined } from "./frame.ts";

/** What waits for one client at most, bytes. What is told to several waits once, however many they are. */
export const MOST_WAITING = 262_144;
/** How long a client may take nothing while something waits, ms. Shorter than the connection's own limit. */
export const LONGEST_PAUSE = 20_000;

/** Why a client is let go. */
export type Dropped = "too_much_waits" | "takes_nothing";

/** What a client wants to hear. */
export interface Wish {
  readonly topics: ReadonlySet<Topic>;
  /** Readings of this device alone; `null`: of all. */
  readonly device: string | null;
}

/**
 * Someone who looks on: a stream that gives out what waits when it is read, and a bounded queue before it. It is read
 * when the connection has taken what came before, so what waits here is what the client has not taken.
 */
export class LiveClient implements Wish {
  readonly topics: ReadonlySet<Topic>;
  readonly device: string | null;
  /** To be read by the connection. */
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #waiting: Uint8Array[];
  /** Bytes of what waits, without what waited from the beginning: that is bounded by itself. */
  #bytes = 0;
  /** Since when nothing was taken, ms; `undefined`: nothing waits. */
  #since: number | undefined;
  #wake: (() => void) | undefined;

  /**
   * @param beginning what goes out first
   * @param now monotonic, ms
   * @param gone called when the client is no longer there
   */
  constructor(wish: Wish, beginning: readonly Uint8Array[], now: number, gone: () => void) {
    this.topics = wish.topics;
    this.device = wish.device;
    this.#waiting = [...beginning];
    this.#since = now;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => {
        this.#wake?.();
        gone();
      },
    }, { highWaterMark: 0 });
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    this.#wake = undefined;
    if (this.#waiting.length > 0) controller.enqueue(this.#take());
  }

  #take(): Uint8Array {
    const all = joined(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    this.#since = undefined;
    return all;
  }

  /** Adds what the client is to be told. */
  push(frame: Uint8Array, now: number): Dropped | undefined {
    this.#waiting.push(frame);
    this.#bytes += frame.length;
    this.#since ??= now;
    if (this.#wake !== undefined) this.#wake();
    else if (this.#bytes > MOST_WAITING) return "too_much_waits";
    return undefined;
  }

  /** Whether it has stopped to take anything. */
  stuck(now: number): Dropped | undefined {
    return this.#since !== undefined && now - this.#since > LONGEST_PAUSE ? "takes_nothing" : undefined;
  }

  /** Ends in order: what waits still goes out. */
  end(): void {
    if (this.#waiting.length > 0) this.#controller?.enqueue(this.#take());
    this.#controller?.close();
    this.#wake?.();
  }

  /** Ends at once. */
  cut(why: Dropped): void {
    this.#waiting = [];
    this.#controller?.error(new Error(why));
    this.#wake?.();
  }
}
