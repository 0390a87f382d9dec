/**
 * The configuration: in comes a YAML file with its profiles and secrets, out come the resolved configuration,
 * the rules for the pipeline, and warnings — or every problem at once, each with file, line and column.
 *
 * Promises: the zod schemas in `sections/` are the one source of keys, defaults, descriptions and the JSON
 * Schema; files, environment and host name are arguments; nothing is thrown for a wrong file; no secret is in
 * a problem, in the rules, or in anything that prints the configuration.
 * @module
 */
export type { GatewayConfig } from "./config.ts";
export {
  type ConfigDifference,
  differences,
  type Effect,
  inForce,
  type Settings,
} from "./diff/differences.ts";
export { type AlertSurroundings, type ReadAlertRule, readAlertRule } from "./read_alert_rule.ts";
export { addSubscriptions, type EditRefusal, textRefusal } from "./edit/add_subscriptions.ts";
export { profileNameIn } from "./edit/profile_name.ts";
export { formatEncryptionKey, parseEncryptionKey } from "./encryption_key.ts";
export { flatDifferences, type FlatSettings, flatSettings } from "./diff/flat_settings.ts";
export { EXPIRY_TEXT, parseExpiry } from "./expiry.ts";
export { writeFieldPath } from "./field_path.ts";
export { formatDuration, parseDuration, type ValueProblem } from "./duration.ts";
export type { ProfileExample } from "./examples.ts";
export { configJsonSchema, profileJsonSchema } from "./json_schema.ts";
export { loadConfig, type Loaded } from "./load.ts";
export {
  type ConfigFacts,
  type ConfigProblem,
  type ConfigReason,
  problemText,
  renderProblem,
} from "./problem.ts";
export { parseRate, type Rate } from "./rate.ts";
export { redact } from "./redact.ts";
export { Secret, type SecretReload } from "./secret.ts";
export { formatSize, parseSize } from "./size.ts";
export type { ConfigSources } from "./sources.ts";
export type { ApiConfig, ApiToken, ListenAddress } from "./sections/api.ts";
export type { BufferConfig, EncryptionConfig } from "./sections/buffer.ts";
export type { GatewayIdentity } from "./sections/gateway.ts";
export type { HistoryConfig } from "./sections/history.ts";
export type { InfluxCommon, InfluxConfig, InfluxV1Config, InfluxV2Config } from "./sections/influxdb.ts";
export type { LogConfig } from "./sections/log.ts";
export type { MqttConfig, TlsConfig } from "./sections/mqtt.ts";
export type { PrivacyConfig, PrivacyKey } from "./sections/privacy.ts";
export type { EmailConfig } from "./sections/email.ts";
export type { AlertTopicConfig, NotifierConfig, WebhookConfig } from "./sections/notifiers.ts";
export type { SyslogConfig } from "./sections/syslog.ts";
