import type { ApiConfig } from "./sections/api.ts";
import type { BufferConfig } from "./sections/buffer.ts";
import type { GatewayIdentity } from "./sections/gateway.ts";
import type { HistoryConfig } from "./sections/history.ts";
import type { InfluxConfig } from "./sections/influxdb.ts";
import type { LogConfig } from "./sections/log.ts";
import type { MqttConfig } from "./sections/mqtt.ts";
import type { NotifierConfig } from "./sections/notifiers.ts";
import type { PrivacyConfig } from "./sections/privacy.ts";

/**
 * The configuration with all defaults filled in: durations in ms, sizes in bytes, files read, secrets closed.
 * What the pipeline obeys (subscriptions, profiles, limits, alerts) stands in the rules beside it, not here.
 */
export interface GatewayConfig {
  /** The file that it was read from, as it was named. */
  readonly file: string;
  /** Who this gateway is. */
  readonly gateway: GatewayIdentity;
  /** The session with the broker. */
  readonly mqtt: MqttConfig;
  /** Folder of the profiles, resolved against the folder of the configuration. */
  readonly profilesDir: string;
  /** What is kept on disk. */
  readonly buffer: BufferConfig;
  /** The keys of redaction. */
  readonly privacy: PrivacyConfig;
  /** `undefined`: nothing is forwarded. */
  readonly influxdb: InfluxConfig | undefined;
  /** Who hears of alerts, by name. */
  readonly notifiers: Readonly<Record<string, NotifierConfig>>;
  /** The HTTP API. */
  readonly api: ApiConfig;
  /** The local store for charts. */
  readonly history: HistoryConfig;
  /** The gateway's own log. */
  readonly log: LogConfig;
}
