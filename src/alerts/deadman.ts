import type { Acknowledgement, AlertEvent, AlertRule, StreamIdentity } from "../model/mod.ts";
import { activeAlert, alertEvent, type Emit } from "./alert_event.ts";
import { type Acknowledged, acknowledgedBy, type Care, unheard } from "./care.ts";
import type { CompiledRule } from "./compiled_rule.ts";
import type { Silences } from "./silences.ts";
import type { ActiveAlert, DeadManSnapshot } from "./snapshot.ts";

/**
 * One dead-man rule on one device: SPEC.md, D1 … D7. It lives in journal time, which stands still while the
 * gateway is down or not subscribed, so the gateway's own absence never makes a device dead.
 */
export class DeadMan {
  /** Stable identity of the alert. */
  readonly alert: string;
  /** Its number in the deadline queue. */
  readonly index: number;
  readonly #compiled: CompiledRule;
  readonly #stream: StreamIdentity;
  readonly #silences: Silences;
  /** Silence that is allowed, ms of journal time. */
  readonly #span: number;
  /** Journal time of the last sign of life; `NaN` before the first. */
  #heard = NaN;
  /** Wall clock of the firing; `NaN` unless firing. */
  #firedAt = NaN;
  /** Only while firing. */
  #care: Care | undefined;
  /** An entry of the deadline queue is on its way; there is at most one. */
  #queued = false;

  /**
   * Made by the stage alone.
   *
   * @param alert stable identity of the alert
   * @param index its number in the deadline queue
   */
  constructor(
    alert: string,
    index: number,
    compiled: CompiledRule,
    stream: StreamIdentity,
    silences: Silences,
  ) {
    this.alert = alert;
    this.index = index;
    this.#compiled = compiled;
    this.#stream = stream;
    this.#silences = silences;
    const { condition } = compiled.rule;
    this.#span = (condition.kind === "silent" ? condition.silentFor : Infinity) + compiled.rule.for;
  }

  /** The rule it watches by. */
  get rule(): AlertRule {
    return this.#compiled.rule;
  }

  /**
   * A live message of the device came. A retained one is the broker's memory: do not call.
   *
   * @param elapsed journal time of the record, ms
   * @param receivedAt wall clock of the record, ms
   * @param emit takes the event, if the device had been silent
   * @returns when to call `due`, if that has to be scheduled
   */
  alive(elapsed: number, receivedAt: number, emit: Emit): number | undefined {
    this.#heard = elapsed;
    if (!Number.isNaN(this.#firedAt)) {
      const event = this.#event(receivedAt, receivedAt, "reported_again");
      this.#firedAt = NaN;
      this.#care = undefined;
      emit(event);
    }
    return this.#schedule();
  }

  /**
   * The device is known from before the rule: watch it from here on, unless it is watched already.
   *
   * @returns when to call `due`, if that has to be scheduled
   */
  watch(elapsed: number): number | undefined {
    if (!Number.isNaN(this.#heard)) return undefined;
    this.#heard = elapsed;
    return this.#schedule();
  }

  /**
   * Its entry of the deadline queue came up.
   *
   * @param due journal time of the entry, ms
   * @param elapsed journal time of the record before which it came up, ms
   * @param receivedAt wall clock of that record, ms
   * @returns the next due time, if the device reported since the entry was made
   */
  due(due: number, elapsed: number, receivedAt: number, emit: Emit): number | undefined {
    this.#queued = false;
    if (Number.isNaN(this.#heard) || !Number.isNaN(this.#firedAt)) return undefined;
    // Held against the entry and not against the record: else the order of firings would depend on how early
    // an entry was, and a replay from a checkpoint has other entries.
    if (this.#heard + this.#span > due) return this.#schedule();
    this.#firedAt = Math.round(receivedAt - (elapsed - due));
    this.#care = this.#silenced(receivedAt) ? { acknowledged: null, untold: { value: null } } : undefined;
    emit(this.#event(this.#firedAt, receivedAt, null));
    return undefined;
  }

  /** The entry that a queue must hold for it, when one is built anew. */
  deadline(): number | undefined {
    if (Number.isNaN(this.#heard) || !Number.isNaN(this.#firedAt)) return undefined;
    this.#queued = true;
    return this.#heard + this.#span;
  }

  /** The rule is gone or changed: a firing alert resolves. */
  remove(receivedAt: number, emit: Emit): void {
    if (!Number.isNaN(this.#firedAt)) emit(this.#event(receivedAt, receivedAt, "rule_removed"));
    this.#firedAt = NaN;
    this.#care = undefined;
    this.#heard = NaN;
  }

  /** Someone takes care of it (SPEC.md, A10 … A12). */
  acknowledge(by: Acknowledgement): Acknowledged | "unknown" {
    if (Number.isNaN(this.#firedAt)) return "unknown";
    const { outcome, care } = acknowledgedBy(this.#care, by);
    this.#care = care;
    return outcome;
  }

  /** A silence has ended: an alert that still fires, that nobody was told of and nobody has taken on, is told now. */
  tell(receivedAt: number, emit: Emit): void {
    if (unheard(this.#care) === null || this.#silenced(receivedAt)) return;
    this.#care = undefined;
    emit({ ...this.#event(this.#firedAt, receivedAt, null), late: true });
  }

  /** The alert for people, while firing. */
  active(): ActiveAlert | undefined {
    if (Number.isNaN(this.#firedAt)) return undefined;
    return activeAlert(this.#compiled, {
      alert: this.alert,
      stream: this.#stream,
      value: null,
      unit: null,
      since: this.#firedAt,
      firedAt: this.#firedAt,
      care: this.#care,
      silencedUntil: this.#silences.until(this.rule.name, this.#stream.device),
    });
  }

  /** Its state as data. @param streamIndex tells a stream's place in the snapshot */
  snapshot(streamIndex: (stream: StreamIdentity) => number): DeadManSnapshot {
    return {
      rule: this.rule.name,
      stream: streamIndex(this.#stream),
      index: this.index,
      heard: Number.isNaN(this.#heard) ? null : this.#heard,
      firedAt: Number.isNaN(this.#firedAt) ? null : this.#firedAt,
      ...(this.#care === undefined ? {} : { care: this.#care }),
    };
  }

  /** Takes its state from data. */
  restore(from: DeadManSnapshot): void {
    this.#heard = from.heard ?? NaN;
    this.#firedAt = from.firedAt ?? NaN;
    this.#care = from.care;
  }

  #schedule(): number | undefined {
    if (this.#queued) return undefined;
    this.#queued = true;
    return this.#heard + this.#span;
  }

  #silenced(at: number): boolean {
    return this.#silences.covers(this.rule.name, this.#stream.device, at);
  }

  #event(at: number, receivedAt: number, resolved: AlertEvent["reason"]): AlertEvent {
    return alertEvent(this.#compiled, {
      alert: this.alert,
      stream: this.#stream,
      value: null,
      unit: null,
      at,
      firedAt: this.#firedAt,
      receivedAt,
      resolved,
      care: this.#care,
    });
  }
}
