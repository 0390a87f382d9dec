import type { Position } from "./position.ts";

interface Waiter {
  readonly upTo: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Promises that wait for a position to be reached. */
export class Waiters {
  #waiting: Waiter[] = [];

  /** A promise of `upTo`. */
  wait(upTo: Position): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ upTo, resolve, reject }));
  }

  /** Everything up to `reached` has come. */
  settle(reached: Position): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ upTo }) => upTo <= reached);
    this.#waiting = this.#waiting.filter(({ upTo }) => upTo > reached);
    for (const { resolve } of due) resolve();
  }

  /** Nothing more will come for now. */
  fail(error: Error): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const { reject } of all) reject(error);
  }
}
