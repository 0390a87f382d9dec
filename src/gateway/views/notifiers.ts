import type { NotifierAnswer, NotifierSummary, NotifiersView } from "../../api/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { NotifyQueue } from "../../notify/mod.ts";
import type { Parts } from "../parts.ts";

/** How the channels to people fare. */
export function notifiersView(parts: Parts): NotifiersView {
  return { notifiers: () => notifierAnswers(parts.core.notifications) };
}

function notifierAnswers(queue: NotifyQueue): NotifierAnswer[] {
  return queue.status().map(({ lastError, oldest, ...counts }) => ({
    ...counts,
    oldest_at: oldest === null ? null : rfc3339(oldest) ?? null,
    last_error: lastError === null ? null : { text: lastError.text, at: rfc3339(lastError.at) ?? "" },
  }));
}

/** All of them together. */
export function notifierSummary(queue: NotifyQueue): NotifierSummary {
  const all = queue.status();
  const sum = (of: (one: (typeof all)[number]) => number): number => all.reduce((s, one) => s + of(one), 0);
  return {
    configured: all.length,
    failing: all.filter(({ lastError }) => lastError !== null).length,
    pending: sum(({ pending }) => pending),
    lost: sum(({ lost }) => lost),
  };
}
