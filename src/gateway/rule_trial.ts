import { AlertStage, type DeadMan, type Watcher } from "../alerts/mod.ts";
import { type Buckets, LAST, LAST_AT, MAX, MIN, SERIES, type SeriesFacts, WIDTH } from "../history/mod.ts";
import type { AlertCondition, AlertEvent, AlertRule, Value } from "../model/mod.ts";

/** An alert that there would have been; times in ms. */
export interface TriedAlert {
  /** The firing. */
  readonly fired: AlertEvent;
  /** When it ended; `undefined`: not in the stretch. */
  resolvedAt: number | undefined;
}

/** Who watches one series. */
interface Watched {
  readonly facts: SeriesFacts;
  readonly watchers: readonly Watcher[];
  readonly deadmen: readonly DeadMan[];
}

/**
 * One rule through the gateway's own alert stage, over buckets in order of time. A bucket stands for its readings: by
 * the value that the rule minds most, at the time of its newest reading.
 */
export class RuleTrialRun {
  /** The series that the rule concerns. */
  readonly series: readonly SeriesFacts[];
  readonly #watched: readonly Watched[];
  readonly #condition: AlertCondition;
  readonly #alerts: TriedAlert[] = [];
  readonly #standing = new Map<string, TriedAlert>();
  /** When each dead-man has to be looked at, and when its device was heard of last. */
  readonly #due = new Map<DeadMan, number>();
  readonly #heard = new Map<DeadMan, number>();

  /**
   * Tries nothing yet.
   *
   * @param all every series there is
   */
  constructor(rule: AlertRule, all: readonly SeriesFacts[]) {
    const stage = new AlertStage([rule]);
    this.#condition = rule.condition;
    this.#watched = all.map((facts) => ({
      facts,
      watchers: stage.watchersFor(facts.stream, facts.topic, facts.field, facts.unit),
      deadmen: stage.deadmenFor(facts.stream, facts.topic),
    })).filter(({ watchers, deadmen }) => watchers.length + deadmen.length > 0);
    this.series = this.#watched.map(({ facts }) => facts);
  }

  /** How many series it watches, or for a dead-man devices. */
  get watched(): number {
    if (this.#condition.kind !== "silent") return this.#watched.length;
    return new Set(this.#watched.flatMap(({ deadmen }) => deadmen)).size;
  }

  /** Takes the buckets of `series` in, stretch after stretch. */
  take({ rows, texts }: Buckets): void {
    const of = (n: number): number => rows[n] ?? NaN;
    for (let row = 0; row < rows.length; row += WIDTH) {
      const watched = this.#watched[of(row + SERIES)];
      if (watched === undefined) continue;
      const [min, max, last] = [of(row + MIN), of(row + MAX), of(row + LAST)];
      const isBoolean = watched.facts.type === "boolean";
      for (const value of mindedValues(this.#condition, min, max, last)) {
        this.#reading(watched, isBoolean ? value !== 0 : value, of(row + LAST_AT));
      }
    }
    for (const { series, last, lastAt } of texts) {
      const watched = this.#watched[series];
      if (watched !== undefined) this.#reading(watched, last, lastAt);
    }
  }

  /** What there would have been, in order of time. */
  end(to: number): readonly TriedAlert[] {
    for (const deadman of this.#due.keys()) this.#passed(deadman, to);
    return this.#alerts.sort((a, b) => a.fired.at - b.fired.at);
  }

  #reading({ watchers, deadmen }: Watched, value: Value, at: number): void {
    for (const watcher of watchers) watcher.reading(value, at, at, this.#emit);
    for (const deadman of deadmen) {
      // A device has many series, whose newest readings in a bucket are not in order.
      if (at < (this.#heard.get(deadman) ?? -Infinity)) continue;
      this.#heard.set(deadman, at);
      this.#passed(deadman, at);
      this.#schedule(deadman, deadman.alive(at, at, this.#emit));
    }
  }

  #passed(deadman: DeadMan, now: number): void {
    for (let due = this.#due.get(deadman); due !== undefined && due <= now; due = this.#due.get(deadman)) {
      this.#due.delete(deadman);
      this.#schedule(deadman, deadman.due(due, now, now, this.#emit));
    }
  }

  #schedule(deadman: DeadMan, due: number | undefined): void {
    if (due !== undefined) this.#due.set(deadman, due);
  }

  readonly #emit = (event: AlertEvent): void => {
    if (event.transition === "resolved") {
      const standing = this.#standing.get(event.alert);
      if (standing !== undefined) standing.resolvedAt = event.at;
      this.#standing.delete(event.alert);
      return;
    }
    const alert = { fired: event, resolvedAt: undefined };
    this.#alerts.push(alert);
    this.#standing.set(event.alert, alert);
  };
}

/** Of what a bucket knows of its readings, that which a condition minds most. */
function mindedValues(condition: AlertCondition, min: number, max: number, last: number): readonly number[] {
  switch (condition.kind) {
    case "above":
      return [max];
    case "below":
      return [min];
    case "outside":
      return [max > condition.high ? max : min < condition.low ? min : last];
    case "inside":
      return [[last, min, max].find((each) => each >= condition.low && each <= condition.high) ?? last];
    case "equals":
      return [[last, min, max].find((each) => each === Number(condition.value)) ?? last];
    case "not_equals":
      return [[last, min, max].find((each) => each !== Number(condition.value)) ?? last];
    case "unchanged":
      // A bucket in which it changed shows that it did.
      return min === max ? [last] : [min, max, last];
    case "rate_above":
    case "rate_below":
    case "silent":
      return [last];
  }
}
