import type { GatewayConfig } from "../config/mod.ts";
import {
  embeddedIntake,
  type InboxPort,
  type Intake,
  type IntakeEvent,
  mqttIntake,
  type Publishing,
} from "../ingest/mod.ts";
import { parseTemplate, type Rules } from "../model/mod.ts";
import { mqttCredentials } from "./mqtt_credentials.ts";
import type { GatewayPorts } from "./ports.ts";

/** The MQTT filters of the rules, those among them that are only listened to for what is new. */
export function filtersOf(rules: Rules): string[] {
  const subscribed = rules.subscriptions.flatMap(({ topic }) => {
    const template = parseTemplate(topic);
    return "filter" in template ? [template.filter] : [];
  });
  return [...subscribed, ...rules.learn ?? []];
}

/** What the intake has to know beside the configuration. */
export interface IntakeFacts {
  readonly rules: Rules;
  /** Filters of the rules that were in force before. */
  readonly formerFilters: readonly string[];
  /** Wall clock until which an earlier process was alive, ms. */
  readonly lastConnectedAt: number | undefined;
  /** The broker's figure of dropped messages as an earlier process read it last. */
  readonly formerDropped: number | undefined;
  /** Sends probes, by another client; `undefined`: there are none. */
  readonly echo: Publishing["echo"] | undefined;
}

/** Bytes that wait for their fsync at most, and which part of the buffer that may be. */
const PENDING = 16 * 1024 * 1024;
const PENDING_PART = 32;

/** The source of messages that the configuration asks for. */
export function makeIntake(
  config: GatewayConfig,
  facts: IntakeFacts,
  inbox: InboxPort,
  ports: GatewayPorts,
  onEvent: (event: IntakeEvent) => void,
): Intake {
  const { mqtt } = config;
  const filters = filtersOf(facts.rules);
  const maxPayload = facts.rules.limits.payload;
  const maxPendingBytes = Math.min(PENDING, Math.floor(config.buffer.maxBytes / PENDING_PART));
  if (mqtt.embedded !== undefined) {
    const username = mqtt.username === undefined ? {} : { username: mqtt.username };
    const { hostname: host, port } = mqtt.embedded;
    const password = mqtt.password === undefined ? {} : { password: mqtt.password.reveal() };
    return embeddedIntake(
      { host, port, filters, maxPayload, maxPendingBytes, ...username, ...password },
      inbox,
      ports.clock,
      onEvent,
    );
  }
  return mqttIntake(
    {
      url: mqtt.url,
      clientId: mqtt.clientId,
      protocol: mqtt.protocol,
      sessionExpiry: mqtt.sessionExpiry,
      keepalive: mqtt.keepalive,
      receiveMaximum: mqtt.receiveMaximum,
      filters,
      formerFilters: facts.formerFilters,
      maxPayload,
      maxPendingBytes,
      ...(facts.echo === undefined || mqtt.probe === 0
        ? {}
        : { probe: { every: mqtt.probe, echo: facts.echo } }),
      ...(facts.formerDropped === undefined ? {} : { formerDropped: facts.formerDropped }),
      ...(facts.lastConnectedAt === undefined ? {} : { lastConnectedAt: facts.lastConnectedAt }),
      ...mqttCredentials(mqtt, ports),
    },
    inbox,
    ports.clock,
    ports.random,
    onEvent,
  );
}
