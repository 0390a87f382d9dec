import { z } from "@hono/zod-openapi";
import { count, seconds, tags, time, value, wire } from "./wire.ts";

/** An alert that a rule would have made. */
export interface Firing {
  /** Id of the device. */
  readonly device: string;
  /** Tags of the stream. */
  readonly tags: Readonly<Record<string, string>>;
  /** The field that is watched; `null` for a dead-man rule. */
  readonly field: string | null;
  /** When it would have fired. RFC 3339, UTC. */
  readonly fired_at: string;
  /** When it would have ended; `null`: it would stand at the end. */
  readonly resolved_at: string | null;
  /** The value that tipped it; `null` for a dead-man rule. */
  readonly value: number | boolean | string | null;
  /** What people would have been told. */
  readonly summary: string;
}

/** What a rule would have done, by the local history. */
export interface RuleTrial {
  /** Beginning of the stretch that was tried. RFC 3339, UTC. */
  readonly from: string;
  /** Its end. RFC 3339, UTC. */
  readonly to: string;
  /** Length of the stretches that stand for the readings in them: what is shorter shows as that long. */
  readonly resolution_seconds: number;
  /** How many series, or for a dead-man rule devices, it would have watched. */
  readonly series: number;
  /** The first 200, in order of time. */
  readonly firings: readonly Firing[];
  /** How many in all. */
  readonly total: number;
}

const firing = wire<Firing>()(z.object({
  device: z.string(),
  tags,
  field: z.string().nullable(),
  fired_at: time,
  resolved_at: time.nullable(),
  value: value.nullable(),
  summary: z.string(),
}));

export const RuleTrialSchema = wire<RuleTrial>()(
  z.object({
    from: time,
    to: time,
    resolution_seconds: seconds,
    series: count,
    firings: z.array(firing).readonly(),
    total: count,
  }).openapi("RuleTrial"),
);

export const RuleWishSchema = z.strictObject({
  rule: z.string().min(1).max(16_384).openapi({
    description: "One alert rule in YAML, as an entry of alerts in the configuration",
  }),
  from: time.optional(),
  to: time.optional(),
}).openapi("RuleWish");
