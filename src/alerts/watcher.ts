import type { Acknowledgement, AlertEvent, AlertRule, StreamIdentity, Value } from "../model/mod.ts";
import { activeAlert, alertEvent, type Emit } from "./alert_event.ts";
import { type Acknowledged, acknowledgedBy, type Care, unheard } from "./care.ts";
import type { CompiledRule } from "./compiled_rule.ts";
import type { Silences } from "./silences.ts";
import type { ActiveAlert, Phase, WatcherSnapshot } from "./snapshot.ts";

/** What a reading did: `older` readings are ignored, `fired` and `resolved` made an event. */
export type Judgement = "older" | "inactive" | "pending" | "fired" | "firing" | "resolved";

/**
 * One rule on one series: the state machine of SPEC.md, A1 … A9. Got from `AlertStage.watchersFor`, fed with
 * every accepted reading of its series.
 */
export class Watcher {
  /** Stable identity of the alert. */
  readonly alert: string;
  readonly #compiled: CompiledRule;
  readonly #stream: StreamIdentity;
  readonly #field: string;
  readonly #silences: Silences;
  #unit: string | null;
  #phase: Phase = "inactive";
  #since = NaN;
  #firedAt = NaN;
  /** Only while firing. */
  #care: Care | undefined;
  /** The object is the trail that conditions judge by; it is made once, so that a reading allocates nothing. */
  readonly #trail: { at: number; value: Value | null; changedAt: number } = {
    at: -Infinity,
    value: null,
    changedAt: -Infinity,
  };

  /**
   * Made by the stage alone.
   *
   * @param alert stable identity of the alert
   */
  constructor(
    alert: string,
    compiled: CompiledRule,
    stream: StreamIdentity,
    field: string,
    unit: string | null,
    silences: Silences,
  ) {
    this.alert = alert;
    this.#compiled = compiled;
    this.#stream = stream;
    this.#field = field;
    this.#unit = unit;
    this.#silences = silences;
  }

  /** The rule it watches by. */
  get rule(): AlertRule {
    return this.#compiled.rule;
  }

  /** The series' unit may change with a reload of its profile; it is shown and never computed with. */
  rename(unit: string | null): void {
    this.#unit = unit;
  }

  /**
   * Judges one reading. Allocates nothing unless it fires or resolves.
   *
   * @param value the value after validation and scaling
   * @param at event time of the reading, ms
   * @param receivedAt wall clock of its record, ms
   * @param emit takes the event, if there is one
   */
  reading(value: Value, at: number, receivedAt: number, emit: Emit): Judgement {
    const trail = this.#trail;
    if (at < trail.at) return "older";
    const verdict = this.#compiled.condition.judge(value, at, trail);
    if (value !== trail.value) trail.changedAt = at;
    trail.value = value;
    trail.at = at;
    if (verdict === "between") return this.#phase;
    if (verdict === "clear") {
      if (this.#phase === "firing") {
        this.#resolve("cleared", at, receivedAt, emit);
        return "resolved";
      }
      this.#phase = "inactive";
      return "inactive";
    }
    if (this.#phase === "firing") return "firing";
    if (this.#phase === "inactive") {
      this.#phase = "pending";
      this.#since = at;
    }
    if (at - this.#since < this.rule.for) return "pending";
    this.#phase = "firing";
    this.#firedAt = at;
    this.#care = this.#silenced(receivedAt) ? { acknowledged: null, untold: { value } } : undefined;
    emit(this.#event(at, receivedAt, null));
    return "fired";
  }

  /** The rule is gone or changed: a firing alert resolves. */
  remove(receivedAt: number, emit: Emit): void {
    if (this.#phase === "firing") this.#resolve("rule_removed", receivedAt, receivedAt, emit);
    this.#phase = "inactive";
  }

  /** Someone takes care of it (SPEC.md, A10 … A12). */
  acknowledge(by: Acknowledgement): Acknowledged | "not_firing" | "unknown" {
    if (this.#phase !== "firing") return this.#phase === "pending" ? "not_firing" : "unknown";
    const { outcome, care } = acknowledgedBy(this.#care, by);
    this.#care = care;
    return outcome;
  }

  /** A silence has ended: an alert that still fires, that nobody was told of and nobody has taken on, is told now. */
  tell(receivedAt: number, emit: Emit): void {
    const untold = unheard(this.#care);
    if (untold === null || this.#silenced(receivedAt)) return;
    this.#care = undefined;
    emit({ ...this.#event(this.#firedAt, receivedAt, null, untold.value), late: true });
  }

  /** The alert for people, while pending or firing. */
  active(): ActiveAlert | undefined {
    if (this.#phase === "inactive") return undefined;
    return activeAlert(this.#compiled, {
      alert: this.alert,
      stream: this.#stream,
      value: this.#trail.value,
      unit: this.#unit,
      since: this.#since,
      firedAt: this.#phase === "firing" ? this.#firedAt : null,
      care: this.#care,
      silencedUntil: this.#silences.until(this.rule.name, this.#stream.device),
    });
  }

  /** Its state as data. @param streamIndex tells a stream's place in the snapshot */
  snapshot(streamIndex: (stream: StreamIdentity) => number): WatcherSnapshot {
    const { at, value, changedAt } = this.#trail;
    return {
      rule: this.rule.name,
      stream: streamIndex(this.#stream),
      field: this.#field,
      unit: this.#unit,
      phase: this.#phase,
      at: value === null ? null : at,
      value,
      changedAt: value === null ? null : changedAt,
      since: this.#phase === "inactive" ? null : this.#since,
      firedAt: this.#phase === "firing" ? this.#firedAt : null,
      ...(this.#care === undefined ? {} : { care: this.#care }),
    };
  }

  /** Takes its state from data. */
  restore(from: WatcherSnapshot): void {
    this.#phase = from.phase;
    this.#since = from.since ?? NaN;
    this.#firedAt = from.firedAt ?? NaN;
    this.#care = from.care;
    this.#trail.at = from.at ?? -Infinity;
    this.#trail.value = from.value;
    this.#trail.changedAt = from.changedAt ?? -Infinity;
  }

  #resolve(reason: "cleared" | "rule_removed", at: number, receivedAt: number, emit: Emit): void {
    this.#phase = "inactive";
    emit(this.#event(at, receivedAt, reason));
    this.#care = undefined;
  }

  #silenced(at: number): boolean {
    return this.#silences.covers(this.rule.name, this.#stream.device, at);
  }

  #event(
    at: number,
    receivedAt: number,
    resolved: AlertEvent["reason"],
    value: Value | null = this.#trail.value,
  ): AlertEvent {
    return alertEvent(this.#compiled, {
      alert: this.alert,
      stream: this.#stream,
      value,
      unit: this.#unit,
      at,
      firedAt: this.#firedAt,
      receivedAt,
      resolved,
      care: this.#care,
    });
  }
}
