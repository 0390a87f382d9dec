/** What a scenario's run came to; one line of the table. */
export interface Row {
  /** Messages handed to the broker. */
  readonly published: number;
  /** Messages that the broker acknowledged: each is an obligation. */
  readonly acknowledged: number;
  /** Points in the database at the end. */
  readonly points: number;
  /** Messages in the quarantine at the end, and readings in it by themselves. */
  readonly quarantined: number;
  /** Values that must be in the database and are not, nor are counted as given up. */
  readonly lost: number;
  /** Values in the database that must not be there or not so, and messages counted twice. */
  readonly doubled: number;
  /** Seconds from the end of the fault until nothing waited any more. */
  readonly recovered: number;
  /** What else is worth knowing: how often the fault came, what was given up and counted. */
  readonly note?: string;
}

/** Several runs of one scenario as one line: counts add up, the slowest recovery counts. */
export function together(rows: readonly Row[], note?: string): Row {
  const sum = (pick: (row: Row) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return {
    published: sum((row) => row.published),
    acknowledged: sum((row) => row.acknowledged),
    points: sum((row) => row.points),
    quarantined: sum((row) => row.quarantined),
    lost: sum((row) => row.lost),
    doubled: sum((row) => row.doubled),
    recovered: Math.max(...rows.map((row) => row.recovered)),
    ...(note === undefined ? {} : { note }),
  };
}
