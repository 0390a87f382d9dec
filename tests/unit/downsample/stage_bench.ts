/**
 * The downsampling stage alone: readings by event time, deadlines by journal time, points as short texts.
 * @module
 */
import {
  Downsampler,
  openSeries,
  openStream,
  type Placement,
  Plans,
  restoreStreams,
  type Series,
  snapshotStage,
  snapshotStream,
  type StreamWindows,
  takeOver,
  type Window,
  type WindowRule,
} from "../../../src/downsample/mod.ts";
import {
  DeadlineQueue,
  type Downsample,
  type FieldType,
  type Point,
  type Value,
} from "../../../src/model/mod.ts";

/** Windows of 10 s: lateness 2 s, idle after 30 s, held for 30 s, the mean of the readings. */
export function windows(over: Partial<WindowRule> = {}): WindowRule {
  return {
    kind: "window",
    every: 10_000,
    aggregates: ["mean"],
    lateness: 2_000,
    idleAfter: 30_000,
    hold: 30_000,
    ...over,
  };
}

/** One series on a stage of its own. */
export class StageBench {
  stage: Downsampler;
  series: Series;
  readonly points: Point[] = [];
  #queue = new DeadlineQueue<Window>();
  readonly #plans = new Plans();
  #stream: StreamWindows;
  readonly #sink = (point: Point): void => void this.points.push(point);

  constructor(rule: Downsample = windows(), type: FieldType = "float", limit = 1_000) {
    this.stage = new Downsampler(this.#queue, 1, limit);
    this.#stream = openStream({ deviceIndex: 0, device: "k", profile: "p", measurement: "m", tags: [] });
    this.series = openSeries(this.#plans, this.#stream, 0, "x", type, rule);
  }

  /**
   * A reading, with its event time in seconds; deadlines up to the journal time come first.
   *
   * @param elapsed journal time, s; default: the event time
   * @param receipt time of receipt, s; default: the event time
   */
  read(second: number, value: Value, elapsed = second, receipt = second, ns = 0): Placement {
    this.pass(elapsed);
    const [ms, at] = [Math.round(second * 1_000), Math.round(elapsed * 1_000)];
    const placement = this.stage.reading(this.series, value, ms, ns, at, this.#sink);
    this.stage.advance(this.#stream, Math.min(ms, receipt * 1_000), at, this.#sink);
    return placement;
  }

  /** Lets journal time pass, s. */
  pass(elapsed: number): void {
    while (this.#queue.next <= elapsed * 1_000) {
      const deadline = this.#queue.pop();
      if (deadline !== undefined) this.stage.due(deadline.subject, deadline.due, this.#sink);
    }
  }

  /** Another definition, as a reload brings it; returns from when it holds, s. */
  reload(rule: Downsample): number | undefined {
    const from = takeOver(this.#plans, this.series, rule);
    return from === undefined ? undefined : from / 1_000;
  }

  /** Takes a checkpoint and goes on from it. */
  restart(): void {
    const counters = snapshotStage(this.stage);
    const snapshot = structuredClone(snapshotStream(this.#stream));
    this.#queue = new DeadlineQueue();
    this.stage = new Downsampler(this.#queue, 1, this.stage.limit);
    const [stream] = restoreStreams(this.stage, this.#plans, counters, [snapshot]);
    const series = stream?.series[0];
    if (stream === undefined || series === undefined) throw new Error("The stream is lost");
    this.#stream = stream;
    this.series = series;
  }

  /** Readings in windows that are not written yet. */
  get open(): number {
    return this.#stream.open;
  }

  /** Takes the points since the last call: `start=value (readings)`, in seconds, `!` marks a correction. */
  take(): string[] {
    return this.points.splice(0).map(({ ms, fields, readings, correction }) =>
      `${ms / 1_000}=${fields.map(({ value }) => value).join("/")} (${readings})${correction ? "!" : ""}`
    );
  }
}
