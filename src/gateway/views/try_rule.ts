import type { HistoryView, NoHistoryKept, Span, Unavailable } from "../../api/mod.ts";
import { problemText, readAlertRule } from "../../config/mod.ts";
import type { History } from "../../history/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { RuleTrialRun, type TriedAlert } from "../rule_trial.ts";

/** The usual stretch, ms. */
const DAY = 86_400_000;
/** Buckets that are tried at most, and at once: a finer resolution than that allows is not taken. */
const [MOST, AT_ONCE] = [1_000_000, 20_000];
/** Longest time that it may take, ms; the API would give up soon after. */
const LONGEST = 8_000;
/** Alerts that are listed. */
const LISTED = 200;

type Tried = Exclude<Awaited<ReturnType<HistoryView["tryRule"]>>, NoHistoryKept>;

/** Tries a rule on the local history, some buckets at a time: the river runs on in between. */
export async function tryRule(history: History, parts: Parts, text: string, span: Span): Promise<Tried> {
  const { clock } = parts.ports;
  const read = readAlertRule(text, {
    profiles: parts.rules.profiles,
    notifiers: Object.keys(parts.config.notifiers),
  });
  if (!read.ok) {
    return { kind: "wrong", problems: read.problems.map((one) => ({ ...one, message: problemText(one) })) };
  }
  const began = clock.monotonic();
  const to = span.to ?? clock.wall();
  const from = span.from ?? to - DAY;
  const run = new RuleTrialRun(read.rule, await history.series());
  const keys = run.series.map(({ key }) => key);
  const most = Math.floor(MOST / Math.max(1, keys.length));
  const { resolution, oldest, end: behind } = await history.pick(from / 1_000, to / 1_000, most);
  const step = resolution * Math.max(1, Math.floor(AT_ONCE / Math.max(1, keys.length)));
  // Only where there is something, in whole buckets: one that lay in two stretches would be judged twice.
  const end = Math.min(to / 1_000, behind);
  let at = Math.floor(Math.max(from / 1_000, oldest) / resolution) * resolution;
  for (; keys.length > 0 && at < end; at += step) {
    if (clock.monotonic() - began > LONGEST) return tookTooLong;
    run.take(await history.read({ keys, from: at, to: Math.min(at + step, end), by: { resolution } }));
  }
  const alerts = run.end(to);
  return {
    from: rfc3339(from) ?? "",
    to: rfc3339(to) ?? "",
    resolution_seconds: resolution,
    series: run.watched,
    firings: alerts.slice(0, LISTED).map(shown),
    total: alerts.length,
  };
}

const tookTooLong: Unavailable = {
  kind: "unavailable",
  detail: "The trial took too long: try a shorter stretch, or a rule for fewer devices",
};

function shown({ fired, resolvedAt }: TriedAlert): Extract<Tried, { firings: unknown }>["firings"][number] {
  const { device, tags, field, value, summary, at } = fired;
  return {
    ...{ device, tags: Object.fromEntries(tags), field, value, summary },
    fired_at: rfc3339(at) ?? "",
    resolved_at: resolvedAt === undefined ? null : rfc3339(resolvedAt) ?? null,
  };
}
