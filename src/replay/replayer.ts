import type { Window } from "../downsample/mod.ts";
import type { Keyring } from "../enrich/mod.ts";
import type { InboxRecord, Point, Rules, Stamp } from "../model/mod.ts";
import { type Batch, River, type RiverOutput } from "../pipeline/mod.ts";
import { Edge } from "./edge.ts";
import { HeldPoints } from "./held_points.ts";
import { ReplayProblem } from "./problem.ts";
import { RefusedHere } from "./refused_here.ts";
import { Recheck } from "./recheck.ts";
import type { ReplaySink } from "./sink.ts";
import { emptySummary, type ReplaySummary } from "./summary.ts";
import { Tally } from "./tally.ts";

/** What a replay is made with. */
export interface ReplayerOptions {
  /** The rules that everything goes through. */
  readonly rules: Rules;
  /** The keys of hashes that the rules may ask for. */
  readonly keyring: Keyring;
  /** The stretch, by time of receipt, ms: `from` belongs to it, `to` does not. */
  readonly from: number;
  readonly to: number;
  /** Tags that every point gets beside its own. */
  readonly extraTags?: Point["extraTags"];
}

/** Windows are looked at once in so many positions, so that the order of the output depends on nothing else. */
const LOOK = 4_096;
/** Journal time that passes at the end of what nobody goes on with, ms: 100 years, which is past every deadline. */
const LONG = 36_500 * 86_400_000;

/** Before the stretch · within it · behind it · at the end of what nobody goes on with. */
type Phase = "before" | "within" | "behind" | "closing";

/** One river, and what of its output goes out (SPEC.md, H2 to H6). */
export class Replayer {
  /** What it came to so far. */
  readonly summary: ReplaySummary = emptySummary();
  readonly #options: ReplayerOptions;
  readonly #sink: ReplaySink;
  readonly #river: River;
  readonly #edge: Edge;
  readonly #held = new HeldPoints();
  readonly #refused = new RefusedHere();
  readonly #tally: Tally;
  #recheck: Recheck | undefined;
  /** A point without a window went out. */
  #passed = false;
  readonly #output: RiverOutput;
  #phase: Phase = "before";

  /** Reads nothing by itself. */
  constructor(options: ReplayerOptions, sink: ReplaySink) {
    this.#options = options;
    this.#sink = sink;
    this.#river = new River(options.rules, [], options.keyring);
    this.#edge = new Edge(options.rules);
    this.#tally = new Tally(this.summary, this.#river.totals);
    this.#output = {
      point: (point, window) => this.#point(point, window),
      refused: (refused): void => {
        this.#edge.refused(refused);
        this.#refused.note(refused);
        if (this.#within) this.#tally.refused(refused.refusal.reason);
      },
      alert: (event): void => {
        // Late news of an alert is no alert more.
        if (!this.#within || event.late === true) return;
        this.#tally.alert(event);
        sink.alert(event);
      },
    };
  }

  /** Position of the newest record that was taken in. */
  get position(): number {
    return this.#river.position;
  }

  /** Whether nothing that is still to come can belong to the output. */
  get done(): boolean {
    return this.#phase === "behind" && this.#held.settled;
  }

  get #within(): boolean {
    return this.#phase === "within" && this.#recheck === undefined;
  }

  /**
   * Takes records in, in journal order.
   *
   * @throws {ReplayProblem} where a record cannot be taken in, or the sink has given up
   */
  async take({ records, lost }: Batch): Promise<void> {
    const { summary } = this;
    if (lost > 0) {
      this.#tally.lost(lost);
      this.#river.lost(lost);
      this.#gap();
      if (this.#recheck !== undefined) summary.unchecked += this.#recheck.windows;
    }
    for (const record of records) {
      if (summary.first === 0) {
        summary.first = record.position;
        this.#river.adopt(record.position - 1, 0);
        if (record.position > 1) this.#gap();
      }
      this.#mind(record);
      this.#enter(record.stamp);
      this.#step(record);
      if (record.position % LOOK === 0) await this.#look();
    }
    summary.last = this.#river.position;
  }

  /** The end of what there is: what waits only for a reading that may never come goes out (H4). */
  finish(): void {
    this.#lookNow();
    if (this.#phase !== "behind") this.#leave();
    const provisional = new Set<Window>();
    for (const [window, point] of this.#held.takeAll()) {
      if (this.#edge.cuts(point, window)) this.summary.leftOut.edge++;
      else if (window.fresh > 0) this.summary.leftOut.open++;
      else {
        provisional.add(window);
        this.#out(point);
      }
    }
    this.#recheck = new Recheck(provisional, this.#passed);
  }

  /** What is taken in next may complete what went out (H9); `false`: nothing is left that it could. */
  lookAgain(): boolean {
    return this.#recheck?.begin() === true;
  }

  /** The end of what nobody goes on with: every window is written. */
  close(): void {
    if (this.#phase === "within") this.#phase = "closing";
    if (this.#phase !== "before") {
      const { position, elapsed } = this.#river;
      const stamp = { receivedAt: 0, elapsed: elapsed + LONG, implausible: true };
      this.#step({ position: position + 1, stamp, content: { kind: "tick" } });
    }
    this.finish();
  }

  #step(record: InboxRecord): void {
    const { content } = record;
    try {
      if (content.kind === "rules") {
        if (this.#within) this.summary.rulesSkipped++;
        this.#river.step({ ...record, content: { kind: "tick" } }, this.#output);
      } else this.#river.step(this.#refused.here(record), this.#output);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new ReplayProblem(`The record ${record.position} cannot be taken in: ${words}`, { cause: error });
    }
  }

  #point(point: Point, window: Window | undefined): void {
    if (this.#recheck !== undefined) {
      // A window that was whole when it went out is completed, whatever is doubted since.
      if (window === undefined && this.#edge.cuts(point)) return;
      if (!this.#recheck.finds(point, window)) return;
      this.summary.sentAgain++;
      this.#sink.point(this.#tagged(point));
      return;
    }
    const counts = this.#phase === "within" || this.#phase === "closing";
    if (window !== undefined) {
      if (counts || this.#held.has(window)) this.#held.keep(window, point);
    } else if (counts) {
      if (this.#edge.cuts(point)) this.summary.leftOut.edge++;
      else {
        this.#passed = true;
        this.#out(point);
      }
    }
  }

  #enter(stamp: Stamp): void {
    const { from, to } = this.#options;
    if (this.#recheck !== undefined) return;
    if (
      this.#phase === "before" && (from === -Infinity || (!stamp.implausible && stamp.receivedAt >= from))
    ) {
      this.#phase = "within";
      this.#tally.begin();
    }
    if (!this.#within) return;
    if (!stamp.implausible && stamp.receivedAt >= to) {
      this.#leave();
      this.#phase = "behind";
    } else this.#tally.received(stamp.receivedAt);
  }

  /** The stretch ends here. */
  #leave(): void {
    if (this.#phase === "before") return;
    this.#tally.end();
    for (const window of this.#windows()) if (!window.emitted) this.summary.leftOut.open++;
  }

  /** Looks at what the record means for the edge, before it is taken in. */
  #mind({ content, stamp }: InboxRecord): void {
    if (content.kind === "session" && this.#edge.doubts(content.session.resumed)) this.#gap();
    else if (content.kind === "message") {
      const { message } = content;
      const device = message.retain ? this.#river.routes.routeOf(message.topic)?.device : undefined;
      this.#edge.message(message, stamp, device);
    }
    this.#edge.pass(stamp);
  }

  #gap(): void {
    // What can change no more is whole.
    this.#lookNow();
    this.#edge.begin(this.#windows());
  }

  /** Every window that is open or held. */
  *#windows(): Generator<Window> {
    for (const { windows } of this.#river.registry.streams) {
      for (const series of windows.series) yield* series.windows.values();
    }
  }

  async #look(): Promise<void> {
    this.#lookNow();
    await this.#sink.room();
  }

  #lookNow(): void {
    for (const [window, point] of this.#held.takeForgotten()) {
      if (this.#edge.cuts(point, window)) this.summary.leftOut.edge++;
      else this.#out(point);
    }
  }

  #out(point: Point): void {
    this.#tally.point(point.stream.measurement);
    this.#sink.point(this.#tagged(point));
  }

  #tagged(point: Point): Point {
    const { extraTags } = this.#options;
    return extraTags === undefined ? point : { ...point, extraTags };
  }
}
