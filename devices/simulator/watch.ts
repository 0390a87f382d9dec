import type { Clock } from "../../src/clock.ts";
import { liveRecord, liveText, type Look } from "./live_line.ts";

/** Where a run writes, and what it knows of the world. */
export interface SimIo {
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  error(text: string): void;
  /** Whether standard output is a terminal: then the live line is rewritten in place. */
  readonly isTerminal: boolean;
  /** How many columns the terminal has at this moment; left out or unknown: any number. */
  columns?(): number | undefined;
  /** Paces the run. */
  readonly clock: Clock;
  /** Ends the publishing early; the verdict still comes. */
  readonly signal: AbortSignal;
}

/** Pause between two looks, ms. */
const LOOK = 100;
/** Pause between two lines, ms. */
const TERMINAL_LINE = 500;
const LOG_LINE = 5_000;

/** Looks at a run several times a second: keeps its peaks, writes the live line. */
export class Watch {
  /** Most points that waited for the database. */
  peakPoints = 0;
  /** Most bytes that waited for the database. */
  peakBytes = 0;
  /** How long the backlog of the outage took to drain, ms; `undefined` before that or without an outage. */
  drainTime: number | undefined;
  readonly #io: SimIo;
  readonly #look: () => Look;
  readonly #end = new AbortController();
  #returnedAt: number | undefined;
  #wroteAt = -Infinity;
  #done: Promise<void>;

  /** Begins to look. */
  constructor(io: SimIo, look: () => Look) {
    this.#io = io;
    this.#look = look;
    this.#done = this.#run();
  }

  /** Says that the database has come back: its backlog drains from now on. */
  databaseReturned(): void {
    this.#returnedAt = this.#io.clock.monotonic();
  }

  /** Looks once more and ends. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#done;
    if (this.#io.isTerminal) this.#io.write("\n");
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      this.#once();
      await this.#io.clock.sleep(LOOK, this.#end.signal);
    }
    this.#wroteAt = -Infinity;
    this.#once();
  }

  #once(): void {
    const look = this.#look();
    const now = this.#io.clock.monotonic();
    this.peakPoints = Math.max(this.peakPoints, look.backlog.points);
    this.peakBytes = Math.max(this.peakBytes, look.backlog.bytes);
    if (this.#returnedAt !== undefined && this.drainTime === undefined) {
      // Fresh points always wait a little: the backlog is gone when the oldest is younger than the return.
      const oldest = look.backlog.oldestMs;
      if (oldest === null || oldest < now - this.#returnedAt) this.drainTime = now - this.#returnedAt;
    }
    if (now - this.#wroteAt < (this.#io.isTerminal ? TERMINAL_LINE : LOG_LINE)) return;
    this.#wroteAt = now;
    this.#io.write(
      this.#io.isTerminal ? `\r\x1b[2K${liveText(look, this.#io.columns?.())}` : `${liveRecord(look)}\n`,
    );
  }
}
