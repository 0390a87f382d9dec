import { emptyLedger, type Ledger } from "../model/mod.ts";
import { ledgerMetrics, type MetricFacts, type Metrics } from "../observe/mod.ts";
import type { Parts } from "./parts.ts";
import { telemetryOf } from "./telemetry.ts";
import { cutLedger } from "./views/ledger.ts";

/** Registers everything that /metrics shows beside the events. */
export function registerMetrics(parts: Parts): void {
  register(parts.telemetry.metrics, () => cutLedger(parts), () => parts);
}

/** Every metric there is, for the reference; nothing is measured. */
export function describeMetrics(): readonly MetricFacts[] {
  const clock = { wall: () => 0, monotonic: () => 0 };
  const { metrics } = telemetryOf({ level: "error", format: "json" }, () => [], {
    clock,
    writeLog: () => {},
    colour: false,
  });
  register(metrics, emptyLedger, () => {
    throw new Error("No gateway runs whose metrics could be read");
  });
  return metrics.describe();
}

function register(metrics: Metrics, ledger: () => Ledger, parts: () => Parts): void {
  ledgerMetrics(metrics, ledger);
  const gauge = (name: string, help: string, read: (parts: Parts) => number): void =>
    metrics.gauge(`sluice_${name}`, help, () => read(parts()));
  gauge("inbox_bytes", "Bytes of the inbox on disk.", ({ core }) => core.inbox.bytes);
  gauge("inbox_unsynced_bytes", "Bytes appended and not yet on disk.", ({ core }) => core.inbox.pendingBytes);
  gauge("outbox_bytes", "Bytes of waiting blocks, on disk and in memory.", ({ core }) => {
    return core.outbox.diskBytes + core.outbox.memoryBytes;
  });
  gauge("outbox_blocks", "Blocks that wait for the database.", ({ core }) => core.outbox.waitingBlocks);
  gauge("outbox_oldest_seconds", "Age of the oldest waiting block.", ({ core, ports }) => {
    const oldest = core.outbox.oldestCreatedAt;
    return oldest === undefined ? 0 : Math.max(0, ports.clock.wall() - oldest) / 1_000;
  });
  gauge("quarantine_bytes", "Bytes of the quarantine on disk.", ({ core }) => core.quarantine.bytes);
  gauge("history_bytes", "Bytes of the local history on disk.", ({ core }) => core.history?.bytes ?? 0);
  gauge(
    "history_dropped_buckets",
    "Buckets that the local history left out, since it failed or did not keep up.",
    ({ core }) => core.history?.dropped ?? 0,
  );
  gauge(
    "disk_used_bytes",
    "Bytes of the data folder that count against buffer.max_bytes.",
    ({ housekeeping }) => housekeeping.use.used,
  );
  gauge("disk_max_bytes", "buffer.max_bytes.", ({ housekeeping }) => housekeeping.use.max);
  gauge("windows", "Windows open and held.", ({ core }) => core.driver.river.downsampler.windows);
  gauge("series", "Series known.", ({ core }) => core.driver.river.registry.seriesCount);
  gauge("devices", "Devices known.", ({ core }) => core.driver.river.registry.devices.length);
  gauge("alerts_firing", "Alerts that fire now.", firing);
  gauge("checkpoint_bytes", "Size of the newest checkpoint.", ({ core }) => core.newest.bytes);
  gauge(
    "mqtt_connected",
    "1 while the broker is connected.",
    ({ intake }) => intake?.status.connected === true ? 1 : 0,
  );
  gauge("resident_memory_bytes", "Memory of the process.", ({ ports }) => ports.rss());
  gauge(
    "event_loop_delay_seconds",
    "Lateness of a timer in the last second.",
    ({ housekeeping }) => housekeeping.loopDelay / 1_000,
  );
  metrics.histogramOf("sluice_delivery_seconds", "Requests to the database that got an answer.", () => {
    const latency = parts().forwarder?.status.latency;
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
