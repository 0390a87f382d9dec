import type { Compared } from "./compare.ts";
import { DAY, dayOf } from "./days.ts";
import { notesOf } from "./notes.ts";
import { countText, type Row, sumText, table, wrapped } from "./table.ts";
import { differs, isDifferent, type Verification } from "./verify.ts";

/** Rows that are shown at most; all of them are in the JSON. */
const SHOWN = 40;

/** Whom a verification asked, for people. */
export interface Sides {
  /** Where the account came from. */
  readonly gateway: string;
  /** The database. */
  readonly database: string;
  /** What has to be known of the account where something differs. */
  readonly caveat: string | undefined;
}

/** A verification in words: what differs, the totals, the verdict. */
export function reportText(
  { caveat, ...sides }: Sides,
  verification: Verification,
  wall: number,
): string {
  const { days, rows } = verification;
  const last = days.to - DAY;
  const range = last === days.from ? dayOf(days.from) : `${dayOf(days.from)} to ${dayOf(last)}`;
  const parts = [
    `gateway   ${sides.gateway}\ndatabase  ${sides.database}\ndays      ${range}, UTC\n`,
    counts(rows.filter(({ difference }) => difference !== 0)),
    sums(rows.filter((row) => row.sums === "differs")),
    table(["measurement", "devices", "expected", "found", "difference"], totals(rows)),
    notesOf(verification, wall, caveat).map((note) => wrapped(note)).join(""),
    `${verdictOf(verification)}\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function counts(rows: readonly Compared[]): string {
  const shown = rows.slice(0, SHOWN).map((row): Row => [
    row.device,
    row.measurement,
    row.day,
    between(row.least, row.most),
    countText(row.found),
    signed(row.difference),
  ]);
  return table(["device", "measurement", "day", "expected", "found", "difference"], shown) + more(rows);
}

function sums(rows: readonly Compared[]): string {
  const shown = rows.slice(0, SHOWN).map((row): Row => [
    row.device,
    row.measurement,
    row.day,
    sumText(row.sumExpected ?? NaN),
    sumText(row.sumFound),
    sumText(row.sumFound - (row.sumExpected ?? NaN)),
  ]);
  return table(["device", "measurement", "day", "sum expected", "sum found", "difference"], shown) +
    more(rows);
}

function more(rows: readonly Compared[]): string {
  return rows.length > SHOWN
    ? `  … and ${countText(rows.length - SHOWN)} more; --json has all of them\n`
    : "";
}

/** What each measurement comes to. */
export function totals(rows: readonly Compared[]): Row[] {
  const measurements = new Set(rows.map(({ measurement }) => measurement));
  return [...measurements].map((name) => {
    const own = rows.filter(({ measurement }) => measurement === name);
    const sum = (of: (row: Compared) => number): number => own.reduce((so, row) => so + of(row), 0);
    return [
      name,
      countText(new Set(own.map(({ device }) => device)).size),
      between(sum((row) => row.least), sum((row) => row.most)),
      countText(sum((row) => row.found)),
      signed(sum((row) => row.difference)),
    ];
  });
}

function between(least: number, most: number): string {
  return least === most ? countText(least) : `${countText(least)} to ${countText(most)}`;
}

function signed(count: number): string {
  return count > 0 ? `+${countText(count)}` : countText(count);
}

/** The last line: agreement, or by how much not. */
export function verdictOf(verification: Verification): string {
  const { rows } = verification;
  const compared = rows.filter((row) => row.sums !== "not_compared");
  if (!differs(verification)) {
    const found = rows.reduce((so, row) => so + row.found, 0);
    const sums = compared.length === 0
      ? ""
      : `; ${countText(compared.length)} of ${rows.length} sums compared`;
    return `AGREEMENT: the database holds all ${countText(found)} values that it should${sums}`;
  }
  const part = (
    which: (row: Compared) => boolean,
    of: (row: Compared) => number,
    words: string,
  ): string[] => {
    const some = rows.filter(which);
    if (some.length === 0) return [];
    const devices = new Set(some.map(({ device }) => device)).size;
    const amount = some.reduce((so, row) => so + of(row), 0);
    return [`${plural(amount, "value")} of ${plural(devices, "device")} ${words}`];
  };
  const parts = [
    ...part(({ difference }) => difference < 0, ({ difference }) => -difference, "missing"),
    ...part(({ difference }) => difference > 0, ({ difference }) => difference, "more than was delivered"),
  ];
  const wrong = rows.filter((row) => row.sums === "differs");
  if (wrong.length > 0) {
    const devices = new Set(wrong.map(({ device }) => device)).size;
    parts.push(`other values than were delivered in ${plural(devices, "device")}, by the sums`);
  }
  return `DIFFERENCE: ${parts.join(", ")}`;
}

function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** A verification for programs: everything that differs, the totals, the verdict. */
export function reportJson({ caveat, ...sides }: Sides, verification: Verification, wall: number): string {
  const { rows, days, account, skipped, foreign } = verification;
  const sum = (of: (row: Compared) => number): number => rows.reduce((so, row) => so + of(row), 0);
  return JSON.stringify({
    verdict: differs(verification) ? "difference" : "agreement",
    text: verdictOf(verification),
    ...sides,
    since: dayOf(days.from),
    until: dayOf(days.to),
    account_since: account.since,
    expected_least: sum(({ least }) => least),
    expected_most: sum(({ most }) => most),
    found: sum(({ found }) => found),
    rows: rows.length,
    sums_compared: rows.filter((row) => row.sums !== "not_compared").length,
    differences: rows.filter(isDifferent).map((row) => ({
      device: row.device,
      measurement: row.measurement,
      day: row.day,
      expected_least: row.least,
      expected_most: row.most,
      found: row.found,
      difference: row.difference,
      sums: row.sums,
      sum_expected: row.sumExpected,
      sum_found: row.sumFound,
    })),
    foreign,
    skipped,
    notes: notesOf(verification, wall, caveat),
  });
}
