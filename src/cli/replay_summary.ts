import { rfc3339 } from "../model/mod.ts";
import type { QuarantineCounts, ReplaySummary } from "../replay/mod.ts";

/** What a summary tells of. */
export interface ReplayFacts {
  readonly summary: ReplaySummary;
  /** What the quarantine held, where that was replayed. */
  readonly quarantine: QuarantineCounts | undefined;
  /** Lines that the database refused. */
  readonly refusedLines: number;
  readonly dryRun: boolean;
}

const WIDTH = 14;

/** A summary for people, line by line; what is zero is left out. */
export function summaryLines({ summary, quarantine, refusedLines, dryRun }: ReplayFacts): string[] {
  const { first, last, received, messages, readings, leftOut, lost, rulesSkipped, sentAgain, unchecked } =
    summary;
  const rows: (readonly [string, string])[] = [];
  const row = (name: string, ...parts: readonly (string | false)[]): void => {
    const said = parts.filter((part) => part !== false);
    if (said.length > 0) rows.push([name, said.join(", ")]);
  };
  if (quarantine === undefined) {
    row("read", first === 0 ? "no records" : `positions ${first} to ${last} of the journal`);
  } else {
    const { entries, repeated, redacted, points } = quarantine;
    row(
      "quarantine",
      entries === 1 ? "1 entry" : `${count(entries)} entries`,
      repeated > 0 && `${count(repeated)} of a message that another has brought`,
      redacted > 0 && `${count(redacted)} redacted, which cannot be replayed`,
      points > 0 && `${count(points, "point")} of those that the database refused: no messages`,
    );
  }
  if (received === undefined) row("stretch", "nothing was received in it");
  else row("stretch", `received from ${rfc3339(received.from)} to ${rfc3339(received.to)}`);
  row("messages", `${count(messages.received)} received`, ...named(messages, "received"));
  row("readings", `${count(readings.decoded)} decoded`, ...named(readings, "decoded"));
  const total = [...summary.points.values()].reduce((sum, each) => sum + each, 0);
  const points = [...summary.points].map(([name, each]) => `${name} ${count(each)}`);
  row("points", `${count(total)} ${dryRun ? "printed" : "written"}`, ...points);
  row("refused", ...[...summary.refusals].map(([reason, each]) => `${reason} ${count(each)}`));
  row(
    "alerts",
    ...[...summary.alerts].map(([rule, { firing, resolved }]) =>
      `${rule} ${count(firing)} fired, ${count(resolved)} resolved`
    ),
  );
  row(
    "left out",
    leftOut.edge > 0 && `${count(leftOut.edge, "point")} at an edge of what can be read`,
    leftOut.open > 0 && `${count(leftOut.open, "window")} still open`,
  );
  row("missing", lost.records > 0 && `${count(lost.records, "record")} in ${count(lost.gaps, "gap")}`);
  row("passed over", rulesSkipped > 0 && `${count(rulesSkipped, "record")} of rules`);
  row("sent again", sentAgain > 0 && `${count(sentAgain, "point")} completed meanwhile`);
  row(
    "unchecked",
    unchecked > 0 && `${count(unchecked, "window")}: what the gateway has taken in meanwhile cannot be read`,
  );
  row("database", refusedLines > 0 && `refused ${count(refusedLines, "line")}`);
  return rows.map(([name, text]) => `${name.padEnd(WIDTH)}${text}`);
}

/** A summary for programs. */
export function summaryJson({ summary, quarantine, refusedLines }: ReplayFacts): object {
  const { first, last, received, messages, readings, leftOut, lost } = summary;
  return {
    first,
    last,
    received_from: received === undefined ? null : rfc3339(received.from),
    received_to: received === undefined ? null : rfc3339(received.to),
    messages,
    readings,
    points: Object.fromEntries(summary.points),
    refusals: Object.fromEntries(summary.refusals),
    alerts: Object.fromEntries(summary.alerts),
    left_out: leftOut,
    lost,
    rules_skipped: summary.rulesSkipped,
    sent_again: summary.sentAgain,
    unchecked: summary.unchecked,
    refused_by_database: refusedLines,
    ...(quarantine === undefined ? {} : { quarantine }),
  };
}

function named(counts: Readonly<Record<string, number>>, without: string): string[] {
  return Object.entries(counts)
    .filter(([name, each]) => name !== without && each > 0)
    .map(([name, each]) => `${count(each)} ${name}`);
}

/** A number, and what it counts. */
function count(n: number, what?: string): string {
  const number = n.toLocaleString("en-US");
  return what === undefined ? number : `${number} ${what}${n === 1 ? "" : "s"}`;
}
