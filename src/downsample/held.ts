import type { Window } from "./series.ts";

/** Held windows in the order in which they became held; forgotten ones are swept out now and then. */
export class HeldWindows {
  /** Windows that became held so far; numbers them. */
  count = 0;
  #queue: Window[] = [];
  #head = 0;
  #gone = 0;
  #size = 0;

  /** Windows held now. */
  get size(): number {
    return this.#size;
  }

  /** Adds a window that has just been emitted for the first time. */
  push(window: Window): void {
    window.heldSerial = ++this.count;
    this.#queue.push(window);
    this.#size++;
  }

  /** Puts windows back after a restart, in any order. */
  restore(windows: Window[], count: number): void {
    this.count = count;
    this.#queue = windows.filter((window) => window.heldSerial > 0).sort((a, b) =>
      a.heldSerial - b.heldSerial
    );
    this.#head = 0;
    this.#gone = 0;
    this.#size = this.#queue.length;
  }

  /** The longest held window that is not forgotten, taken out. */
  take(): Window | undefined {
    while (this.#head < this.#queue.length) {
      const window = this.#queue[this.#head++];
      if (window !== undefined && !window.forgotten) return window;
    }
    return undefined;
  }

  /** Says that one of the held windows was forgotten. */
  drop(): void {
    this.#gone++;
    this.#size--;
    if (this.#gone < 1_024 || this.#gone < this.#queue.length / 2) return;
    this.#queue = this.#queue.slice(this.#head).filter((window) => !window.forgotten);
    this.#head = 0;
    this.#gone = 0;
  }
}
