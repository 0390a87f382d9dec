import type { Window } from "../downsample/mod.ts";
import type { Point } from "../model/mod.ts";

/** The newest points of windows that may still change (H4). No more of them than the river holds windows. */
export class HeldPoints {
  readonly #held = new Map<Window, Point>();

  /** Whether none can change any more. */
  get settled(): boolean {
    for (const window of this.#held.keys()) if (!window.forgotten) return false;
    return true;
  }

  /** Whether a window's point is here. */
  has(window: Window): boolean {
    return this.#held.has(window);
  }

  /** Keeps the newest point of a window. */
  keep(window: Window, point: Point): void {
    this.#held.set(window, point);
  }

  /** Lets go of the windows that can change no more, in the order in which they were first written. */
  *takeForgotten(): Generator<readonly [Window, Point]> {
    for (const entry of this.#held) {
      if (!entry[0].forgotten) continue;
      this.#held.delete(entry[0]);
      yield entry;
    }
  }

  /** Lets go of all windows, in the same order. */
  *takeAll(): Generator<readonly [Window, Point]> {
    for (const entry of this.#held) {
      this.#held.delete(entry[0]);
      yield entry;
    }
  }
}
