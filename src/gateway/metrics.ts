import { ledgerMetrics } from "../observe/mod.ts";
import type { Parts } from "./parts.ts";
import { cutLedger } from "./views/ledger.ts";

/** Registers everything that /metrics shows beside the events. */
export function registerMetrics(parts: Parts): void {
  const { core, ports, housekeeping } = parts;
  const { metrics } = parts.telemetry;
  ledgerMetrics(metrics, () => cutLedger(parts));
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge(`sluice_${name}`, help, read);
  gauge("inbox_bytes", "Bytes of the inbox on disk.", () => core.inbox.bytes);
  gauge("inbox_unsynced_bytes", "Bytes appended and not yet on disk.", () => core.inbox.pendingBytes);
  gauge("outbox_bytes", "Bytes of waiting blocks, on disk and in memory.", () => {
    return core.outbox.diskBytes + core.outbox.memoryBytes;
  });
  gauge("outbox_blocks", "Blocks that wait for the database.", () => core.outbox.waitingBlocks);
  gauge("outbox_oldest_seconds", "Age of the oldest waiting block.", () => {
    const oldest = core.outbox.oldestCreatedAt;
    return oldest === undefined ? 0 : Math.max(0, ports.clock.wall() - oldest) / 1_000;
  });
  gauge("quarantine_bytes", "Bytes of the quarantine on disk.", () => core.quarantine.bytes);
  gauge(
    "disk_used_bytes",
    "Bytes of the data folder that count against buffer.max_bytes.",
    () => housekeeping.use.used,
  );
  gauge("disk_max_bytes", "buffer.max_bytes.", () => housekeeping.use.max);
  gauge("windows", "Windows open and held.", () => core.driver.river.downsampler.windows);
  gauge("series", "Series known.", () => core.driver.river.registry.seriesCount);
  gauge("devices", "Devices known.", () => core.driver.river.registry.devices.length);
  gauge("alerts_firing", "Alerts that fire now.", () => firing(parts));
  gauge("checkpoint_bytes", "Size of the newest checkpoint.", () => core.newest.bytes);
  gauge(
    "mqtt_connected",
    "1 while the broker is connected.",
    () => parts.intake?.status.connected === true ? 1 : 0,
  );
  gauge("resident_memory_bytes", "Memory of the process.", () => ports.rss());
  gauge(
    "event_loop_delay_seconds",
    "Lateness of a timer in the last second.",
    () => housekeeping.loopDelay / 1_000,
  );
  metrics.histogramOf("sluice_delivery_seconds", "Requests to the database that got an answer.", () => {
    const latency = parts.forwarder?.status.latency;
    const bounds = (latency?.bounds ?? []).map((ms) => ms / 1_000);
    return {
      bounds,
      counts: latency?.counts ?? [],
      count: latency?.count ?? 0,
      sum: (latency?.sum ?? 0) / 1_000,
    };
  });
}

/** Alerts that fire now. */
export function firing(parts: Parts): number {
  return parts.core.driver.river.alerts.active().filter((alert) => alert.state === "firing").length;
}
