import { rfc3339 } from "../model/mod.ts";
import type { Facts, Level } from "./facts.ts";

/** One event, ready to become a line. */
export interface Entry {
  /** Wall clock, ms. */
  readonly at: number;
  readonly level: Level;
  readonly event: string;
  readonly facts: Facts;
}

/** A line for machines: one flat JSON object; `time`, `level` and `event` win over facts of the same name. */
export function jsonLine(entry: Entry): string {
  const head = { time: rfc3339(entry.at), level: entry.level, event: entry.event };
  return JSON.stringify({ ...head, ...entry.facts, ...head });
}

/** ANSI colours: only what needs attention stands out. */
const COLOUR: Readonly<Record<Level, string>> = {
  debug: "\x1b[2m",
  info: "",
  warning: "\x1b[33m",
  error: "\x1b[31m",
};
const DIM = "\x1b[2m";
const PLAIN = "\x1b[0m";

/** A line for people: time of day in UTC, level, the event in words, facts. */
export function textLine(entry: Entry, colour: boolean): string {
  const time = (rfc3339(entry.at) ?? "").slice(11) || "time unknown";
  const level = entry.level.padEnd(7);
  const words = entry.event.replaceAll("_", " ");
  const facts = Object.entries(entry.facts).map(([name, value]) => `${printable(name)}=${printed(value)}`)
    .join(" ");
  if (!colour) return `${time} ${level} ${printable(words)}${facts === "" ? "" : `  ${facts}`}`;
  const tint = COLOUR[entry.level];
  const shown = tint === "" ? level : `${tint}${level}${PLAIN}`;
  return `${DIM}${time}${PLAIN} ${shown} ${printable(words)}${
    facts === "" ? "" : `  ${DIM}${facts}${PLAIN}`
  }`;
}

function printed(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  return /^[\w./:@+-]+$/.test(value) ? value : printable(JSON.stringify(value));
}

/**
 * Makes visible what a terminal would obey: C0 and C1 controls, line separators, changes of direction. Device
 * names and payload excerpts come from outside and must not be able to write lines of their own.
 */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- finding control characters is the purpose
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
