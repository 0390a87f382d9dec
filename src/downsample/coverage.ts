/** Most ranges that one series remembers. */
export const MAX_RANGES = 16;

/**
 * Which stretches of event time a series has written: sorted, disjoint ranges `[from, to)` in one flat array
 * (`from, to, from, to …`), so that it costs little per series and goes into the checkpoint as it is.
 */
export class Coverage {
  #edges: number[];

  /**
   * Begins with nothing written, or where a snapshot left off.
   *
   * @param edges what `edges` gave
   */
  constructor(edges: readonly number[] = []) {
    this.#edges = edges.length === 0 ? NOTHING : [...edges];
  }

  /** The ranges, flat. */
  get edges(): readonly number[] {
    return this.#edges;
  }

  /** Whether any of `[from, to)` has been written. */
  overlaps(from: number, to: number): boolean {
    const edges = this.#edges;
    // Almost every question is about the newest end.
    for (let at = edges.length - 2; at >= 0; at -= 2) {
      if ((edges[at + 1] ?? 0) <= from) return false;
      if ((edges[at] ?? 0) < to) return true;
    }
    return false;
  }

  /** Remembers `[from, to)` as written. */
  add(from: number, to: number): void {
    const edges = this.#edges;
    const end = edges.length;
    if (end > 0 && edges[end - 1] === from) {
      edges[end - 1] = to;
      return;
    }
    let at = end;
    while (at > 0 && (edges[at - 2] ?? 0) > from) at -= 2;
    const joined = join(edges.toSpliced(at, 0, from, to));
    while (joined.length > 2 * MAX_RANGES) closeSmallestGap(joined);
    // An array of just its size: there are many series.
    this.#edges = joined.slice();
  }
}

/** Shared by every series that has written nothing, so nobody may write to it. */
const NOTHING: number[] = [];

function join(edges: readonly number[]): number[] {
  const joined: number[] = [];
  for (let at = 0; at < edges.length; at += 2) {
    const from = edges[at] ?? 0;
    const to = edges[at + 1] ?? 0;
    const end = joined[joined.length - 1];
    if (end !== undefined && from <= end) joined[joined.length - 1] = Math.max(end, to);
    else joined.push(from, to);
  }
  return joined;
}

function closeSmallestGap(edges: number[]): void {
  let best = 2;
  for (let at = 4; at < edges.length; at += 2) {
    if ((edges[at] ?? 0) - (edges[at - 1] ?? 0) < (edges[best] ?? 0) - (edges[best - 1] ?? 0)) best = at;
  }
  edges.splice(best - 1, 2);
}
