import type { History } from "../history/mod.ts";

/** Least change of the limit that the history is told of, bytes. */
const STEP = 1024 * 1024;

/** The space that the history has within `buffer.max_bytes`: all of its own as long as nothing else needs it. */
export class HistorySpace {
  readonly #history: Pick<History, "bytes" | "limit" | "state"> | undefined;
  readonly #most: number;
  #told: number;

  /**
   * Begins with all of it.
   *
   * @param most bytes of its own limit
   */
  constructor(history: Pick<History, "bytes" | "limit" | "state"> | undefined, most: number) {
    this.#history = history;
    this.#most = this.#told = most;
  }

  /**
   * Sees to it that the history fits.
   *
   * @param room bytes that are free; below 0: that are missing, and it gives up first
   */
  async fit(room: number): Promise<void> {
    const history = this.#history;
    if (history?.state !== "open") return;
    const wanted = Math.max(0, Math.min(this.#most, history.bytes + room));
    const limit = wanted === this.#most ? wanted : Math.floor(wanted / STEP) * STEP;
    if (limit === this.#told) return;
    // It grows a little between two looks: more room than it uses is told in steps, less at once.
    if (limit > this.#told && limit < this.#most && limit < this.#told + STEP) return;
    this.#told = limit;
    // Where it cannot, it is closed, and has nothing to give up.
    await history.limit(limit).catch(() => {});
  }
}
