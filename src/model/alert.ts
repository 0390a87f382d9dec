import type { Acknowledgement } from "./command.ts";

/** How bad it is. */
export type Severity = "info" | "warning" | "critical";

/** What a rule watches. Thresholds are in the field's unit, times in ms. */
export type AlertCondition =
  | { readonly kind: "above" | "below"; readonly limit: number; readonly clear: number }
  | { readonly kind: "outside" | "inside"; readonly low: number; readonly high: number }
  | { readonly kind: "equals" | "not_equals"; readonly value: number | boolean | string }
  /** Change between neighbouring readings: more than `limit` within `per` ms (`5/m` is 5 and 60 000). */
  | { readonly kind: "rate_above" | "rate_below"; readonly limit: number; readonly per: number }
  /** The same value for so long, in event time. */
  | { readonly kind: "unchanged"; readonly unchangedFor: number }
  /** Dead-man: no message of the device for so long, in journal time. */
  | { readonly kind: "silent"; readonly silentFor: number };

/** An alert rule, all defaults resolved. */
export interface AlertRule {
  /** Name of the rule, unique in the configuration. */
  readonly name: string;
  /** Only devices under this profile. */
  readonly profile: string | null;
  /** Only devices whose id matches this glob (`*`, `?`). */
  readonly device: string | null;
  /** Only messages on topics of this MQTT filter. */
  readonly topic: string | null;
  /** Only streams with these tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Field that is watched; `null` for dead-man rules. */
  readonly field: string | null;
  /** What must be true of the field's value, or of the device's silence. */
  readonly condition: AlertCondition;
  /** How long the condition must hold before it fires, ms of event time. */
  readonly for: number;
  /** How bad it is when it fires. */
  readonly severity: Severity;
  /** Names of notifiers. */
  readonly notify: readonly string[];
  /**
   * Text for people with `{device}`, `{value}`, `{unit}`, `{limit}`, `{field}`, `{rule}`, `{severity}`;
   * empty: the condition's own sentence.
   */
  readonly summary: string;
}

/** A change of an alert that people may have to hear of. */
export interface AlertEvent {
  /** `firing` or `resolved`. */
  readonly transition: "firing" | "resolved";
  /** Stable identity of the alert: rule and series (or rule and device). */
  readonly alert: string;
  /** Name of the rule. */
  readonly rule: string;
  /** How bad it is, as the rule says. */
  readonly severity: Severity;
  /** The device id. */
  readonly device: string;
  /** Tags of the stream. */
  readonly tags: readonly (readonly [string, string])[];
  /** The field that is watched; `null` for dead-man rules. */
  readonly field: string | null;
  /** The value that tipped it; `null` for dead-man rules. */
  readonly value: number | boolean | string | null;
  /** Unit of the value for people; `null` where the profile names none. */
  readonly unit: string | null;
  /** The limit for people, e.g. `80` or `10 … 30`. */
  readonly limit: string;
  /** Event time of this transition, ms; for dead-man rules and removed rules the wall clock. */
  readonly at: number;
  /** Event time of the firing that it belongs to, ms. */
  readonly firedAt: number;
  /** Wall clock of the record that caused it, ms. */
  readonly receivedAt: number;
  /** Names of the notifiers that are told; none where a silence covered the firing. */
  readonly notify: readonly string[];
  /** The rendered summary. */
  readonly summary: string;
  /** Nothing has changed: it fired while nobody was to be told, and is told now that it still fires. */
  readonly late?: true;
  /** Who took care of it while it fired; only with `resolved`, and only where somebody did. */
  readonly acknowledged?: Acknowledgement;
  /** Why it resolved: `cleared`, `rule_removed`, `reported_again`; `null` when firing. */
  readonly reason: "cleared" | "rule_removed" | "reported_again" | null;
}
