import type { AlertRule, Ledger } from "../model/mod.ts";
import type { DeliveredAnswer } from "./schemas/delivered.ts";
import type { Device, Liveness } from "./schemas/devices.ts";
import type { Readiness } from "./schemas/health.ts";
import type { Rebased } from "./schemas/ledger.ts";
import type { NotifierAnswer } from "./schemas/notifiers.ts";
import type { Page, PageQuery } from "./schemas/page.ts";
import type { Series } from "./schemas/series.ts";
import type { GatewayStatus } from "./schemas/status.ts";
import type { AlertActionsView, AlertsView } from "./views/alerts.ts";
import type { AuditView } from "./views/audit.ts";
import type { ConfigView } from "./views/config.ts";
import type { HistoryView } from "./views/history.ts";
import type { ExplainView } from "./views/explain.ts";
import type { LearnedView } from "./views/learned.ts";
import type { LiveView } from "./views/live.ts";
import type { QuarantineView } from "./views/quarantine.ts";

export type {
  AcknowledgeOutcome,
  AlertActionsView,
  AlertQuery,
  AlertsView,
  SilenceOutcome,
  SilenceWish,
  UnsilenceOutcome,
} from "./views/alerts.ts";
export type {
  QuarantineChoice,
  QuarantineQuery,
  QuarantineView,
  Refused,
  ReplayWish,
} from "./views/quarantine.ts";
export type { ExplainView } from "./views/explain.ts";
export type { HistoryQuery, HistoryView, NoHistoryKept, Span, WrongRule } from "./views/history.ts";
export type { Unavailable } from "./views/unavailable.ts";
export type { ConfigReload, ConfigView } from "./views/config.ts";
export type { AcceptOutcome, LearnedView, LearnedWish } from "./views/learned.ts";
export type { LiveEvent, LiveView, ReadingWatch } from "./views/live.ts";
export type { AuditQuery, AuditView } from "./views/audit.ts";

/** Whether the gateway is ready. */
export interface ReadinessView {
  /** Asked often: must be cheap. */
  readiness(): Readiness;
}

/** The exposition for Prometheus; `Metrics` of observe/ fits. */
export interface MetricsView {
  /** Text format 0.0.4, one cut. */
  exposition(): string;
}

/** The gateway at one moment. */
export interface StatusView {
  /** Everything but the ledger, which the same turn reads from `LedgerView`. */
  status(): GatewayStatus;
}

/** The counters of one moment. */
export interface LedgerCut {
  /** One consistent cut. */
  readonly counts: Ledger;
  /** Since when is counted. RFC 3339, UTC. */
  readonly since: string;
  /** When the counters were set anew. */
  readonly rebased: readonly Rebased[];
}

/** The accounts. */
export interface LedgerView {
  /** The gateway's accounts, or one device's; `undefined` where the device is not known. */
  ledger(device: string | null): LedgerCut | undefined;
}

/** Which part of the delivery account is wanted. */
export interface DeliveredQuery {
  /** Only this UTC day and later ones, `YYYY-MM-DD`; `null`: from the first on. */
  readonly since: string | null;
  /** Only days before this UTC day; `null`: up to the last. */
  readonly until: string | null;
  /** At most so many rows. */
  readonly limit: number;
  /** Number of the last row of the stretch before; `null` for the first. */
  readonly after: number | null;
}

/** The delivery account. */
export interface DeliveredView {
  /** In order of the rows' numbers; the cursor is the number. */
  delivered(query: DeliveredQuery): DeliveredAnswer;
}

/** Which devices are wanted. */
export interface DeviceQuery extends PageQuery {
  /** Only these; `null`: all. */
  readonly liveness: Liveness | null;
  /** Only those whose id or profile has this in it, in any case; `null`: all. */
  readonly search: string | null;
}

/** The devices seen. */
export interface DevicesView {
  /** In code-unit order of their ids; the cursor is the id. */
  devices(query: DeviceQuery): Page<Device>;
  /** One of them; `undefined` where it is not known. */
  device(id: string): Device | undefined;
}

/** Which series are wanted. */
export interface SeriesQuery extends PageQuery {
  /** Only this device's; `null`: all. */
  readonly device: string | null;
}

/** The series known. */
export interface SeriesView {
  /** In code-unit order of their ids; the cursor is the id. */
  series(query: SeriesQuery): Page<Series>;
}

/** The rules in force. */
export interface RulesView {
  /** In the configuration's order. */
  rules(): readonly {
    /** The rule. */
    readonly rule: AlertRule;
    /** How many of its alerts fire now. */
    readonly firing: number;
  }[];
}

/** The channels to people. */
export interface NotifiersView {
  /** In the configuration's order. */
  notifiers(): readonly NotifierAnswer[];
}

/** All that the API sees of the gateway: plain data, names as on the wire. */
export interface GatewayViews {
  /** For `/readyz`. */
  readonly readiness: ReadinessView;
  /** For `/metrics`. */
  readonly metrics: MetricsView;
  /** For `/api/v1/status` and the page. */
  readonly status: StatusView;
  /** For `/api/v1/ledger` and the page. */
  readonly ledger: LedgerView;
  /** For `/api/v1/delivered`. */
  readonly delivered: DeliveredView;
  /** For `/api/v1/devices`. */
  readonly devices: DevicesView;
  /** For `/api/v1/series`. */
  readonly series: SeriesView;
  /** For `/api/v1/series/{id}/history`, `/api/v1/sparklines` and `/api/v1/rules/test`. */
  readonly history: HistoryView;
  /** For `/api/v1/alerts`. */
  readonly alerts: AlertsView;
  /** For `/api/v1/alerts/{id}/ack` and `/api/v1/silences`. */
  readonly alertActions: AlertActionsView;
  /** For `/api/v1/rules`. */
  readonly rules: RulesView;
  /** For `/api/v1/notifiers` and the page. */
  readonly notifiers: NotifiersView;
  /** For `/api/v1/explain`. */
  readonly explain: ExplainView;
  /** For `/api/v1/quarantine`. */
  readonly quarantine: QuarantineView;
  /** For `/api/v1/audit`, and for whatever people do. */
  readonly audit: AuditView;
  /** For `/api/v1/learned`. */
  readonly learned: LearnedView;
  /** For `/api/v1/events`. */
  readonly live: LiveView;
  /** For `/api/v1/config`. */
  readonly config: ConfigView;
}
