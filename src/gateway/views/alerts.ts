import type { ActiveAlert } from "../../alerts/mod.ts";
import type { Acknowledged, Alert, AlertsView, RulesView } from "../../api/mod.ts";
import { type Acknowledgement, type AlertEvent, rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { pageAfter } from "./page.ts";

const ORDER: Readonly<Record<Alert["state"], number>> = { firing: 0, pending: 1, resolved: 2 };

/** Alerts that stand and those that ended lately. */
export function alertsView(parts: Parts): AlertsView {
  return {
    alerts(query): ReturnType<AlertsView["alerts"]> {
      const { driver, alertHistory } = parts.core;
      const all = [...driver.river.alerts.active().map(standing), ...alertHistory.events.map(ended)]
        .filter((alert) => query.state === null || alert.state === query.state)
        .sort((a, b) => ORDER[a.state] - ORDER[b.state] || (newest(a) < newest(b) ? 1 : -1));
      return pageAfter(all, (alert) => alert.id, query);
    },
  };
}

function acknowledged(by: Acknowledgement | null): Acknowledged | null {
  return by === null ? null : { by: by.by, at: rfc3339(by.at) ?? "", note: by.note };
}

/** The rules in force, with how many of their alerts fire. */
export function rulesView(parts: Parts): RulesView {
  return {
    rules(): ReturnType<RulesView["rules"]> {
      const { river } = parts.core.driver;
      const active = river.alerts.active();
      return river.rules.alerts.map((rule) => ({
        rule,
        firing: active.filter((alert) => alert.rule === rule.name && alert.state === "firing").length,
      }));
    },
  };
}

function newest(alert: Alert): string {
  return alert.resolved_at ?? alert.fired_at ?? alert.since;
}

/** An alert that stands. */
export function standing(alert: ActiveAlert): Alert {
  const { id, rule, severity, state, device, field, value, unit, limit, summary } = alert;
  return {
    id,
    rule,
    severity,
    state,
    device,
    tags: Object.fromEntries(alert.tags),
    field,
    value,
    unit,
    limit,
    summary,
    since: rfc3339(alert.since) ?? "",
    fired_at: alert.firedAt === null ? null : rfc3339(alert.firedAt),
    resolved_at: null,
    resolved_because: null,
    acknowledged: acknowledged(alert.acknowledged),
    silenced_until: alert.silencedUntil === null ? null : rfc3339(alert.silencedUntil),
  };
}

/** An alert that has ended. It may end many times: the moment of its firing tells the ends apart. */
export function ended(event: AlertEvent): Alert {
  const { rule, severity, device, field, value, unit, limit, summary } = event;
  return {
    id: `${event.alert}@${event.firedAt}`,
    rule,
    severity,
    state: "resolved",
    device,
    tags: Object.fromEntries(event.tags),
    field,
    value,
    unit,
    limit,
    summary,
    since: rfc3339(event.firedAt) ?? "",
    fired_at: rfc3339(event.firedAt),
    resolved_at: rfc3339(event.at),
    resolved_because: event.reason,
    acknowledged: acknowledged(event.acknowledged ?? null),
    silenced_until: null,
  };
}
