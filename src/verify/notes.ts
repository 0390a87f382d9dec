import type { AccountRow } from "./account.ts";
import { DAY, dayOf, startOf } from "./days.ts";
import { countText } from "./table.ts";
import { differs, type Verification } from "./verify.ts";

/**
 * What has to be known to read the figures: what was not expected and why, what may explain a difference.
 *
 * @param wall wall clock, ms
 * @param caveat what has to be known of the account where something differs
 */
export function notesOf(verification: Verification, wall: number, caveat: string | undefined): string[] {
  const { account, days, foreign, skipped, cutFrom } = verification;
  const within = [...account.rows.values()].filter(({ day }) =>
    startOf(day) >= days.from && startOf(day) < days.to
  );
  const sum = (of: (row: AccountRow) => number): number => within.reduce((so, row) => so + of(row), 0);
  const notes: string[] = [];
  const say = (count: number, words: string): void => {
    if (count > 0) notes.push(`${countText(count)} ${words}`);
  };
  say(
    sum((row) => row.notDelivered),
    "values were refused by the database, or given up for space or age: they are not expected",
  );
  say(sum((row) => row.waiting), "values wait for the database: they may be there or not");
  say(
    sum((row) => row.uncertain),
    "values are in doubt: out of order, over values that were lost, or given up after an answer that never came",
  );
  say(
    sum((row) => row.rewritten),
    "values were delivered over earlier ones, as corrections: they count once",
  );
  if (cutFrom !== undefined) {
    notes.push(`The account goes back to ${dayOf(cutFrom)}; days before it are not compared`);
  }
  if (skipped.length > 0) {
    const names = skipped.map((name) => `"${name}"`).join(", ");
    notes.push(
      `Not compared: ${names}, whose points lie closer than a millisecond, of which VictoriaMetrics keeps one`,
    );
  }
  if (foreign.devices > 0) {
    notes.push(
      `Beside them the measurements hold ${countText(foreign.values)} values of ${
        countText(foreign.devices)
      } devices ` +
        "of which this gateway has delivered nothing",
    );
  }
  if (caveat !== undefined && differs(verification)) notes.push(caveat);
  return [...notes, ...explanations(verification, wall)];
}

/** What may be behind a difference. */
function explanations({ rows, account, retention }: Verification, wall: number): string[] {
  const notes: string[] = [];
  const missing = rows.filter(({ difference }) => difference < 0);
  if (missing.length > 0) {
    if (retention !== undefined) notes.push(retentionNote(retention.text, retention.ms, missing, wall));
    notes.push(
      "What is missing was acknowledged by the database: it was deleted there, fell out of its retention, or was lost by " +
        "it. The command replay writes again what buffer.archive still holds",
    );
  }
  const more = rows.filter(({ difference }) => difference > 0);
  if (more.length > 0) {
    const began = dayOf(Date.parse(account.since));
    if (more.some(({ day }) => day <= began)) {
      notes.push(
        `The account begins at ${account.since}: what an earlier data folder delivered is not in it, and ` +
          `--since ${dayOf(startOf(began) + DAY)} leaves it out`,
      );
    }
    notes.push(
      "What is more than was delivered came from another writer, or in a request whose answer was lost and whose values " +
        "were given up afterwards",
    );
  }
  if (rows.some(({ sums }) => sums === "differs")) {
    notes.push(
      "Where only the sums differ, somebody has written other values over those that were delivered",
    );
  }
  return notes;
}

function retentionNote(
  text: string,
  ms: number | null,
  missing: readonly { readonly day: string }[],
  wall: number,
): string {
  if (ms === null) return `Of how long it keeps data: ${text}`;
  const expired = missing.filter(({ day }) => startOf(day) < wall - ms);
  return expired.length === 0
    ? `Retention does not explain it: ${text}`
    : `Retention explains ${expired.length === missing.length ? "it" : "some of it"}: ${text}, up to ${
      dayOf(wall - ms)
    } everything is due to be gone`;
}
