import type { Window } from "../downsample/mod.ts";
import type { Point } from "../model/mod.ts";

/**
 * What went out while the gateway may have written something newer (H9). What a look finds goes out once more, and
 * the next look is for that alone: whatever else the gateway has written since came after what went out.
 */
export class Recheck {
  #windows: ReadonlySet<Window>;
  /** Moments of points without a window; `undefined`: any, since those that went out at first are not remembered. */
  #moments: ReadonlySet<string> | undefined;
  #foundWindows = new Set<Window>();
  #foundMoments = new Set<string>();
  #looked = false;

  /**
   * Has not looked yet.
   *
   * @param windows that went out though readings may still come to them
   * @param passed whether points without a window went out
   */
  constructor(windows: ReadonlySet<Window>, passed: boolean) {
    this.#windows = windows;
    this.#moments = passed ? undefined : new Set();
  }

  /** Windows that a look is for. */
  get windows(): number {
    return this.#windows.size;
  }

  /** Begins a look; `false`: there is nothing to look for any more. */
  begin(): boolean {
    if (this.#looked) {
      [this.#windows, this.#moments] = [this.#foundWindows, this.#foundMoments];
      [this.#foundWindows, this.#foundMoments] = [new Set(), new Set()];
    }
    const open = !this.#looked || this.#windows.size + (this.#moments?.size ?? 0) > 0;
    this.#looked = true;
    return open;
  }

  /** Whether a point takes the place of one that went out: then it goes out, too. */
  finds(point: Point, window: Window | undefined): boolean {
    if (window !== undefined) {
      if (!this.#windows.has(window)) return false;
      this.#foundWindows.add(window);
      return true;
    }
    // Only a point that is not the newest of its series can stand where another has gone out.
    if (!point.correction) return false;
    const { stream, fields, ms, ns } = point;
    const moment = JSON.stringify([stream.measurement, stream.tags, fields[0]?.name, ms, ns]);
    if (this.#moments?.has(moment) === false) return false;
    this.#foundMoments.add(moment);
    return true;
  }
}
