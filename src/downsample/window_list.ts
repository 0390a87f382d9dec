import type { Window } from "./series.ts";

/** Up to so many windows are looked through one by one. */
const FEW = 8;

/**
 * The windows of one series by their start. Most series have two or three at a time, and there are many series: those
 * few stand in an array of just their size. Where a memory of hours comes in, a map takes over.
 */
export class WindowList {
  #few: readonly Window[] = NO_WINDOWS;
  #many: Map<number, Window> | undefined;

  /** All of them, in order of their opening. */
  values(): Iterable<Window> {
    return this.#many?.values() ?? this.#few;
  }

  /** The one that begins at an event time, ms. */
  get(start: number): Window | undefined {
    if (this.#many !== undefined) return this.#many.get(start);
    const few = this.#few;
    for (let at = few.length - 1; at >= 0; at--) {
      const window = few[at];
      if (window?.start === start) return window;
    }
    return undefined;
  }

  /** Adds one; its start must be new. */
  add(window: Window): void {
    if (this.#many !== undefined) this.#many.set(window.start, window);
    else if (this.#few.length < FEW) this.#few = this.#few.concat(window);
    else {
      this.#many = new Map(this.#few.map((one) => [one.start, one]));
      this.#many.set(window.start, window);
      this.#few = NO_WINDOWS;
    }
  }

  /** Takes one out. */
  remove(window: Window): void {
    if (this.#many === undefined) {
      this.#few = thoseThat(this.#few, (one) => one !== window);
      return;
    }
    this.#many.delete(window.start);
    if (this.#many.size > FEW / 2) return;
    this.#few = [...this.#many.values()];
    this.#many = undefined;
  }
}

/** No window: shared by every series that has none, so nobody may write to it. */
export const NO_WINDOWS: readonly Window[] = Object.freeze([]);

/** Those for which `stays` says yes, in an array of just their size. */
export function thoseThat(windows: readonly Window[], stays: (window: Window) => boolean): readonly Window[] {
  const left = windows.filter(stays);
  return left.length === 0 ? NO_WINDOWS : left.slice();
}
