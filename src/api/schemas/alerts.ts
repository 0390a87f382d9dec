import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { remark } from "./silences.ts";
import { tags, time, value, wire } from "./wire.ts";

/** `pending`: its condition holds, but not yet for long enough. */
export type AlertState = "pending" | "firing" | "resolved";

/** An alert: a rule on one series or one device. */
export interface Alert {
  /** Stable identity. */
  readonly id: string;
  /** Name of the rule. */
  readonly rule: string;
  /** How bad it is. */
  readonly severity: "info" | "warning" | "critical";
  /** Where it stands. */
  readonly state: AlertState;
  /** The device id. */
  readonly device: string;
  /** Tags of the stream. */
  readonly tags: Readonly<Record<string, string>>;
  /** The field; `null` for a dead-man rule. */
  readonly field: string | null;
  /** The value that tipped it; `null` for a dead-man rule. */
  readonly value: number | boolean | string | null;
  /** Its unit. */
  readonly unit: string | null;
  /** The limit, for people. */
  readonly limit: string;
  /** The sentence for people. */
  readonly summary: string;
  /** Event time at which the condition began to hold. RFC 3339, UTC. */
  readonly since: string;
  /** Event time of the firing. RFC 3339, UTC. */
  readonly fired_at: string | null;
  /** Event time of the end. RFC 3339, UTC. */
  readonly resolved_at: string | null;
  /** Why it ended. */
  readonly resolved_because: "cleared" | "rule_removed" | "reported_again" | null;
  /** Who takes, or took, care of it; `null`: nobody has said so. */
  readonly acknowledged: Acknowledged | null;
  /** Until when nobody is told of it. RFC 3339, UTC; `null`: it is not silenced. */
  readonly silenced_until: string | null;
}

/** Who takes care of an alert. */
export interface Acknowledged {
  /** Their name. */
  readonly by: string;
  /** When they said so. RFC 3339, UTC. */
  readonly at: string;
  /** What they said. */
  readonly note: string | null;
}

const STATES = ["pending", "firing", "resolved"] as const;

export const alertState = z.enum(STATES, { error: `allowed is one of ${STATES.join(", ")}` });

export const severity = z.enum(["info", "warning", "critical"]);

export const AlertSchema = wire<Alert>()(
  z.object({
    id: z.string(),
    rule: z.string(),
    severity,
    state: alertState,
    device: z.string(),
    tags,
    field: z.string().nullable(),
    value: value.nullable(),
    unit: z.string().nullable(),
    limit: z.string(),
    summary: z.string(),
    since: time,
    fired_at: time.nullable(),
    resolved_at: time.nullable(),
    resolved_because: z.enum(["cleared", "rule_removed", "reported_again"]).nullable(),
    acknowledged: z.object({ by: z.string(), at: time, note: z.string().nullable() }).nullable(),
    silenced_until: time.nullable(),
  }).openapi("Alert"),
);

export const AlertPageSchema = wire<Page<Alert>>()(
  z.object({ items: z.array(AlertSchema).readonly(), next_cursor: z.string().nullable() }).openapi(
    "AlertPage",
  ),
);

export const AcknowledgeSchema = z.strictObject({ note: remark.optional() }, {
  error: (issue) => issue.code === "unrecognized_keys" ? "allowed is note" : undefined,
}).openapi("Acknowledge");
