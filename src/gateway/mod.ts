/**
 * The composition root: builds every part from a configuration, hands each the narrow ports it asked for, starts
 * them in order and stops them in reverse.
 *
 * In: a loaded configuration with its rules, and the machine. Out: a running gateway with its API; a problem with
 * the exit code that the command line promises where it cannot run.
 * @module
 */
export type { AlertHistory } from "./alert_history.ts";
export type { Banks, Rebase } from "./banks.ts";
export type {
  Asker,
  ConfigSource,
  Configuration,
  Governed,
  ReadConfig,
  Reloaded,
  Validated,
} from "./configuration.ts";
export type { Core } from "./core.ts";
export type { Counters } from "./counters.ts";
export type { DataFolder } from "./data_folder.ts";
export { keyRingOf as dataKeysOf } from "./data_keys.ts";
export type { Commands } from "./commands.ts";
export type { DeviceRequests } from "./device_requests.ts";
export { Gateway } from "./gateway.ts";
export { type Beat, type Flow, flowOf, Heartbeat } from "./heartbeat.ts";
export type { DiskUse, Housekeeping } from "./housekeeping.ts";
export { keyringOf } from "./keyring.ts";
export type { NewestCheckpoint } from "./make_driver.ts";
export { describeMetrics } from "./metrics.ts";
export type { Acceptance, Accepted, AcceptResult } from "./learning/accept.ts";
export type { ConfigFile, ConfigFiles } from "./learning/config_files.ts";
export type { Learning } from "./learning/learning.ts";
export type { LiveFeed } from "./live.ts";
export type { Meter } from "./meter.ts";
export type { Parts, Phase } from "./parts.ts";
export { type Lookup, type Permissions, permissionsOf } from "./permissions.ts";
export { type GatewayPorts, machine } from "./ports.ts";
export { GatewayProblem } from "./problem.ts";
export { databaseAccess, makeDestination } from "./make_destination.ts";
export { probeBroker } from "./probe_broker.ts";
export type { NotifierMeans } from "./make_notifiers.ts";
export type { GatewayPublisher, Publisher, PublishHow } from "./publisher.ts";
export type { StandingAlerts } from "./standing_alerts.ts";
export { testNotification, type TestOutcome } from "./test_notification.ts";
export type { Telemetry } from "./telemetry.ts";
export { VERSION } from "./version.ts";
export { deliveredOf } from "./views/delivered.ts";
