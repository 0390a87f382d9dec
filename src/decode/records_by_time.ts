import { momentOf } from "./moment.ts";
import type { Decoded } from "./decoder.ts";

interface Group {
  /** Nanoseconds since 1970; `undefined`: the time of receipt counts. */
  readonly time: bigint | undefined;
  readonly values: Map<string, unknown>;
}

/**
 * Gathers single values into records, one for each time. A key that comes twice at one time begins a second record
 * of that time: neither value hides the other.
 */
export class RecordsByTime {
  readonly #groups: Group[] = [];
  readonly #newest = new Map<bigint | undefined, Group>();

  /** Adds a value; `time` in nanoseconds since 1970, `undefined`: the time of receipt counts. */
  add(time: bigint | undefined, key: string, value: unknown): void {
    let group = this.#newest.get(time);
    if (group === undefined || group.values.has(key)) {
      group = { time, values: new Map() };
      this.#groups.push(group);
      this.#newest.set(time, group);
    }
    group.values.set(key, value);
  }

  /**
   * The records in the order of their times, those of one time in the order in which they came.
   *
   * @param receivedAt wall clock at receipt, ms: the place of records without a time
   */
  records(receivedAt: number): Decoded[] {
    const now = BigInt(Math.trunc(receivedAt)) * 1_000_000n;
    const before = (a: Group, b: Group): number => {
      const [first, second] = [a.time ?? now, b.time ?? now];
      return first < second ? -1 : first > second ? 1 : 0;
    };
    // Own members of every key, `__proto__` too.
    return this.#groups.sort(before).map(({ time, values }): Decoded => ({
      values: Object.fromEntries(values),
      ...(time === undefined ? {} : { moment: momentOf(time) }),
    }));
  }
}
