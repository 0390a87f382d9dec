import type { BlockEntry } from "./block_entries.ts";

/** What was delivered of one device and measurement at one UTC day. Values are fields of points. */
export interface AccountRow {
  /** Its number, from 1; none is used twice. */
  readonly number: number;
  /** Number of the device. */
  readonly device: number;
  /** The measurement. */
  readonly measurement: string;
  /** UTC days since 1970. */
  readonly day: number;
  /** Values delivered where the gateway has written nothing before. */
  fresh: number;
  /** Values delivered over known ones. */
  again: number;
  /** Values delivered of which it is not known whether they overwrite something. */
  unsure: number;
  /** Values refused by the database, given up, or lost to damage. */
  lost: number;
  /** Of `again`: those that came after something of the row was lost, which they may stand in for. */
  doubt: number;
  /** Values in the outbox. */
  waiting: number;
  /** Sum of the numbers as they stand in the database. */
  sum: number;
  /** Sum of the absolute values of all that went into `sum`, for judging its rounding. */
  size: number;
  /** Whether `sum` is known. */
  summed: boolean;
}

/** Values of a row came to the database, or, where that is not sure, may have come. */
export function came(
  row: AccountRow,
  { fresh, again, unsure, sum, size, summed }: BlockEntry,
  surely: boolean,
): void {
  if (surely) {
    row.fresh += fresh;
    row.again += again;
    row.unsure += unsure;
    row.sum += sum;
    row.size += size;
  } else row.unsure += fresh + unsure;
  if (!surely || !summed) row.summed = false;
  // What they overwrite may be among the values that never came.
  if (again === 0 || row.lost === 0) return;
  row.doubt += again;
  row.summed = false;
}

/** Numbers of a packed row. */
export const ROW_NUMBERS = 13;

/** A row without values. */
export function accountRow(number: number, device: number, measurement: string, day: number): AccountRow {
  return {
    number,
    device,
    measurement,
    day,
    fresh: 0,
    again: 0,
    unsure: 0,
    lost: 0,
    doubt: 0,
    waiting: 0,
    sum: 0,
    size: 0,
    summed: true,
  };
}

/** Appends a row as plain numbers; its measurement is a number of the caller's. */
export function packRow(row: AccountRow, measurement: number, into: number[]): void {
  const { number, device, day, fresh, again, unsure, lost, doubt, waiting, sum, size, summed } = row;
  into.push(number, device, measurement, day, fresh, again, unsure, lost, doubt, waiting, sum, size, +summed);
}

/** Reads what `packRow` appended, from an index on. */
export function unpackRow(
  from: readonly number[],
  at: number,
): Omit<AccountRow, "measurement"> & { readonly measurement: number } {
  const number = (offset: number): number => from[at + offset] ?? 0;
  return {
    number: number(0),
    device: number(1),
    measurement: number(2),
    day: number(3),
    fresh: number(4),
    again: number(5),
    unsure: number(6),
    lost: number(7),
    doubt: number(8),
    waiting: number(9),
    sum: number(10),
    size: number(11),
    summed: number(12) === 1,
  };
}
