import type { AlertCondition, AlertEvent, AlertRule, StreamIdentity, Value } from "../../../src/model/mod.ts";
import { AlertStage, type Judgement, type Watcher } from "../../../src/alerts/mod.ts";

/** A rule on `temperature`, above 80 unless told otherwise. */
export function rule(over: Partial<AlertRule> = {}): AlertRule {
  return {
    name: "too-hot",
    profile: null,
    device: null,
    topic: null,
    tags: {},
    field: "temperature",
    condition: { kind: "above", limit: 80, clear: 80 },
    for: 0,
    severity: "critical",
    notify: ["ops"],
    summary: "{device} is {value} {unit} (limit {limit})",
    ...over,
  };
}

/** A dead-man rule of 60 s. */
export function silentRule(over: Partial<AlertRule> = {}): AlertRule {
  return rule({
    name: "silent",
    field: null,
    condition: { kind: "silent", silentFor: 60_000 },
    summary: "",
    ...over,
  });
}

/** A device stream of `kiln-1`. */
export function stream(over: Partial<StreamIdentity> = {}): StreamIdentity {
  return {
    deviceIndex: 0,
    device: "kiln-1",
    profile: "kiln",
    measurement: "climate",
    tags: [["line", "a"], ["site", "north"]],
    ...over,
  };
}

/** The topic of `kiln-1`. */
export const TOPIC = "site/north/kiln-1/telemetry";

/** One watcher alone, with the events it made. */
export interface Bench {
  readonly stage: AlertStage;
  readonly watcher: Watcher;
  readonly events: AlertEvent[];
  /** Feeds a reading with this value at this event time in seconds. */
  read(value: Value, second: number): Judgement;
}

/** A bench for one rule. */
export function bench(over: Partial<AlertRule> = {}): Bench {
  const stage = new AlertStage([rule(over)]);
  const [watcher] = stage.watchersFor(stream(), TOPIC, "temperature", "degC");
  if (watcher === undefined) throw new Error("The rule concerns nothing");
  const events: AlertEvent[] = [];
  return {
    stage,
    watcher,
    events,
    read: (value, second) =>
      watcher.reading(value, second * 1_000, second * 1_000 + 7, (e) => events.push(e)),
  };
}

/** What one condition says to a sequence of values, one a second. */
export function judgements(condition: AlertCondition, values: readonly Value[]): Judgement[] {
  const { read } = bench({ condition });
  return values.map((value, second) => read(value, second));
}
