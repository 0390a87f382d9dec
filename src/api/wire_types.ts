/** The types of everything that goes over the wire. */
export type { Acknowledged, Alert, AlertState } from "./schemas/alerts.ts";
export type { AuditAction, AuditDetail, AuditEntry, AuditNote } from "../model/mod.ts";
export type {
  ConfigAnswer,
  ConfigChange,
  ConfigFault,
  ConfigReloadAnswer,
  ConfigValidation,
} from "./schemas/config.ts";
export type { ConfigTold, DeviceTold, LearnedTold, ReadingTold, Topic } from "./schemas/live.ts";
export type { Delivered, DeliveredAnswer, DeliveredMeasurement } from "./schemas/delivered.ts";
export type { Device, LastValue, Liveness, Quality } from "./schemas/devices.ts";
export type { ExplainAnswer, ExplainStep } from "./schemas/explain.ts";
export type { HistoryPoint, SeriesHistory, Sparkline, Sparklines } from "./schemas/history.ts";
export type { Firing, RuleTrial } from "./schemas/rule_trial.ts";
export type { Health, Readiness } from "./schemas/health.ts";
export type { HowTo, LearnedAccepted, LearnedField, LearnedKind, LearnedPage } from "./schemas/learned.ts";
export type { LedgerAnswer, Rebased } from "./schemas/ledger.ts";
export type { NotifierAnswer, NotifierList, NotifierSummary } from "./schemas/notifiers.ts";
export type { Page, PageQuery } from "./schemas/page.ts";
export type { NotReady, Problem, ProblemReason, RequestFault } from "./schemas/problem.ts";
export type { Payload, QuarantineDetail, QuarantineEntry } from "./schemas/quarantine.ts";
export type {
  QuarantineGroup,
  QuarantineGroups,
  QuarantineReplay,
  ReplayedEntry,
} from "./schemas/quarantine_actions.ts";
export type { Rule, RuleCondition, RuleList } from "./schemas/rules.ts";
export type { Series } from "./schemas/series.ts";
export type { Silence } from "./schemas/silences.ts";
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
