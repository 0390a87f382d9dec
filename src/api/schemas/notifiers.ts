import { z } from "@hono/zod-openapi";
import { count, time, wire } from "./wire.ts";

/** How one notifier fares. */
export interface NotifierAnswer {
  /** Its name, as rules write it. */
  readonly name: string;
  /** Which channel it is, e.g. `webhook`. */
  readonly kind: string;
  /** Notifications waiting or on their way. */
  readonly pending: number;
  /** Event time of the oldest of them. RFC 3339, UTC. */
  readonly oldest_at: string | null;
  /** Notifications delivered since the start of the process. */
  readonly sent: number;
  /** Attempts that failed since the start. */
  readonly failed: number;
  /** Notifications refused for good or dropped since the start. */
  readonly lost: number;
  /** What the last failed attempt said; `null` when none failed, or one succeeded since. */
  readonly last_error: {
    /** The sentence for people; holds no secret. */
    readonly text: string;
    /** When. RFC 3339, UTC. */
    readonly at: string;
  } | null;
}

/** All notifiers. */
export interface NotifierList {
  /** In the configuration's order. */
  readonly items: readonly NotifierAnswer[];
}

/** All notifiers together. */
export interface NotifierSummary {
  /** How many there are. */
  readonly configured: number;
  /** How many of them fail: their last attempt did. */
  readonly failing: number;
  /** Notifications waiting or on their way. */
  readonly pending: number;
  /** Notifications refused for good or dropped since the start of the process. */
  readonly lost: number;
}

const notifier = wire<NotifierAnswer>()(
  z.object({
    name: z.string(),
    kind: z.string(),
    pending: count,
    oldest_at: time.nullable(),
    sent: count,
    failed: count,
    lost: count,
    last_error: z.object({ text: z.string(), at: time }).nullable(),
  }).openapi("Notifier"),
);

export const NotifierListSchema = wire<NotifierList>()(
  z.object({ items: z.array(notifier).readonly() }).openapi("NotifierList"),
);

export const NotifierSummarySchema = wire<NotifierSummary>()(
  z.object({ configured: count, failing: count, pending: count, lost: count }),
);
