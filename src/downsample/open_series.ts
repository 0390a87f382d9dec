import type { Downsample, FieldType, StreamIdentity } from "../model/mod.ts";
import { Coverage } from "./coverage.ts";
import { Plan } from "./plan.ts";
import type { RuleFrom, Series, StreamWindows } from "./series.ts";
import { NO_WINDOWS, WindowList } from "./window_list.ts";

/** Definitions that a series keeps at most: readings older than all of them obey the oldest. */
const MAX_RULES = 4;

/** Plans that were made, so that a thousand series of one field share one. */
export class Plans {
  readonly #made = new Map<string, Plan>();
  readonly #first = new WeakMap<Downsample, Map<string, readonly RuleFrom[]>>();

  /** The plan for a field under a rule; `undefined` for a rule without windows. */
  planFor(field: string, type: FieldType, rule: Downsample): Plan | undefined {
    if (rule.kind !== "window") return undefined;
    const key = `${type} ${rule.aggregates.join(",")} ${field}`;
    let plan = this.#made.get(key);
    if (plan === undefined) {
      plan = new Plan(field, type, rule.aggregates);
      this.#made.set(key, plan);
    }
    return plan;
  }

  /** What a series begins with: the rule of its field, since ever. */
  firstRules(field: string, type: FieldType, rule: Downsample): readonly RuleFrom[] {
    let known = this.#first.get(rule);
    if (known === undefined) this.#first.set(rule, known = new Map());
    const key = `${type} ${field}`;
    let rules = known.get(key);
    if (rules === undefined) {
      rules = [{ from: -Infinity, rule, plan: this.planFor(field, type, rule) }];
      known.set(key, rules);
    }
    return rules;
  }
}

/** A stream that nothing is known of yet. */
export function openStream(identity: StreamIdentity): StreamWindows {
  return { identity, newest: -Infinity, nextLook: Infinity, open: 0, series: [] };
}

/** A series that nothing is known of yet, added to its stream. */
export function openSeries(
  plans: Plans,
  stream: StreamWindows,
  index: number,
  field: string,
  type: FieldType,
  rule: Downsample,
): Series {
  const series: Series = {
    index,
    stream,
    field,
    type,
    rules: plans.firstRules(field, type, rule),
    windows: new WindowList(),
    live: NO_WINDOWS,
    gaps: NO_WINDOWS,
    coverage: new Coverage(),
    newestMs: -Infinity,
    newestNs: -1,
    value: undefined,
    passedMs: -Infinity,
    times: undefined,
  };
  stream.series = stream.series.concat(series);
  return series;
}

/**
 * Lets a new definition take over (W16).
 *
 * @returns the event time from which it holds, or `undefined` where nothing changed
 */
export function takeOver(plans: Plans, series: Series, rule: Downsample): number | undefined {
  const last = series.rules[series.rules.length - 1];
  if (last === undefined || JSON.stringify(last.rule) === JSON.stringify(rule)) return undefined;
  const after = usedUpTo(series);
  // A definition whose time never came is replaced, not kept.
  const begun = series.rules.filter((kept, index) => index === 0 || kept.from < after);
  const current = begun[begun.length - 1] ?? last;
  if (JSON.stringify(current.rule) === JSON.stringify(rule)) {
    series.rules = begun;
    return current.from;
  }
  const from = takeOverAt(current.rule, rule, after);
  const next: RuleFrom = { from, rule, plan: plans.planFor(series.field, series.type, rule) };
  series.rules = from === -Infinity ? [next] : [...begun, next].slice(-MAX_RULES);
  return from;
}

/** The event time up to which points and windows of the series lie. */
function usedUpTo(series: Series): number {
  // A point without a window takes its own moment up; the start of a window is covered by the window's end.
  let after = Math.max(series.stream.newest, series.newestMs + 1);
  for (const window of series.windows.values()) after = Math.max(after, window.end);
  return after;
}

function takeOverAt(current: Downsample, rule: Downsample, after: number): number {
  const grids = [current, rule].flatMap((each) => each.kind === "window" ? [each.every] : []);
  if (grids.length === 0 || after === -Infinity) return -Infinity;
  const period = grids.reduce(leastCommonMultiple);
  return Math.ceil(after / period) * period;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
