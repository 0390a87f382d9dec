import type { DestinationStatus, GatewayStatus, MqttStatus, StatusView } from "../../api/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { firing } from "../metrics.ts";
import { VERSION } from "../version.ts";
import { livenessOf } from "./devices.ts";
import { notifierSummary } from "./notifiers.ts";
import { readiness } from "./readiness.ts";

/** The gateway at one moment. */
export function statusView(parts: Parts): StatusView {
  return {
    status(): GatewayStatus {
      const { core, ports, telemetry, housekeeping } = parts;
      const { config, outbox, quarantine } = core;
      const { river } = core.driver;
      const wall = ports.clock.wall();
      const live = river.registry.devices.map((device) => livenessOf(device, wall));
      const count = (wanted: string): number => live.filter((each) => each === wanted).length;
      const held = river.downsampler.held.size;
      const { used, max } = housekeeping.use;
      return {
        gateway_id: config.gateway.id,
        version: VERSION,
        now: time(wall),
        started_at: time(parts.startedAt),
        uptime_seconds: Math.max(0, (wall - parts.startedAt) / 1_000),
        state: parts.phase,
        clock_plausible: core.time.doubt === undefined,
        readiness: readiness(parts),
        durability: {
          mode: config.buffer.durability,
          every_seconds: config.buffer.durability === "fsync" ? null : config.buffer.every / 1_000,
        },
        mqtt: mqttStatus(parts),
        inbox: {
          bytes: core.inbox.bytes,
          unsynced: core.inbox.waitingMessages,
          acknowledge_p50_seconds: telemetry.durable.quantile(0.5),
          acknowledge_p99_seconds: telemetry.durable.quantile(0.99),
        },
        windows: {
          open: Math.max(0, river.downsampler.windows - held),
          held,
          series: river.registry.seriesCount,
        },
        outbox: {
          points: outbox.counts.total.waiting.points,
          bytes: outbox.diskBytes + outbox.memoryBytes,
          max_bytes: max,
          oldest_at: outbox.oldestCreatedAt === undefined ? null : time(outbox.oldestCreatedAt),
          when_full: config.buffer.whenFull,
          room_seconds: null,
        },
        destinations: destinations(parts),
        quarantine: { entries: quarantine.count, bytes: quarantine.bytes },
        disk: { used_bytes: used, max_bytes: max },
        checkpoint: {
          taken_at: core.newest.takenAt === null ? null : time(core.newest.takenAt),
          bytes: core.newest.bytes,
        },
        devices: {
          known: live.length,
          online: count("online"),
          late: count("late"),
          offline: count("offline"),
        },
        alerts_firing: firing(parts),
        notifiers: notifierSummary(core.notifications),
      };
    },
  };
}

function time(ms: number): string {
  return rfc3339(ms) ?? "";
}

function mqttStatus({ intake, received, config, startedAt }: Parts): MqttStatus {
  const status = intake?.status;
  return {
    address: status?.broker ?? config.mqtt.url,
    state: status === undefined ? "disconnected" : status.connected ? "connected" : "connecting",
    since: time(status?.since ?? startedAt),
    last_message_at: status?.lastMessageAt === undefined ? null : time(status.lastMessageAt),
    messages_per_second: received.rate,
    detail: status?.reason ?? null,
  };
}

function destinations({ forwarder, destination, delivered, core }: Parts): DestinationStatus[] {
  if (forwarder === undefined || destination === undefined) return [];
  const { status } = forwarder;
  const { rate } = delivered;
  const waiting = core.outbox.counts.total.waiting.points;
  const state = status.state === "holding"
    ? "held"
    : status.state === "waiting"
    ? "away"
    : status.lastDeliveredAt === null
    ? "untried"
    : "reachable";
  return [{
    name: "influxdb",
    address: destination.names.address,
    state,
    since: time(status.since),
    last_delivered_at: status.lastDeliveredAt === null ? null : time(status.lastDeliveredAt),
    next_attempt_at: status.nextAttemptAt === null ? null : time(status.nextAttemptAt),
    points_per_second: rate,
    drain_seconds: rate > 0 ? waiting / rate : null,
    detail: status.text ?? (status.state === "waiting" ? status.lastError : null),
  }];
}
