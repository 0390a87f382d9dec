import { createHash } from "node:crypto";
import { type AlertEvent, rfc3339 } from "../model/mod.ts";

/** What a notifier is asked to tell people: the latest state of one alert. */
export interface Notification {
  /** The idempotency key: the same for every attempt, also after a crash. */
  readonly id: string;
  /** What happened. */
  readonly event: AlertEvent;
  /** Which attempt this is, from 1; goes on over restarts. */
  readonly attempt: number;
  /** Wall clock of this attempt, ms. */
  readonly sentAt: number;
}

/**
 * The idempotency key of an event: 32 hex digits made of the alert (rule and series), the event time of the
 * firing and the transition. A receiver that has seen it has seen this very news.
 */
export function notificationId(event: AlertEvent): string {
  const identity = JSON.stringify([event.alert, event.firedAt, event.transition]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

/** How long after its event time the news goes out, in seconds; never negative, a device clock may run ahead. */
export function delaySeconds(notification: Notification): number {
  return Math.max(0, notification.sentAt - notification.event.at) / 1_000;
}

/**
 * The notification as JSON, for machines. Times are RFC 3339 in UTC. All of it is the same for every attempt
 * under one `id`, but for `sent_at`, `delay_seconds` and `attempt`.
 */
export function notificationJson(notification: Notification): string {
  const { id, event, attempt, sentAt } = notification;
  return JSON.stringify({
    id,
    transition: event.transition,
    reason: event.reason,
    alert: event.alert,
    rule: event.rule,
    severity: event.severity,
    summary: event.summary,
    device: event.device,
    tags: Object.fromEntries(event.tags),
    field: event.field,
    value: event.value,
    unit: event.unit,
    limit: event.limit,
    at: rfc3339(event.at),
    fired_at: rfc3339(event.firedAt),
    received_at: rfc3339(event.receivedAt),
    sent_at: rfc3339(sentAt),
    delay_seconds: delaySeconds(notification),
    attempt,
  });
}
