import type { Earlier, Value } from "../model/mod.ts";

/** Newest points of a series that are remembered one by one. */
const RECENT = 8;
/** Stretches without a point that are remembered of the time before them. */
const GAPS = 4;

const UNKNOWN: Earlier = { kind: "unknown" };

/** What `PassedTimes` remembers, as the checkpoint holds it: small numbers take little room there. */
export interface PassedSnapshot {
  /** Time of the oldest point that is remembered, ms: all other times count from it. */
  readonly oldest: number;
  /** The newest points, oldest first, flat: ms, nanoseconds. */
  readonly times: readonly number[];
  /** Their values. */
  readonly values: readonly Value[];
  /** The widest stretches before them without a point, flat: from, to, ms, both ends not included. */
  readonly gaps: readonly number[];
}

/**
 * At which times a series without windows has points, as far as that can be told in little memory (W19): the newest
 * ones exactly, of those before them the widest gaps.
 */
export class PassedTimes {
  /** Ring of the newest points, in rising order from `#head` on; it grows until it is full. */
  #ms: number[] = [];
  #ns: number[] = [];
  #values: Value[] = [];
  #head = 0;
  #gaps: number[];
  /** Width of the narrowest gap, once there are as many as are kept. */
  #narrowest = 0;

  /**
   * Begins with the first point of a series, or where a snapshot left off.
   *
   * @param before whether anything before the first point is known to be nothing, or not known
   */
  constructor(before: "nothing" | "unknown", snapshot?: PassedSnapshot) {
    this.#gaps = before === "nothing" ? [-Infinity, Infinity] : [];
    if (snapshot === undefined) return;
    const { oldest } = snapshot;
    this.#gaps = snapshot.gaps.map((ms) => ms + oldest);
    this.#values = [...snapshot.values];
    this.#ms = snapshot.times.filter((_, index) => index % 2 === 0).map((ms) => ms + oldest);
    this.#ns = snapshot.times.filter((_, index) => index % 2 === 1);
    this.#measure();
  }

  /** A point passes that is newer than all before. Done for each reading: 20 ns (`tests/bench/account.ts`). */
  newest(ms: number, ns: number, value: Value): void {
    const count = this.#ms.length;
    if (count === RECENT) {
      const at = this.#head;
      this.#head = (at + 1) % RECENT;
      this.#gap(this.#ms[at] ?? 0, this.#ms[this.#head] ?? 0);
      this.#ms[at] = ms;
      this.#ns[at] = ns;
      this.#values[at] = value;
      return;
    }
    if (count === 0 && this.#gaps.length > 0) this.#gaps[1] = ms;
    this.#ms.push(ms);
    this.#ns.push(ns);
    this.#values.push(value);
  }

  /**
   * A point passes that is not newer than the newest.
   *
   * @param field how the field is called and what it is, for what is overwritten
   * @returns what it overwrites; `undefined`: nothing
   */
  older(
    ms: number,
    ns: number,
    value: Value,
    field: { readonly name: string; readonly type: "float" | "int" | "boolean" | "string" },
  ): Earlier | undefined {
    this.#straighten();
    let at = this.#ms.length;
    while (at > 0 && this.#compare(at - 1, ms, ns) > 0) at--;
    if (at > 0 && this.#compare(at - 1, ms, ns) === 0) {
      const before = this.#values[at - 1] ?? value;
      this.#values[at - 1] = value;
      return { kind: "known", fields: [{ ...field, value: before }] };
    }
    if (at === 0) return this.#intoGap(ms) ? undefined : UNKNOWN;
    this.#ms.splice(at, 0, ms);
    this.#ns.splice(at, 0, ns);
    this.#values.splice(at, 0, value);
    if (this.#ms.length > RECENT) {
      this.#gap(this.#ms.shift() ?? 0, this.#ms[0] ?? 0);
      this.#ns.shift();
      this.#values.shift();
    }
    return undefined;
  }

  /** What it remembers, as plain data. */
  snapshot(): PassedSnapshot {
    this.#straighten();
    const oldest = this.#ms[0] ?? 0;
    return {
      oldest,
      times: this.#ms.flatMap((ms, index) => [ms - oldest, this.#ns[index] ?? 0]),
      values: [...this.#values],
      gaps: this.#gaps.map((ms) => ms - oldest),
    };
  }

  #compare(at: number, ms: number, ns: number): number {
    const difference = (this.#ms[at] ?? 0) - ms;
    return difference !== 0 ? difference : (this.#ns[at] ?? 0) - ns;
  }

  /** Turns the ring until its oldest point stands first. */
  #straighten(): void {
    const head = this.#head;
    if (head === 0) return;
    const turned = <T>(ring: T[]): T[] => [...ring.slice(head), ...ring.slice(0, head)];
    this.#ms = turned(this.#ms);
    this.#ns = turned(this.#ns);
    this.#values = turned(this.#values);
    this.#head = 0;
  }

  /** Nothing stands between two neighbours of which the older is let go. */
  #gap(from: number, to: number): void {
    if (to - from <= this.#narrowest) return;
    this.#gaps.push(from, to);
    this.#keepWidest();
  }

  /** Whether a time lies in a gap; it takes it up from then on. */
  #intoGap(ms: number): boolean {
    for (let at = 0; at < this.#gaps.length; at += 2) {
      const from = this.#gaps[at] ?? 0;
      const to = this.#gaps[at + 1] ?? 0;
      if (ms <= from || ms >= to) continue;
      this.#gaps.splice(at, 2, from, ms, ms, to);
      this.#keepWidest();
      return true;
    }
    return false;
  }

  #keepWidest(): void {
    const gaps = this.#gaps;
    while (gaps.length > 2 * GAPS) {
      let narrowest = 0;
      for (let at = 2; at < gaps.length; at += 2) {
        if (this.#width(at) < this.#width(narrowest)) narrowest = at;
      }
      gaps.splice(narrowest, 2);
    }
    this.#measure();
  }

  #measure(): void {
    this.#narrowest = 0;
    if (this.#gaps.length < 2 * GAPS) return;
    this.#narrowest = Infinity;
    for (let at = 0; at < this.#gaps.length; at += 2) {
      this.#narrowest = Math.min(this.#narrowest, this.#width(at));
    }
  }

  #width(at: number): number {
    return (this.#gaps[at + 1] ?? 0) - (this.#gaps[at] ?? 0);
  }
}
