import type { GatewayConfig } from "../config/mod.ts";
import { type Histogram, Logger, Metrics, Observer } from "../observe/mod.ts";
import type { GatewayPorts } from "./ports.ts";

/** What the gateway says of itself. */
export interface Telemetry {
  /** Takes events: each is a log line and a counter together. */
  readonly observer: Observer;
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /** From a message's receipt to its group's fsync, seconds. */
  readonly durable: Histogram;
}

/** Upper bounds in seconds: an SSD syncs in a millisecond, an SD card in hundreds. */
const BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Log, counters and histograms, from the configuration. */
export function makeTelemetry(config: GatewayConfig, ports: GatewayPorts): Telemetry {
  const metrics = new Metrics();
  const level = config.log.level === "warn" ? "warning" : config.log.level;
  const logger = new Logger({
    sink: { write: ports.writeLog },
    time: ports.clock,
    level,
    format: config.log.format,
    colour: ports.colour,
    secrets: () => secretsOf(config),
  });
  return {
    metrics,
    observer: new Observer({ logger, metrics, time: ports.clock }),
    durable: metrics.histogram("sluice_durable_seconds", "From a message's receipt to its fsync.", BOUNDS),
  };
}

/** Every secret in force, so that no text of a library can quote one into the log. */
function secretsOf(config: GatewayConfig): string[] {
  const { influxdb, mqtt, notifiers } = config;
  const found = [mqtt.password, influxdb?.version === 2 ? influxdb.token : influxdb?.password];
  for (const notifier of Object.values(notifiers)) {
    if (notifier.kind === "webhook") found.push(notifier.secret, ...Object.values(notifier.headers));
  }
  return found.flatMap((secret) => secret === undefined ? [] : [secret.reveal()]);
}
