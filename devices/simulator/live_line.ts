import type { Ledger } from "../../src/model/mod.ts";
import type { FleetCounts } from "./fleet.ts";
import type { Backlog } from "./gateway.ts";

/** What a run is doing. */
export type Phase = "running" | "outage" | "drain" | "verdict";

/** A look at the run. */
export interface Look {
  readonly phase: Phase;
  /** ms since the devices began. */
  readonly elapsed: number;
  readonly fleet: FleetCounts;
  readonly ledger: Ledger;
  readonly backlog: Backlog;
  /** Whether the database can be reached. */
  readonly databaseHere: boolean;
}

const GROUPS = new Intl.NumberFormat("en-US");

/** A count for people: `12,345`. */
export function counted(value: number): string {
  return GROUPS.format(value);
}

/** A number of bytes for people: `3.4 MiB`. */
export function sized(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/** Columns that all of a live line takes, and the figures that matter most; by these, so that it does not jump about. */
const ALL = 180;
const MOST = 110;

/** What waits for the database, for people. */
function waitingText({ points, bytes }: Backlog): string {
  if (points === 0) return "nothing waits";
  // What is not yet a block on disk has no size.
  const size = bytes === 0 ? "" : ` (${sized(bytes)})`;
  return `${counted(points)} ${points === 1 ? "point waits" : "points wait"}${size}`;
}

/**
 * The live line on a terminal: as much of it as one row holds, since only a single row can be written anew in its place.
 *
 * @param columns of the terminal
 */
export function liveText(look: Look, columns = Infinity): string {
  const { messages, readings } = look.ledger;
  const seconds = Math.floor(look.elapsed / 1_000);
  const clock = [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(
    ":",
  );
  const published = `published ${counted(look.fleet.published)}`;
  const delivered = `${counted(readings.delivered)} delivered`;
  const open = `${counted(readings.open + readings.waiting)} on the way`;
  const unchanged = `${counted(readings.unchanged)} unchanged`;
  const figures = columns < MOST
    ? [`readings ${delivered}`]
    : columns < ALL
    ? [published, `readings ${delivered} + ${open}`]
    : [
      published,
      `acknowledged ${counted(look.fleet.acknowledged)}`,
      `processed ${counted(messages.processed)}`,
      `readings ${counted(readings.decoded)} = ${delivered} + ${open} + ${unchanged}`,
    ];
  // Where there is no room for it, the phase says it too.
  const away = look.databaseHere || columns < ALL ? [] : ["database away"];
  const parts = [`${clock} ${look.phase.padEnd(7)}`, ...figures, waitingText(look.backlog), ...away];
  // A row that is full to its last column breaks on some terminals.
  return parts.join(" · ").slice(0, columns - 1);
}

/** The live line for a log: one JSON object. */
export function liveRecord(look: Look): string {
  return JSON.stringify({
    phase: look.phase,
    elapsed_s: Math.round(look.elapsed / 100) / 10,
    published: look.fleet.published,
    acknowledged: look.fleet.acknowledged,
    messages: look.ledger.messages,
    readings: look.ledger.readings,
    points: look.ledger.points,
    backlog: {
      points: look.backlog.points,
      bytes: look.backlog.bytes,
      oldest_ms: look.backlog.oldestMs,
    },
    database: look.databaseHere ? "here" : "away",
  });
}
