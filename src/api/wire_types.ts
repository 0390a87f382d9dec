/** The types of everything that goes over the wire. */
export type { Alert, AlertState } from "./schemas/alerts.ts";
export type { ConfigAnswer } from "./schemas/config.ts";
export type { Delivered, DeliveredAnswer, DeliveredMeasurement } from "./schemas/delivered.ts";
export type { Device, LastValue, Liveness, Quality } from "./schemas/devices.ts";
export type { Health, Readiness } from "./schemas/health.ts";
export type { LedgerAnswer, Rebased } from "./schemas/ledger.ts";
export type { NotifierAnswer, NotifierList, NotifierSummary } from "./schemas/notifiers.ts";
export type { Page, PageQuery } from "./schemas/page.ts";
export type { NotReady, Problem, ProblemReason, RequestFault } from "./schemas/problem.ts";
export type { Payload, QuarantineDetail, QuarantineEntry } from "./schemas/quarantine.ts";
export type { Rule, RuleCondition, RuleList } from "./schemas/rules.ts";
export type { Series } from "./schemas/series.ts";
export type { GatewayStatus, Status } from "./schemas/status.ts";
export type {
  CheckpointStatus,
  DestinationStatus,
  DeviceCounts,
  Durability,
  InboxStatus,
  MqttStatus,
  OutboxStatus,
  Stock,
  WindowStatus,
} from "./schemas/status_parts.ts";
