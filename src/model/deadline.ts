/** A moment of journal time at which a stage wants to act. */
export interface Deadline<Subject> {
  /** Journal time, ms. */
  readonly due: number;
  /** Which stage and purpose; orders deadlines of the same moment. */
  readonly kind: number;
  /** Which of them (a window, a stream …); orders deadlines of the same kind. */
  readonly index: number;
  /** The thing itself, so that nobody has to look it up. */
  readonly subject: Subject;
}

function before(a: Deadline<unknown>, b: Deadline<unknown>): boolean {
  if (a.due !== b.due) return a.due < b.due;
  if (a.kind !== b.kind) return a.kind < b.kind;
  return a.index < b.index;
}

/** Where a stage puts its deadlines. */
export interface DeadlineSink<Subject> {
  /** Adds an entry. */
  add(due: number, kind: number, index: number, subject: Subject): void;
  /** Says that an entry counts no longer; it is let go of when such entries are many. */
  stale(): void;
}

/** Stale entries below this number are not worth a sweep. */
const SWEEP = 1_024;

/**
 * Deadlines in (due, kind, index) order: a binary heap. Entries may be early: a stage that finds its true
 * deadline later adds it again, which costs less than moving an entry with every reading.
 */
export class DeadlineQueue<Subject> implements DeadlineSink<Subject> {
  #heap: Deadline<Subject>[] = [];
  #stale = 0;
  readonly #counts: (entry: Deadline<Subject>) => boolean;

  /**
   * Begins empty.
   *
   * @param counts whether an entry still counts; it is asked only where `stale` has said that many do not
   */
  constructor(counts: (entry: Deadline<Subject>) => boolean = () => true) {
    this.#counts = counts;
  }

  /** Number of entries. */
  get size(): number {
    return this.#heap.length;
  }

  /** Journal time of the first entry; `Infinity` when there is none. */
  get next(): number {
    return this.#heap[0]?.due ?? Infinity;
  }

  /** Adds an entry. */
  add(due: number, kind: number, index: number, subject: Subject): void {
    const heap = this.#heap;
    const entry: Deadline<Subject> = { due, kind, index, subject };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !before(entry, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  /** Takes the first entry out. */
  pop(): Deadline<Subject> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    while (true) {
      let down = 2 * at + 1;
      let child = heap[down];
      if (child === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        down++;
      }
      if (!before(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return first;
  }

  /**
   * Says that an entry counts no longer. Where most are stale they are swept out: a device that tells hours within
   * seconds would leave one for each of its windows, until their deadlines come.
   */
  stale(): void {
    this.#stale++;
    if (this.#stale < SWEEP || this.#stale < this.#heap.length / 2) return;
    this.#stale = 0;
    // A sorted array is a heap.
    this.#heap = this.#heap.filter(this.#counts).sort((a, b) => before(a, b) ? -1 : 1);
  }

  /** Forgets everything. */
  clear(): void {
    this.#heap.length = 0;
    this.#stale = 0;
  }
}
