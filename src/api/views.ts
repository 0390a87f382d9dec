import type { AlertRule, Ledger, Refusal } from "../model/mod.ts";
import type { Alert, AlertState } from "./schemas/alerts.ts";
import type { ConfigAnswer } from "./schemas/config.ts";
import type { DeliveredAnswer } from "./schemas/delivered.ts";
import type { Device, Liveness } from "./schemas/devices.ts";
import type { Readiness } from "./schemas/health.ts";
import type { Rebased } from "./schemas/ledger.ts";
import type { NotifierAnswer } from "./schemas/notifiers.ts";
import type { Page, PageQuery } from "./schemas/page.ts";
import type { QuarantineEntry } from "./schemas/quarantine.ts";
import type { Series } from "./schemas/series.ts";
import type { GatewayStatus } from "./schemas/status.ts";

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

/** Which alerts are wanted. */
export interface AlertQuery extends PageQuery {
  /** Only these; `null`: all. */
  readonly state: AlertState | null;
}

/** Alerts that stand, and those that ended lately. */
export interface AlertsView {
  /** Firing first, then pending, then resolved; within each the newest first. The cursor is the id. */
  alerts(query: AlertQuery): Page<Alert>;
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

/** What was refused, as the journal has it. */
export interface Refused
  extends Omit<QuarantineEntry, "id" | "reason" | "explanation" | "field" | "payload_bytes"> {
  /** Its position in the quarantine. */
  readonly position: number;
  /** Why. */
  readonly refusal: Refusal;
  /** Size of the whole payload, also where only its beginning was kept. */
  readonly payload_bytes: number;
  /** The payload, or its beginning; a point's is its line. */
  readonly payload: Uint8Array;
}

/** Which refusals are wanted. */
export interface QuarantineQuery {
  /** At most so many. */
  readonly limit: number;
  /** Only those at lower positions; `null`: from the newest on. */
  readonly before: number | null;
  /** Only for this reason; `null`: for any. */
  readonly reason: Refusal["reason"] | null;
  /** Only of this device; `null`: of any. */
  readonly device: string | null;
}

/** What was refused and is kept. Reads the disk, hence the promises. */
export interface QuarantineView {
  /**
   * Newest first.
   *
   * @returns the entries and, where there may be more, the position to go on before
   */
  entries(query: QuarantineQuery): Promise<{
    /** Newest first. */
    readonly items: readonly Refused[];
    /** What to pass as `before`; `null` at the end. */
    readonly next: number | null;
  }>;
  /** The entry at a position; `undefined` where there is none (any more). */
  entry(position: number): Promise<Refused | undefined>;
}

/** The configuration in force. */
export interface ConfigView {
  /** Without secrets: the view redacts, the API only passes on. */
  config(): ConfigAnswer;
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
  /** For `/api/v1/alerts`. */
  readonly alerts: AlertsView;
  /** For `/api/v1/rules`. */
  readonly rules: RulesView;
  /** For `/api/v1/notifiers` and the page. */
  readonly notifiers: NotifiersView;
  /** For `/api/v1/quarantine`. */
  readonly quarantine: QuarantineView;
  /** For `/api/v1/config`. */
  readonly config: ConfigView;
}
