import type { Alert, AlertState } from "../schemas/alerts.ts";
import type { Page, PageQuery } from "../schemas/page.ts";
import type { Silence } from "../schemas/silences.ts";
import type { Unavailable } from "./unavailable.ts";

/** Which alerts are wanted. */
export interface AlertQuery extends PageQuery {
  /** Only these; `null`: all. */
  readonly state: AlertState | null;
}

/** What became of an acknowledgement. */
export type AcknowledgeOutcome =
  /** `already`: the first one stays. */
  | { readonly kind: "acknowledged" | "already"; readonly alert: Alert }
  /** It is pending: nothing has fired that someone could take care of. */
  | { readonly kind: "not_firing" }
  /** No alert of this id stands. */
  | { readonly kind: "unknown" }
  | Unavailable;

/** Alerts that stand, and those that ended lately. */
export interface AlertsView {
  /** Firing first, then pending, then resolved; within each the newest first. The cursor is the id. */
  alerts(query: AlertQuery): Page<Alert>;
}

/** A silence that is asked for. */
export interface SilenceWish {
  /** Name of the rule; `null`: every rule. */
  readonly rule: string | null;
  /** Glob of the devices; `null`: every device. */
  readonly device: string | null;
  /** Why, for people. */
  readonly reason: string | null;
  /** How long, ms, or until when, RFC 3339. */
  readonly lasts: { readonly ms: number } | { readonly until: string };
}

/** What became of it. */
export type SilenceOutcome =
  | { readonly kind: "silenced"; readonly silence: Silence }
  /** Its end is not ahead, or more than 366 days ahead. */
  | { readonly kind: "bad_end"; readonly now: string }
  /** No rule has this name. */
  | { readonly kind: "unknown_rule"; readonly rules: readonly string[] }
  | { readonly kind: "too_many" }
  | Unavailable;

/** What became of the removal of a silence. */
export type UnsilenceOutcome =
  | { readonly kind: "removed"; readonly silence: Silence }
  | { readonly kind: "unknown" }
  | Unavailable;

/** What people do about alerts. */
export interface AlertActionsView {
  /**
   * Someone takes care of an alert. Durable, and in force, when it resolves.
   *
   * @param by who does
   * @param note what they say to it
   */
  acknowledge(id: string, by: string, note: string | null): Promise<AcknowledgeOutcome>;
  /** Of what nobody is told for a while, in the order in which it was asked for. The cursor is the id. */
  silences(query: PageQuery): Page<Silence>;
  /** Adds one. Durable, and in force, when it resolves. */
  silence(wish: SilenceWish, by: string): Promise<SilenceOutcome>;
  /** Ends one before its time. Durable, and done, when it resolves. */
  unsilence(id: string, by: string): Promise<UnsilenceOutcome>;
}
