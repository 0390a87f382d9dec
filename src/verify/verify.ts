import type { Account } from "./account.ts";
import { compare, type Compared, type Comparison } from "./compare.ts";
import type { Database, Found, Question, Retention } from "./database.ts";
import { DAY, dayOf, type Days, startOf } from "./days.ts";
import { VerifyProblem } from "./problem.ts";

/** First pause before a difference is looked at again, ms; each is twice as long as the one before. */
const FIRST_PAUSE = 500;
/** Devices of a measurement that are counted the slow way at most. */
const RECOUNTED = 500;

/** What a verification works with. */
export interface VerifyParts {
  /** The gateway's account as it is when asked. */
  readonly account: () => Promise<Account>;
  /** The database that it writes to. */
  readonly database: Database;
  /** The moments that were asked for; left out: as far as the account goes. */
  readonly since?: number | undefined;
  /** The moment up to which was asked. */
  readonly until?: number | undefined;
  /** How long a difference may last before it is believed, ms. */
  readonly patience: number;
  /** Waits so many ms. */
  readonly pause: (ms: number) => Promise<void>;
}

/** What a verification found. */
export interface Verification extends Comparison {
  /** The days that were compared. */
  readonly days: Days;
  /** The account after the database was asked. */
  readonly account: Account;
  /** Measurements that cannot be compared there: their points lie closer than the database's clock ticks. */
  readonly skipped: readonly string[];
  /** How long the database keeps data; asked only where something is missing. */
  readonly retention: Retention | undefined;
  /** The days asked for that the account does not hold any more; `undefined`: none. */
  readonly cutFrom: number | undefined;
}

/**
 * Asks the gateway what it delivered and the database what it holds, and compares.
 *
 * @throws {VerifyProblem} where one of them does not answer, or there is nothing to compare
 */
export async function verify(parts: VerifyParts): Promise<Verification> {
  const { database, patience, pause } = parts;
  let waited = 0;
  let wait = FIRST_PAUSE;
  for (;;) {
    const verification = await once(parts);
    const missing = verification.rows.some(({ difference }) => difference < 0);
    if (!differs(verification) || waited >= patience) {
      return missing ? { ...verification, retention: await database.retention() } : verification;
    }
    // What was just delivered may not be visible yet, and a request without an answer may just have arrived.
    const rest = Math.min(wait, patience - waited);
    await pause(rest);
    waited += rest;
    wait *= 2;
  }
}

/** Whether anything does not agree. */
export function differs({ rows }: Comparison): boolean {
  return rows.some(isDifferent);
}

/** Whether a row does not agree. */
export function isDifferent({ difference, sums }: Compared): boolean {
  return difference !== 0 || sums === "differs";
}

async function once({ account, database, since, until }: VerifyParts): Promise<Verification> {
  const before = await account();
  const days = daysOf(before, since, until);
  const found = new Map<string, readonly Found[]>();
  const skipped: string[] = [];
  for (const question of questionsOf(before, days)) {
    const finer = before.measurements.some(({ name, finerThanMs }) =>
      name === question.measurement && finerThanMs
    );
    if (finer && database.keeps === "decimal") skipped.push(question.measurement);
    else found.set(question.measurement, await database.content(question));
  }
  if (found.size === 0) throw nothing(before, days, skipped);
  const after = await account();
  // Days that the account has let go meanwhile cannot be compared any more.
  const left = { ...days, from: Math.max(days.from, wholeFrom(after)) };
  let comparison = compare(before, found, after, left, database.keeps);
  if (await recounted(database, comparison, found, questionsOf(before, days))) {
    comparison = compare(before, found, after, left, database.keeps);
  }
  const cut = since !== undefined && left.from > since;
  return {
    ...comparison,
    days: left,
    account: after,
    skipped,
    retention: undefined,
    cutFrom: cut ? left.from : undefined,
  };
}

/** Counts once more, the slow way, where there is more than there may be. Returns whether that was done. */
async function recounted(
  database: Database,
  { rows }: Comparison,
  found: Map<string, readonly Found[]>,
  questions: readonly Question[],
): Promise<boolean> {
  if (database.recount === undefined) return false;
  let any = false;
  for (const question of questions) {
    const { measurement } = question;
    const more = rows.filter((row) => row.measurement === measurement && row.difference > 0);
    const devices = new Set(more.map(({ device }) => device));
    if (devices.size === 0 || devices.size > RECOUNTED) continue;
    any = true;
    const others = (found.get(measurement) ?? []).filter(({ device }) => !devices.has(device));
    found.set(measurement, [...others, ...await database.recount(question, [...devices])]);
  }
  return any;
}

/** Whole days around what was asked for, as far as the account goes. */
function daysOf(account: Account, since: number | undefined, until: number | undefined): Days {
  const known = [...account.rows.values()].map(({ day }) => startOf(day));
  // Rows may be more than a call takes arguments.
  const first = known.reduce((least, each) => Math.min(least, each), Infinity);
  const last = known.reduce((most, each) => Math.max(most, each), -Infinity);
  const from = since === undefined ? first : Math.floor(since / DAY) * DAY;
  const to = until === undefined ? last + DAY : Math.ceil(until / DAY) * DAY;
  return {
    from: Math.max(from, first, wholeFrom(account)),
    to: Math.min(to, last + DAY),
  };
}

function wholeFrom({ wholeFrom }: Account): number {
  return wholeFrom === null ? -Infinity : startOf(wholeFrom);
}

/** A question for each measurement of which the account has something within the days. */
function questionsOf(account: Account, days: Days): Question[] {
  const there = new Set<string>();
  for (const { measurement, day } of account.rows.values()) {
    const start = startOf(day);
    if (start >= days.from && start < days.to) there.add(measurement);
  }
  return account.measurements.flatMap(({ name, fields, numbers }) =>
    there.has(name) && fields.length > 0 ? [{ measurement: name, fields, numbers, days }] : []
  );
}

function nothing(account: Account, days: Days, skipped: readonly string[]): VerifyProblem {
  if (skipped.length > 0) {
    return new VerifyProblem(
      `There is nothing to compare: the points of ${
        skipped.map((name) => `"${name}"`).join(", ")
      } lie closer than a ` +
        "millisecond, and VictoriaMetrics keeps one of a millisecond",
    );
  }
  const kept = account.rows.size === 0
    ? "the gateway's account is empty"
    : `the account has nothing from ${dayOf(days.from)} to ${dayOf(Math.max(days.from, days.to - DAY))}`;
  return new VerifyProblem(`There is nothing to compare: ${kept} (it is kept since ${account.since})`);
}
