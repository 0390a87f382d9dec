import type { NotifierConfig } from "../config/mod.ts";
import { logNotifier, type Notification, type Notifier, webhookNotifier } from "../notify/mod.ts";
import type { Observer } from "../observe/mod.ts";
import type { GatewayPorts } from "./ports.ts";

/** Writes a notification into the gateway's own log. */
export function notificationLogger(observer: Observer): (name: string, notification: Notification) => void {
  return (name, { event }) => {
    const { rule, device, transition, severity, summary } = event;
    observer.event("alert_notified", "warning", {
      notifier: name,
      rule,
      device,
      transition,
      severity,
      summary,
    });
  };
}

/** How long one attempt of a webhook may take, ms. */
const TIMEOUT = 10_000;

/** The notifiers that the configuration names. */
export function makeNotifiers(
  configs: Readonly<Record<string, NotifierConfig>>,
  ports: GatewayPorts,
  write: (name: string, notification: Notification) => void,
): Map<string, Notifier> {
  const made = new Map<string, Notifier>();
  for (const [name, config] of Object.entries(configs)) {
    if (config.kind === "log") made.set(name, logNotifier((notification) => write(name, notification)));
    if (config.kind === "webhook") {
      const { secret } = config;
      made.set(
        name,
        webhookNotifier({
          url: config.url.reveal(),
          headers: Object.fromEntries(
            Object.entries(config.headers).map(([key, value]) => [key, value.reveal()]),
          ),
          timeout: TIMEOUT,
          ...(secret === undefined ? {} : { secret: () => secret.reveal() }),
        }, { fetcher: (url, init) => fetch(url, init), clock: ports.clock }),
      );
    }
  }
  return made;
}
