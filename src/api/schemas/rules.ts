import { z } from "@hono/zod-openapi";
import { severity } from "./alerts.ts";
import { count, seconds, tags, value, wire } from "./wire.ts";

/** What a rule watches; numbers in the field's unit. */
export type RuleCondition =
  | { readonly kind: "above" | "below"; readonly limit: number; readonly clear: number }
  | { readonly kind: "outside" | "inside"; readonly low: number; readonly high: number }
  | { readonly kind: "equals" | "not_equals"; readonly value: number | boolean | string }
  | { readonly kind: "rate_above" | "rate_below"; readonly limit: number; readonly per_seconds: number }
  | { readonly kind: "unchanged"; readonly unchanged_for_seconds: number }
  | { readonly kind: "silent"; readonly silent_for_seconds: number };

/** An alert rule in force. */
export interface Rule {
  /** Its name. */
  readonly name: string;
  /** Only devices under this profile. */
  readonly profile: string | null;
  /** Only devices whose id matches this glob. */
  readonly device: string | null;
  /** Only messages on topics of this MQTT filter. */
  readonly topic: string | null;
  /** Only streams with these tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The field that is watched; `null` for a dead-man rule. */
  readonly field: string | null;
  /** What it watches. */
  readonly condition: RuleCondition;
  /** How long the condition must hold in event time. */
  readonly for_seconds: number;
  /** How bad it is. */
  readonly severity: "info" | "warning" | "critical";
  /** Names of the notifiers that are told. */
  readonly notify: readonly string[];
  /** The text for people, with its place-holders. */
  readonly summary: string;
  /** How many of its alerts fire now. */
  readonly firing: number;
}

/** All rules in force. */
export interface RuleList {
  /** In the configuration's order. */
  readonly items: readonly Rule[];
}

const condition = wire<RuleCondition>()(z.union([
  z.object({ kind: z.enum(["above", "below"]), limit: z.number(), clear: z.number() }),
  z.object({ kind: z.enum(["outside", "inside"]), low: z.number(), high: z.number() }),
  z.object({ kind: z.enum(["equals", "not_equals"]), value }),
  z.object({ kind: z.enum(["rate_above", "rate_below"]), limit: z.number(), per_seconds: seconds }),
  z.object({ kind: z.literal("unchanged"), unchanged_for_seconds: seconds }),
  z.object({ kind: z.literal("silent"), silent_for_seconds: seconds }),
]));

const rule = wire<Rule>()(
  z.object({
    name: z.string(),
    profile: z.string().nullable(),
    device: z.string().nullable(),
    topic: z.string().nullable(),
    tags,
    field: z.string().nullable(),
    condition,
    for_seconds: seconds,
    severity,
    notify: z.array(z.string()).readonly(),
    summary: z.string(),
    firing: count,
  }).openapi("Rule"),
);

export const RuleListSchema = wire<RuleList>()(
  z.object({ items: z.array(rule).readonly() }).openapi("RuleList"),
);
