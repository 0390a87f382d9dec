import type { Alert, AlertActionsView, Silence } from "../../api/mod.ts";
import { rfc3339, type Silence as Kept } from "../../model/mod.ts";
import { giveCommand } from "../commands.ts";
import type { Parts } from "../parts.ts";
import { ended, standing } from "./alerts.ts";
import { pageAfter } from "./page.ts";

/** Longest silence, ms: 366 days. */
const LONGEST = 366 * 86_400_000;

/** What people do about alerts, as commands to the river. */
export function alertActionsView(parts: Parts): AlertActionsView {
  const { core, ports } = parts;
  return {
    async acknowledge(id, by, note): ReturnType<AlertActionsView["acknowledge"]> {
      const found = active(parts, id);
      if (found === undefined) return { kind: "unknown" };
      if (found.state === "pending") return { kind: "not_firing" };
      const result = await giveCommand(parts, { kind: "acknowledge", alert: id, by, note });
      if (result.kind === "unavailable") return result;
      const { outcome } = result;
      if (outcome === "unknown" || outcome === "not_firing") return { kind: outcome };
      // The records behind the command are through the river as well: it may have ended by now.
      const end = core.alertHistory.events.findLast((event) => event.alert === id);
      const alert = active(parts, id) ?? (end === undefined ? undefined : ended(end));
      if (alert === undefined) return { kind: "unknown" };
      if (outcome === "acknowledged") parts.live.tell({ kind: "alert", data: alert });
      return { kind: outcome, alert };
    },
    silences: (query) => pageAfter(core.driver.river.alerts.silences.all.map(shown), ({ id }) => id, query),
    async silence({ rule, device, reason, lasts }, by): ReturnType<AlertActionsView["silence"]> {
      const since = Math.floor(ports.clock.wall());
      const until = "ms" in lasts ? since + lasts.ms : Date.parse(lasts.until);
      const rules = core.driver.river.rules.alerts.map(({ name }) => name);
      if (rule !== null && !rules.includes(rule)) return { kind: "unknown_rule", rules };
      // A day that no calendar has is a time that is not ahead.
      if (!(until > since && until - since <= LONGEST)) return { kind: "bad_end", now: rfc3339(since) ?? "" };
      const silence: Kept = { id: ports.randomId(), rule, device, reason, by, since, until };
      const before = silencedUntil(parts);
      const result = await giveCommand(parts, { kind: "silence", silence });
      if (result.kind === "unavailable") return result;
      if (result.outcome === "too_many") return { kind: "too_many" };
      tellOfChanges(parts, before);
      return { kind: "silenced", silence: shown(silence) };
    },
    async unsilence(id, by): ReturnType<AlertActionsView["unsilence"]> {
      const silence = core.driver.river.alerts.silences.all.find((each) => each.id === id);
      if (silence === undefined) return { kind: "unknown" };
      const before = silencedUntil(parts);
      // It may end before the command is taken in: the river has the last word.
      const result = await giveCommand(parts, { kind: "unsilence", id, by });
      if (result.kind === "unavailable") return result;
      if (result.outcome === "unknown") return { kind: "unknown" };
      tellOfChanges(parts, before);
      return { kind: "removed", silence: shown(silence) };
    },
  };
}

function active({ core }: Parts, id: string): Alert | undefined {
  const found = core.driver.river.alerts.active().find((alert) => alert.id === id);
  return found === undefined ? undefined : standing(found);
}

function shown({ id, rule, device, reason, by, since, until }: Kept): Silence {
  return { id, rule, device, reason, by, since: rfc3339(since) ?? "", until: rfc3339(until) ?? "" };
}

/** For each alert that stands until when it is silenced. */
function silencedUntil({ core }: Parts): Map<string, number | null> {
  return new Map(core.driver.river.alerts.active().map((alert) => [alert.id, alert.silencedUntil]));
}

/** Whoever follows what happens sees at once which alerts are silenced now, and which are not any more. */
function tellOfChanges({ core, live }: Parts, before: ReadonlyMap<string, number | null>): void {
  for (const alert of core.driver.river.alerts.active()) {
    if ((before.get(alert.id) ?? null) === alert.silencedUntil) continue;
    live.tell({ kind: "alert", data: standing(alert) });
  }
}
