import type { DeadlineSink, Earlier, Point, Value } from "../model/mod.ts";
import { addToSketch, emptySketch } from "./aggregates/sketch.ts";
import { HeldWindows } from "./held.ts";
import { passes } from "./pass.ts";
import {
  dueOf,
  isLive,
  ruleAt,
  type RuleFrom,
  type Series,
  stillCounts,
  type StreamWindows,
  type Window,
  type WindowRule,
} from "./series.ts";
import { thoseThat } from "./window_list.ts";

/** Takes the points that windows and passing readings make; `window`: the one that it is of, if it is of one. */
export type PointSink = (point: Point, window?: Window) => void;

/** What became of a reading. */
export type Placement = "open" | "passed" | "unchanged" | "late" | "cardinality";

/** Gap windows that a series keeps (W7). */
const MAX_GAPS = 2;

/** The stage: places readings in windows and emits points, by the rules of SPEC.md. */
export class Downsampler {
  /** Windows open and held together. */
  windows = 0;
  /** Windows opened so far; numbers them. */
  opened = 0;
  /** The held ones, oldest first (W15). */
  readonly held: HeldWindows = new HeldWindows();
  readonly #queue: DeadlineSink<Window>;
  readonly #kind: number;

  /**
   * Starts without a window.
   *
   * @param queue where the stage puts its deadlines
   * @param kind the stage's kind in that queue
   * @param limit most windows open and held together
   */
  constructor(queue: DeadlineSink<Window>, kind: number, public limit: number) {
    this.#queue = queue;
    this.#kind = kind;
  }

  /**
   * Places one reading.
   *
   * @param ms event time, with `ns` nanoseconds beyond it
   * @param elapsed journal time, ms
   */
  reading(series: Series, value: Value, ms: number, ns: number, elapsed: number, out: PointSink): Placement {
    const { rule, plan } = ruleAt(series, ms);
    if (rule.kind !== "window") return passes(series, rule, value, ms, ns, out);
    if (plan === undefined) throw new RangeError(`A window of "${series.field}" without a plan cannot be`);
    const start = Math.floor(ms / rule.every) * rule.every;
    let window = series.windows.get(start);
    if (window === undefined || window.rule.every !== rule.every) {
      const end = start + rule.every;
      if (series.coverage.overlaps(start, end)) return "late";
      if (window !== undefined) return "late";
      if (!this.#makeRoom(elapsed, out)) return "cardinality";
      window = this.#open(series, rule, plan, start, end);
      plan.start(window.slots, numeric(value, window), ms, ns);
    } else {
      if (window.emitted && window.fresh === 0) {
        window.dirtyAt = elapsed;
        window.written = window.plan.fields(window.slots, window.texts, window.sketch);
      }
      plan.add(window.slots, numeric(value, window), ms, ns);
    }
    if (window.sketch !== undefined) addToSketch(window.sketch, Number(value));
    window.fresh++;
    window.lastAt = elapsed;
    series.stream.open++;
    this.schedule(window);
    return "open";
  }

  /**
   * Moves the newest event time of a stream (W1) and emits, keeps or forgets what that passes.
   *
   * @param ms `min(event time, time of receipt)` of the reading just placed
   */
  advance(stream: StreamWindows, ms: number, elapsed: number, out: PointSink): void {
    const before = stream.newest;
    if (ms > before) stream.newest = ms;
    if (stream.newest < stream.nextLook) return;
    let next = Infinity;
    for (const series of stream.series) {
      if (series.live.length === 0) continue;
      let gone = false;
      for (const window of series.live) {
        const look = this.#look(window, before, stream.newest, elapsed, out);
        if (look === undefined) gone = true;
        else if (look < next) next = look;
      }
      if (gone) series.live = thoseThat(series.live, isLive);
    }
    stream.nextLook = next;
  }

  /** A deadline of the queue has come: `due` is its journal time. */
  due(window: Window, due: number, out: PointSink): void {
    if (!stillCounts(window, due)) return;
    window.queued = Infinity;
    if (dueOf(window) <= due) {
      if (window.fresh > 0) this.#emit(window, due, out);
      else this.#forget(window, due, out);
    }
    if (!window.forgotten) this.schedule(window);
  }

  /** Queues a window's deadline, unless an earlier entry will look at it anyway. */
  schedule(window: Window): void {
    const due = dueOf(window);
    if (due >= window.queued) return;
    window.queued = due;
    this.#queue.add(due, this.#kind, window.serial, window);
  }

  #open(
    series: Series,
    rule: WindowRule,
    plan: NonNullable<RuleFrom["plan"]>,
    start: number,
    end: number,
  ): Window {
    const stream = series.stream;
    const backfill = stream.newest - rule.lateness >= end;
    const window: Window = {
      series,
      serial: ++this.opened,
      start,
      end,
      rule,
      plan,
      drive: backfill ? "backfill" : "live",
      slots: plan.slots(),
      texts: plan.texts(),
      sketch: plan.sketches ? emptySketch() : undefined,
      fresh: 0,
      emitted: false,
      written: undefined,
      lastAt: 0,
      dirtyAt: 0,
      emittedAt: 0,
      heldSerial: 0,
      queued: Infinity,
      forgotten: false,
    };
    this.windows++;
    series.windows.add(window);
    if (!backfill) {
      series.live = series.live.concat(window);
      stream.nextLook = Math.min(stream.nextLook, end + rule.lateness);
    }
    return window;
  }

  /** Looks at a live window; returns when to look again, or `undefined` when event time is through with it. */
  #look(window: Window, before: number, newest: number, elapsed: number, out: PointSink): number | undefined {
    const { rule, end } = window;
    if (window.forgotten) return undefined;
    const closes = end + rule.lateness;
    if (newest < closes) return closes;
    if (!window.emitted) this.#emit(window, elapsed, out);
    if (newest < closes + rule.hold) return closes + rule.hold;
    if (before < closes) this.#keepGap(window, elapsed, out);
    else this.#forget(window, elapsed, out);
    return undefined;
  }

  #keepGap(window: Window, elapsed: number, out: PointSink): void {
    const { series } = window;
    window.drive = "gap";
    series.gaps = series.gaps.concat(window);
    const oldest = series.gaps.length > MAX_GAPS ? series.gaps[0] : undefined;
    if (oldest !== undefined) this.#forget(oldest, elapsed, out);
  }

  #makeRoom(elapsed: number, out: PointSink): boolean {
    // More than one goes where a reload has lowered the limit.
    while (this.windows >= this.limit) {
      const oldest = this.held.take();
      if (oldest === undefined) return false;
      this.#forget(oldest, elapsed, out);
    }
    return true;
  }

  #emit(window: Window, elapsed: number, out: PointSink): void {
    const { series, start } = window;
    const correction = start < series.newestMs || (start === series.newestMs && series.newestNs >= 0);
    if (!correction) {
      series.newestMs = start;
      series.newestNs = 0;
    }
    const readings = window.fresh;
    window.fresh = 0;
    window.emittedAt = elapsed;
    series.stream.open -= readings;
    const earlier = overwritten(window);
    window.written = undefined;
    if (!window.emitted) {
      window.emitted = true;
      series.coverage.add(start, window.end);
      this.held.push(window);
    }
    const fields = window.plan.fields(window.slots, window.texts, window.sketch);
    const point = { stream: series.stream.identity, fields, ms: start, ns: 0, readings, correction };
    out(earlier === undefined ? point : { ...point, earlier }, window);
  }

  #forget(window: Window, elapsed: number, out: PointSink): void {
    if (window.fresh > 0) this.#emit(window, elapsed, out);
    const { series } = window;
    window.forgotten = true;
    if (window.queued !== Infinity) this.#queue.stale();
    this.held.drop();
    this.windows--;
    series.windows.remove(window);
    if (window.drive === "gap") series.gaps = thoseThat(series.gaps, (gap) => gap !== window);
  }
}

/** What the next point of a window overwrites (W19). */
function overwritten({ emitted, written, start, series }: Window): Earlier | undefined {
  if (written !== undefined) return { kind: "known", fields: written };
  // Before a reload the series may have had points of its readings there, which bear the same name.
  return emitted || start <= series.passedMs ? { kind: "unknown" } : undefined;
}

/** Texts that a window collects before those that no longer count are let go. */
const MAX_TEXTS = 16;

/** A value as the slots hold it: booleans as 0 and 1, texts as their number in the window's list. */
function numeric(value: Value, window: Window): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const { texts, plan, slots } = window;
  const known = texts.indexOf(value);
  if (known >= 0) return known;
  if (texts.length >= MAX_TEXTS) plan.forgetTexts(slots, texts);
  return texts.push(value) - 1;
}
