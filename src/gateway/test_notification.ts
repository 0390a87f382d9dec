import type { GatewayConfig, MqttConfig, NotifierConfig } from "../config/mod.ts";
import type { AlertEvent } from "../model/mod.ts";
import { type Notification, notificationId } from "../notify/mod.ts";
import { makeNotifier } from "./make_notifiers.ts";
import type { GatewayPorts } from "./ports.ts";
import { brokerPublisher } from "./publisher.ts";

/** What became of a test notification. */
export interface TestOutcome {
  /** Which channel it is. */
  readonly kind: string;
  /** The other side took it. */
  readonly ok: boolean;
  /** The sentence for people; holds no secret. */
  readonly text: string;
}

/**
 * Sends one test notification through a notifier, beside a running gateway or without one.
 *
 * Over MQTT it goes out under a client id of its own and is not retained. The broker inside a gateway's process is
 * one like any other here: it has to run.
 *
 * @param write takes what the channel `log` writes
 * @returns the outcome; `undefined` where there is no such notifier
 */
export async function testNotification(
  config: GatewayConfig,
  name: string,
  ports: GatewayPorts,
  write: (name: string, notification: Notification) => void,
): Promise<TestOutcome | undefined> {
  const configured = Object.hasOwn(config.notifiers, name) ? config.notifiers[name] : undefined;
  if (configured === undefined) return undefined;
  const id = `${config.mqtt.clientId}-test-${ports.randomId().slice(0, 8)}`;
  const publisher = brokerPublisher(fromOutside(config.mqtt), id, ports);
  const one: NotifierConfig = configured.kind === "mqtt" ? { ...configured, retain: false } : configured;
  const notifier = makeNotifier(name, one, config.gateway.id, { ports, publisher, write });
  const event = testEvent(config.gateway.id, name, ports.clock.wall());
  const notification = { id: notificationId(event), event, attempt: 1, sentAt: event.at };
  const result = await notifier.send(notification, new AbortController().signal);
  await publisher.close();
  const { kind } = notifier;
  if (result.kind !== "sent") return { kind, ok: false, text: result.text };
  return { kind, ok: true, text: `${tookIt(configured)}; its key is ${notification.id}` };
}

function tookIt(config: NotifierConfig): string {
  return config.kind === "syslog" && config.protocol === "udp"
    ? "The datagram has left, nobody knows whether it arrived"
    : "The other side took the test notification";
}

/** The broker inside a gateway's process as another process reaches it. */
function fromOutside(mqtt: MqttConfig): MqttConfig {
  if (mqtt.embedded === undefined) return mqtt;
  return { ...mqtt, url: mqtt.url.replace(/^embedded:/, "mqtt:"), embedded: undefined, protocol: 4 };
}

function testEvent(gatewayId: string, name: string, now: number): AlertEvent {
  return {
    transition: "firing",
    alert: `notify-test:${name}`,
    rule: "notify-test",
    severity: "info",
    device: gatewayId,
    tags: [],
    field: null,
    value: null,
    unit: null,
    limit: "",
    at: now,
    firedAt: now,
    receivedAt: now,
    notify: [name],
    summary: `Test of the notifier "${name}" by the gateway ${gatewayId}; nothing is wrong`,
    reason: null,
  };
}
