import type { Ledger } from "../../src/model/mod.ts";
import type { FateRow } from "./fates.ts";
import type { FleetCounts } from "./fleet.ts";
import { counted, sized } from "./live_line.ts";
import type { Expectation } from "./oracle.ts";
import type { DatabaseVerdict } from "./verdict.ts";

/** What a run came to. */
export interface Outcome {
  readonly fleet: FleetCounts;
  /** Whether the devices have said all that fell due. */
  readonly complete: boolean;
  readonly ledger: Ledger;
  readonly expectation: Expectation;
  /** Points and values in the database; `undefined` where it could not be read back, with the reason beside. */
  readonly database:
    | { readonly points: number; readonly values: number; readonly verdict: DatabaseVerdict }
    | undefined;
  /** Why the database was not compared. */
  readonly notCompared: string | undefined;
  /** Values that were overwritten: by others (corrections), and by themselves (sent again). */
  readonly overwritten: { readonly changed: number; readonly rewritten: number } | undefined;
  /** How long the database was away, ms. */
  readonly outage: number;
  /** How long its backlog took to drain, ms. */
  readonly drainTime: number | undefined;
  readonly peakPoints: number;
  readonly peakBytes: number;
  /** What became of what faults broke. */
  readonly fates: readonly FateRow[];
  /** Everything that differs, in sentences. */
  readonly complaints: readonly string[];
}

/** A row for a run that another one of the same seed need not be like. */
const CUT_SHORT: [string, string] = [
  "",
  "not all that fell due: it was ended early, or the machine was too slow",
];

/** The parts of a sum that are not zero, in words. */
function parts(sum: Readonly<Record<string, number>>): string {
  const shown = Object.entries(sum).filter(([, count]) => count !== 0);
  return shown.map(([name, count]) => `${counted(count)} ${name}`).join(" + ") || "nothing";
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** What faults broke, and what became of it, as a table; empty without faults. */
function faultTable(fates: readonly FateRow[]): string {
  if (fates.length === 0) return "";
  const rows = fates.map(({ fault, messages, must, became, matched }) => [
    fault,
    counted(messages),
    must,
    matched ? became : `${became}  <- NOT MATCHED`,
  ]);
  const all = [["fault", "messages", "must become", "became"], ...rows];
  const width = (column: number): number => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const lines = all.map(([fault = "", messages = "", must = "", became = ""]) =>
    `  ${fault.padEnd(width(0))}  ${messages.padStart(width(1))}  ${must.padEnd(width(2))}  ${became}`
  );
  return `${lines.join("\n")}\n\n`;
}

/** The end of a run, for people: where everything is, and the verdict. */
export function summaryText(outcome: Outcome): string {
  const { fleet, ledger, expectation, database } = outcome;
  const { received, ...messages } = ledger.messages;
  const { decoded, ...readings } = ledger.readings;
  const { produced, ...points } = ledger.points;
  const rows: [string, string][] = [
    ["published", `${counted(fleet.published)} messages, ${counted(fleet.acknowledged)} acknowledged`],
    ...(outcome.complete ? [] : [CUT_SHORT]),
    ["messages", `${counted(received)} received = ${parts({ ...messages })}`],
    ["readings", `${counted(decoded)} decoded = ${parts({ ...readings })}`],
    ["points", `${counted(produced)} produced = ${parts({ ...points })}`],
    [
      "expected",
      `${counted(expectation.points.points)} points with ${counted(expectation.points.values)} values`,
    ],
  ];
  if (database !== undefined) {
    const { missing, spurious, differing } = database.verdict;
    rows.push(["database", `${counted(database.points)} points with ${counted(database.values)} values`]);
    rows.push([
      "compared",
      `${counted(missing)} missing, ${counted(spurious)} spurious, ${counted(differing)} differing`,
    ]);
  } else {
    rows.push(["database", `not compared, ${outcome.notCompared}; only the ledger is`]);
  }
  if (outcome.overwritten !== undefined) {
    const { changed, rewritten } = outcome.overwritten;
    rows.push([
      "overwritten",
      `${counted(changed)} values corrected, ${counted(rewritten)} sent again unchanged`,
    ]);
  }
  if (outcome.outage > 0) {
    const drained = outcome.drainTime === undefined
      ? "not drained"
      : `drained in ${seconds(outcome.drainTime)}`;
    rows.push(["outage", `${seconds(outcome.outage)}, ${drained}`]);
  }
  rows.push(["peak backlog", `${counted(outcome.peakPoints)} points, ${sized(outcome.peakBytes)}`]);
  const table = rows.map(([name, text]) => `  ${name.padEnd(13)} ${text}`).join("\n");
  const faults = faultTable(outcome.fates);
  if (outcome.complaints.length === 0) {
    const labels = faults === "" ? "" : ", every fault became what it must";
    return `\n${table}\n\n${faults}VERDICT: every reading accounted for${labels}\n`;
  }
  const list = outcome.complaints.map((text) => `  ${text}`).join("\n");
  return `\n${table}\n\n${faults}VERDICT: not every reading accounted for\n${list}\n`;
}
