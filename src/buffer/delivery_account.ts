import type { Point, StreamIdentity } from "../model/mod.ts";
import { type AccountRow, accountRow, came, packRow, ROW_NUMBERS, unpackRow } from "./account_row.ts";
import { type BlockEntry, valuesOf } from "./block_entries.ts";
import type { Way } from "./outbox_counts.ts";

/** A UTC day, ms. */
export const DAY = 86_400_000;

/** Days that are kept. */
const DAYS = 14;
/** Rows that are kept, as far as that leaves the newest two days. */
const ROWS = 100_000;
const FEWEST_DAYS = 2;

/** What kinds of values a field of a measurement has had. */
export interface AccountField {
  /** Numbers. */
  numbers: boolean;
  /** Texts or booleans. */
  others: boolean;
}

/** The account as the checkpoint holds it. */
export interface AccountSnapshot {
  /** Wall clock from which on it is kept, ms. */
  readonly since: number;
  /** First day of which nothing was let go, as `AccountRow.day`; −Infinity: all days. */
  readonly from: number;
  /** Number of the newest row. */
  readonly newest: number;
  /** Measurements that had points at parts of a millisecond. */
  readonly finer: readonly string[];
  /** For each measurement its fields. */
  readonly fields: readonly (readonly [string, readonly (readonly [string, AccountField])[]])[];
  /** The rows, `ROW_NUMBERS` numbers each; a measurement is its number in `fields`. */
  readonly rows: readonly number[];
}

/** A device's share of a measurement: what its points have in common but the day. */
interface Lane {
  readonly device: number;
  readonly measurement: Measurement;
  readonly rows: Map<number, AccountRow>;
  /** The row used last. */
  last: AccountRow | undefined;
}

interface Measurement {
  readonly name: string;
  readonly fields: Map<string, AccountField>;
  finer: boolean;
}

/**
 * What was delivered, in the only terms that a database can be asked about: for each device, measurement and UTC day
 * of the points' own time how many distinct values, and their sum. The rules are in verify/SPEC.md (V1 …).
 */
export class DeliveryAccount {
  /** Wall clock from which on it is kept, ms. */
  readonly since: number;
  /** First day of which nothing was let go; −Infinity: all days. */
  from: number = -Infinity;
  #newest = 0;
  readonly #rows = new Map<number, AccountRow>();
  readonly #days = new Map<number, Set<AccountRow>>();
  readonly #measurements = new Map<string, Measurement>();
  readonly #lanes = new Map<string, Lane>();
  /** The short way for each point. */
  readonly #laneOf = new WeakMap<StreamIdentity, Lane>();

  /**
   * Goes on from a snapshot, or begins empty.
   *
   * @param since wall clock, ms, where it begins
   */
  constructor(since: number, snapshot?: AccountSnapshot) {
    this.since = snapshot?.since ?? since;
    if (snapshot !== undefined) this.#restore(snapshot);
  }

  /** Every row, in order of its number. */
  get rows(): Iterable<AccountRow> {
    return this.#rows.values();
  }

  /** The measurements with their fields, and whether they had points at parts of a millisecond. */
  get measurements(): Iterable<
    { readonly name: string; readonly fields: ReadonlyMap<string, AccountField>; readonly finer: boolean }
  > {
    return this.#measurements.values();
  }

  /**
   * A point came into the outbox; its values wait.
   *
   * @returns the number of its row; 0: its day is not kept
   */
  waiting(point: Point): number {
    const lane = this.#laneOf.get(point.stream) ?? this.#openLane(point.stream);
    const day = Math.floor(point.ms / DAY);
    const row = lane.last?.day === day && day >= this.from ? lane.last : this.#rowOf(lane, day);
    if (row === undefined) return 0;
    row.waiting += point.fields.length;
    // What was lost with it is on its way once more.
    if (point.again !== undefined) row.lost = Math.max(0, row.lost - point.fields.length);
    for (const { name, value } of point.fields) {
      const field = lane.measurement.fields.get(name);
      const isNumber = typeof value === "number";
      if (field === undefined) lane.measurement.fields.set(name, { numbers: isNumber, others: !isNumber });
      else if (isNumber) field.numbers = true;
      else field.others = true;
    }
    if (point.ns !== 0) lane.measurement.finer = true;
    return row.number;
  }

  /**
   * A block left, save its dead lines.
   *
   * @param way `unclear`: it was given up, and the database may have taken it
   * @param entries what it brings, without its dead lines
   */
  left(way: Way | "unclear", entries: readonly BlockEntry[]): void {
    for (const entry of entries) {
      const row = this.#rows.get(entry.row);
      if (row === undefined) continue;
      row.waiting -= valuesOf(entry);
      if (way === "refused" || way === "evicted") row.lost += valuesOf(entry);
      else came(row, entry, way === "delivered");
    }
  }

  /**
   * No block waits any more: what is still counted as waiting was in blocks that damage has taken. An earlier process
   * may have delivered them.
   */
  writeOff(): void {
    for (const row of this.#rows.values()) {
      if (row.waiting === 0) continue;
      row.unsure += row.waiting;
      row.waiting = 0;
      row.summed = false;
    }
  }

  /** The account as plain data; shares nothing but names. */
  snapshot(): AccountSnapshot {
    const measurements = [...this.#measurements.values()];
    const numbers = new Map(measurements.map(({ name }, index) => [name, index]));
    const rows: number[] = [];
    for (const row of this.#rows.values()) packRow(row, numbers.get(row.measurement) ?? 0, rows);
    return {
      since: this.since,
      from: this.from,
      newest: this.#newest,
      finer: measurements.flatMap(({ name, finer }) => finer ? [name] : []),
      fields: measurements.map(({ name, fields }) => [name, [...fields]]),
      rows,
    };
  }

  #openLane(stream: StreamIdentity): Lane {
    const lane = this.#lane(stream.deviceIndex, this.#measurement(stream.measurement));
    this.#laneOf.set(stream, lane);
    return lane;
  }

  #measurement(name: string): Measurement {
    let found = this.#measurements.get(name);
    if (found === undefined) this.#measurements.set(name, found = { name, fields: new Map(), finer: false });
    return found;
  }

  #lane(device: number, measurement: Measurement): Lane {
    const key = `${device} ${measurement.name}`;
    let found = this.#lanes.get(key);
    if (found === undefined) {
      this.#lanes.set(key, found = { device, measurement, rows: new Map(), last: undefined });
    }
    return found;
  }

  #rowOf(lane: Lane, day: number): AccountRow | undefined {
    if (day < this.from) return undefined;
    let row = lane.rows.get(day);
    if (row === undefined) {
      row = accountRow(++this.#newest, lane.device, lane.measurement.name, day);
      this.#add(row, lane);
      this.#trim();
      if (day < this.from) return undefined;
    }
    return lane.last = row;
  }

  #add(row: AccountRow, lane: Lane): void {
    lane.rows.set(row.day, row);
    this.#rows.set(row.number, row);
    let day = this.#days.get(row.day);
    if (day === undefined) this.#days.set(row.day, day = new Set());
    day.add(row);
  }

  /** Lets go of the oldest days, beyond those that are kept. */
  #trim(): void {
    while (this.#days.size > DAYS || (this.#days.size > FEWEST_DAYS && this.#rows.size > ROWS)) {
      const oldest = Math.min(...this.#days.keys());
      for (const row of this.#days.get(oldest) ?? []) {
        this.#rows.delete(row.number);
        this.#lanes.get(`${row.device} ${row.measurement}`)?.rows.delete(oldest);
      }
      this.#days.delete(oldest);
      this.from = oldest + 1;
    }
  }

  #restore(snapshot: AccountSnapshot): void {
    this.from = snapshot.from;
    this.#newest = snapshot.newest;
    const finer = new Set(snapshot.finer);
    const measurements = snapshot.fields.map(([name, fields]) => {
      const measurement = this.#measurement(name);
      measurement.finer = finer.has(name);
      for (const [field, kinds] of fields) measurement.fields.set(field, { ...kinds });
      return measurement;
    });
    for (let at = 0; at < snapshot.rows.length; at += ROW_NUMBERS) {
      const { measurement: index, ...numbers } = unpackRow(snapshot.rows, at);
      const measurement = measurements[index];
      if (measurement === undefined) continue;
      this.#add({ ...numbers, measurement: measurement.name }, this.#lane(numbers.device, measurement));
    }
  }
}
