import type { Clock } from "../clock.ts";
import type { GatewayConfig, LogConfig } from "../config/mod.ts";
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
  return telemetryOf(config.log, () => secretsOf(config), ports);
}

/** The same of what it is made of. */
export function telemetryOf(
  log: LogConfig,
  secrets: () => string[],
  ports: {
    readonly clock: Pick<Clock, "wall" | "monotonic">;
    readonly writeLog: (line: string) => void;
    readonly colour: boolean;
  },
): Telemetry {
  const metrics = new Metrics();
  const level = log.level === "warn" ? "warning" : log.level;
  const logger = new Logger({
    sink: { write: ports.writeLog },
    time: ports.clock,
    level,
    format: log.format,
    colour: ports.colour,
    secrets,
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
    if (notifier.kind === "email") found.push(notifier.password);
    if (notifier.kind === "syslog") found.push(notifier.key);
  }
  found.push(...config.privacy.keys.map(({ secret }) => secret));
  return found.flatMap((secret) => secret === undefined ? [] : [secret.reveal()]);
}
