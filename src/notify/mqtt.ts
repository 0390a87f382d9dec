import type { Clock } from "../clock.ts";
import { type Notification, notificationJson } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";
import { scrub } from "./scrub.ts";
import { withinLimit } from "./time_limit.ts";

/** Where notifications go on the bus. */
export interface MqttOptions {
  /** Topic with `{severity}`, `{device}`, `{rule}`, `{field}`, `{transition}`, e.g. `alerts/{severity}/{device}`. */
  readonly topic: string;
  /** Whether the broker keeps the latest for whoever subscribes later. */
  readonly retain: boolean;
  /** How long one attempt may take, ms. */
  readonly timeout: number;
}

/** What it needs of the world. */
export interface MqttPorts {
  /**
   * Publishes with QoS 1 and resolves when the PUBACK came; rejects where it cannot. A client of its own, not
   * the one that takes readings in: that one answers packets one at a time.
   */
  readonly publish: (topic: string, payload: string, retain: boolean, signal: AbortSignal) => Promise<void>;
  /** For the time limit. */
  readonly clock: Clock;
}

/** A PUBLISH with QoS 1 of the notification as JSON (`notificationJson`). Whatever fails is `retry`. */
export function mqttNotifier(options: MqttOptions, ports: MqttPorts): Notifier {
  const { timeout, retain } = options;
  const timedOut = `The broker gave no PUBACK in ${timeout} ms`;
  return {
    kind: "mqtt",
    send: (notification, signal) =>
      withinLimit({ clock: ports.clock, timeout, timedOut }, signal, async (own): Promise<SendResult> => {
        try {
          const topic = topicOf(options.topic, notification);
          await ports.publish(topic, notificationJson(notification), retain, own);
          return { kind: "sent" };
        } catch (error) {
          return { kind: "retry", text: `The broker did not take it: ${wordsOf(error)}` };
        }
      }),
  };
}

function wordsOf(error: unknown): string {
  return scrub(error instanceof Error ? error.message : String(error), []);
}

/**
 * Fills the topic. What a device is called must not make levels or wildcards of its own, and no level may be
 * empty: `/`, `+`, `#` and control characters become `_` (MQTT 5.0 §4.7).
 */
function topicOf(template: string, { event }: Notification): string {
  const parts: Readonly<Record<string, string | null>> = {
    severity: event.severity,
    device: event.device,
    rule: event.rule,
    field: event.field,
    transition: event.transition,
  };
  return template.replace(/\{(\w+)\}/g, (whole: string, name: string) => {
    if (!Object.hasOwn(parts, name)) return whole;
    // deno-lint-ignore no-control-regex -- control characters have no place in a topic
    return (parts[name] ?? "").replace(/[/+#\u0000-\u001f\u007f]/g, "_").toWellFormed() || "_";
  });
}
