/** Every kind of thing that the audit tells of. */
export const AUDIT_ACTIONS = [
  "started",
  "stopped",
  "config_changed",
  "config_reloaded",
  "config_refused",
  "sign_in",
  "sign_in_failed",
  "sign_out",
  "locked_out",
  "refused",
  "alert_acknowledged",
  "silence_added",
  "silence_removed",
  "quarantine_replayed",
  "quarantine_deleted",
  "learned_accepted",
  "learned_dismissed",
] as const;

/** What was done. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Facts of an entry: flat, so that a person reads them at a glance. Never a secret. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** What someone did, as it is handed to the audit. */
export interface AuditNote {
  /** What was done. */
  readonly action: AuditAction;
  /** Who did it: the name of a token, `local` on this machine without tokens, `anonymous`, or `gateway` itself. */
  readonly actor: string;
  /** The role that they had; `null`: none, or the gateway itself. */
  readonly role: "viewer" | "operator" | "admin" | null;
  /** Address that the request came from; `null`: it was no request. */
  readonly address: string | null;
  /** Id of the request, as in the answer and in the log; `null`: it was no request. */
  readonly request_id: string | null;
  /** What it was done to: an alert's id, a path; `null`: nothing in particular. */
  readonly target: string | null;
  /** What else there is to know. */
  readonly detail: AuditDetail;
}

/** An entry of the audit. */
export interface AuditEntry extends AuditNote {
  /** Counts up from 1, without a gap. */
  readonly sequence: number;
  /** When. RFC 3339, UTC. */
  readonly at: string;
  /** SHA-256 over the hash of the entry before and this entry, 64 hexadecimal digits. */
  readonly hash: string;
}
