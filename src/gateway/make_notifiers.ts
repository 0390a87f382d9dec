import type { GatewayConfig, NotifierConfig, SyslogConfig } from "../config/mod.ts";
import {
  emailNotifier,
  logNotifier,
  mqttNotifier,
  type Notification,
  type Notifier,
  syslogNotifier,
  type SyslogTls,
  webhookNotifier,
} from "../notify/mod.ts";
import type { Observer } from "../observe/mod.ts";
import type { GatewayPorts } from "./ports.ts";
import type { Publisher } from "./publisher.ts";

/** Writes a notification into the gateway's own log. */
export function notificationLogger(observer: Observer): (name: string, notification: Notification) => void {
  return (name, { id, event }) => {
    const { rule, device, transition, severity, summary } = event;
    observer.event("alert_notified", "warning", {
      notifier: name,
      id,
      rule,
      device,
      transition,
      severity,
      summary,
    });
  };
}

/** How long one attempt may take, ms. A mail is a conversation: the server may look names up and scan. */
const TIMEOUT = 10_000;
const MAIL_TIMEOUT = 60_000;

/** What the channels of this gateway go through. */
export interface NotifierMeans {
  /** The world. */
  readonly ports: Pick<GatewayPorts, "clock" | "readText">;
  /** For the channel over MQTT. */
  readonly publisher: Publisher;
  /** For the channel that is the gateway's own log. */
  readonly write: (name: string, notification: Notification) => void;
}

/** The notifiers that the configuration names. */
export function makeNotifiers(
  config: Pick<GatewayConfig, "gateway" | "notifiers">,
  means: NotifierMeans,
): Map<string, Notifier> {
  return new Map(
    Object.entries(config.notifiers).map(([name, one]) => [
      name,
      makeNotifier(name, one, config.gateway.id, means),
    ]),
  );
}

/** One notifier of the configuration. */
export function makeNotifier(
  name: string,
  config: NotifierConfig,
  gatewayId: string,
  { ports, publisher, write }: NotifierMeans,
): Notifier {
  switch (config.kind) {
    case "log":
      return logNotifier((notification) => write(name, notification));
    case "webhook": {
      const { secret } = config;
      const headers = Object.entries(config.headers).map(([key, value]) => [key, value.reveal()]);
      return webhookNotifier({
        url: config.url.reveal(),
        headers: Object.fromEntries(headers),
        timeout: TIMEOUT,
        ...(secret === undefined ? {} : { secret: () => secret.reveal() }),
      }, { fetcher: (url, init) => fetch(url, init), clock: ports.clock });
    }
    case "email": {
      const { host, port, tls, ca, username, password, from, to } = config;
      const server = {
        ...{ host, port, tls },
        ...(ca === undefined ? {} : { ca }),
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : {
          password: async (): Promise<string> => {
            await password.reload(ports.readText);
            return password.reveal();
          },
        }),
      };
      return emailNotifier({ from, to, server, timeout: MAIL_TIMEOUT }, { clock: ports.clock });
    }
    case "syslog": {
      const { protocol, host, port, facility, appName } = config;
      const place = { protocol, host, port, facility, appName };
      return syslogNotifier(
        { ...place, hostname: gatewayId, tls: syslogTls(config), timeout: TIMEOUT },
        { clock: ports.clock },
      );
    }
    case "mqtt":
      return mqttNotifier({ topic: config.topic, retain: config.retain, timeout: TIMEOUT }, {
        publish: (topic, payload, retain, signal) =>
          publisher.publish(topic, payload, { qos: 1, retain }, signal),
        clock: ports.clock,
      });
  }
}

function syslogTls({ ca, cert, key, serverName }: SyslogConfig): SyslogTls {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: key.reveal() }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}
