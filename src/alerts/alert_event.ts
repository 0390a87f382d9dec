import type { AlertEvent, StreamIdentity, Value } from "../model/mod.ts";
import type { Care } from "./care.ts";
import type { CompiledRule } from "./compiled_rule.ts";
import type { ActiveAlert } from "./snapshot.ts";
import { renderSummary } from "./summary.ts";

/** Takes the events of a stage, at once and in order. */
export type Emit = (event: AlertEvent) => void;

/** What an event says beside its rule. */
export interface Occurrence {
  readonly alert: string;
  readonly stream: StreamIdentity;
  readonly value: Value | null;
  readonly unit: string | null;
  readonly at: number;
  readonly firedAt: number;
  readonly receivedAt: number;
  /** `null`: it fires. */
  readonly resolved: AlertEvent["reason"];
  readonly care: Care | undefined;
}

/** The sentence of an end, where the rule has no summary of its own: the condition's would say the opposite. */
const OVER: Readonly<Record<NonNullable<AlertEvent["reason"]>, string>> = {
  cleared: "{device}: {field} is {value} {unit}, {rule} is over",
  reported_again: "{device} reports again",
  rule_removed: "{device}: the rule {rule} is gone",
};

/** Makes the event of a transition. */
export function alertEvent(compiled: CompiledRule, of: Occurrence): AlertEvent {
  const { rule, condition, template } = compiled;
  const { device, tags } = of.stream;
  const limit = condition.limit;
  const acknowledged = of.resolved === null ? null : of.care?.acknowledged ?? null;
  const untold = of.care !== undefined && of.care.untold !== null;
  return {
    transition: of.resolved === null ? "firing" : "resolved",
    alert: of.alert,
    rule: rule.name,
    severity: rule.severity,
    device,
    tags,
    field: rule.field,
    value: of.value,
    unit: of.unit,
    limit,
    at: of.at,
    firedAt: of.firedAt,
    receivedAt: of.receivedAt,
    notify: untold ? [] : rule.notify,
    summary: renderSummary(of.resolved === null || rule.summary !== "" ? template : OVER[of.resolved], rule, {
      device,
      value: of.value,
      unit: of.unit,
      limit,
    }),
    reason: of.resolved,
    ...(acknowledged === null ? {} : { acknowledged }),
  };
}

/** What an active alert says beside its rule. */
export interface Standing {
  readonly alert: string;
  readonly stream: StreamIdentity;
  readonly value: Value | null;
  readonly unit: string | null;
  readonly since: number;
  /** `null` while pending. */
  readonly firedAt: number | null;
  readonly care: Care | undefined;
  readonly silencedUntil: number | null;
}

/** Makes the entry of a pending or firing alert. */
export function activeAlert(compiled: CompiledRule, of: Standing): ActiveAlert {
  const { rule, condition, template } = compiled;
  const { device, tags } = of.stream;
  const facts = { device, value: of.value, unit: of.unit, limit: condition.limit };
  return {
    id: of.alert,
    state: of.firedAt === null ? "pending" : "firing",
    rule: rule.name,
    severity: rule.severity,
    tags,
    field: rule.field,
    ...facts,
    since: of.since,
    firedAt: of.firedAt,
    summary: renderSummary(template, rule, facts),
    acknowledged: of.care?.acknowledged ?? null,
    silencedUntil: of.silencedUntil,
  };
}
