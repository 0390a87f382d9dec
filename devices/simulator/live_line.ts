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

/** The live line on a terminal. */
export function liveText(look: Look): string {
  const seconds = Math.floor(look.elapsed / 1_000);
  const time = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${
    String(seconds % 60).padStart(2, "0")
  }`;
  const { messages, readings } = look.ledger;
  const waiting = look.backlog.points === 0
    ? "nothing waits"
    : `${counted(look.backlog.points)} points wait (${sized(look.backlog.bytes)})`;
  return [
    `${time} ${look.phase.padEnd(7)}`,
    `published ${counted(look.fleet.published)}`,
    `acknowledged ${counted(look.fleet.acknowledged)}`,
    `processed ${counted(messages.processed)}`,
    `readings ${counted(readings.decoded)} = ${counted(readings.delivered)} delivered + ${
      counted(readings.open + readings.waiting)
    } on the way + ${counted(readings.unchanged)} unchanged`,
    waiting,
    look.databaseHere ? "" : "database away",
  ].filter((part) => part !== "").join(" · ");
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
