import type { Clock } from "../clock.ts";
import { encodeLine } from "../forward/mod.ts";
import { type AlertEvent, type Point, rfc3339 } from "../model/mod.ts";
import type { DeliveryNews, Progress, QuarantineCounts, ReplaySink, ReplaySummary } from "../replay/mod.ts";
import type { CliIo } from "./io.ts";
import { summaryJson, summaryLines } from "./replay_summary.ts";

/** How it is reported. */
export interface ReportArgs {
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Characters that are written at once. */
const CHUNK = 64 * 1024;
/** Pauses between two lines of progress, ms: at a terminal, where one overwrites the other, and elsewhere. */
const AT_TERMINAL = 500;
const ELSEWHERE = 10_000;

/** Tells people or programs of a replay. As a sink it prints what goes out, for a dry run. */
export class ReplayReport implements ReplaySink {
  readonly #io: CliIo;
  readonly #args: ReportArgs;
  readonly #clock: Clock;
  #text = "";
  #progressAt: number;
  #progressShown = false;
  #waiting = "";
  #refusedLines = 0;

  /** @param clock for the pauses between lines of progress */
  constructor(io: CliIo, args: ReportArgs, clock: Clock) {
    this.#io = io;
    this.#args = args;
    this.#clock = clock;
    this.#progressAt = clock.monotonic();
  }

  /** Prints a point. */
  point(point: Point): void {
    const line = encodeLine(point);
    this.#print(this.#args.json ? `${JSON.stringify({ point: line })}\n` : `${line}\n`);
  }

  /** Prints an alert. */
  alert(event: AlertEvent): void {
    const { transition, rule, severity, device, field, value, summary } = event;
    const at = rfc3339(event.at);
    if (this.#args.json) {
      const alert = { transition, rule, severity, device, field, value, at, summary };
      this.#print(`${JSON.stringify({ alert })}\n`);
      return;
    }
    this.#io.stderr(`alert ${transition} ${severity} ${rule} at ${at}: ${summary}\n`);
  }

  /** Always has room. */
  room(): Promise<void> {
    return Promise.resolve();
  }

  /** Writes what is collected. */
  settled(): Promise<void> {
    this.#flush();
    return Promise.resolve();
  }

  /** Tells how far it is, now and then. */
  progress({ records, at, points }: Progress): void {
    const { isTerminal } = this.#io;
    // The lines themselves are progress enough.
    if (isTerminal && this.#args.dryRun) return;
    const now = this.#clock.monotonic();
    if (now - this.#progressAt < (isTerminal ? AT_TERMINAL : ELSEWHERE)) return;
    this.#progressAt = now;
    const [read, out] = [records, points].map((count) => count.toLocaleString("en-US"));
    const text = `${read} records read, received up to ${rfc3339(at)}, ${out} points`;
    this.#io.stderr(isTerminal ? `\r${text}\x1b[K` : `${text}\n`);
    this.#progressShown = isTerminal;
  }

  /** Tells what the database does not take. */
  news(news: DeliveryNews): void {
    if (news.kind === "waiting") {
      if (news.text === this.#waiting) return;
      this.#waiting = news.text;
      this.#line(`waiting: ${news.text}`);
    } else {
      if (this.#refusedLines === 0) this.#line(`refused by the database: ${news.words}`);
      this.#refusedLines += news.lines;
    }
  }

  /** Something else is about to be said. */
  interrupt(): void {
    this.#flush();
    if (this.#progressShown) this.#io.stderr("\n");
    this.#progressShown = false;
  }

  /** Prints the summary. */
  end(summary: ReplaySummary, quarantine?: QuarantineCounts): void {
    this.interrupt();
    const facts = { summary, quarantine, refusedLines: this.#refusedLines, dryRun: this.#args.dryRun };
    if (this.#args.json) this.#io.stdout(`${JSON.stringify({ summary: summaryJson(facts) })}\n`);
    else this.#io.stderr(summaryLines(facts).map((line) => `  ${line}\n`).join(""));
  }

  #line(text: string): void {
    this.interrupt();
    this.#io.stderr(`${text}\n`);
  }

  #print(text: string): void {
    this.#text += text;
    if (this.#text.length >= CHUNK) this.#flush();
  }

  #flush(): void {
    if (this.#text !== "") this.#io.stdout(this.#text);
    this.#text = "";
  }
}
