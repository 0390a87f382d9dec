import type { Acknowledgement, AlertRule, OutcomeOf, Silence, StreamIdentity } from "../model/mod.ts";
import type { Emit } from "./alert_event.ts";
import { type CompiledRule, compileRule, sameRule } from "./compiled_rule.ts";
import { DeadMan } from "./deadman.ts";
import { deviceAlert, seriesAlert, streamKey } from "./identity.ts";
import { Silences } from "./silences.ts";
import type { ActiveAlert, AlertSnapshot } from "./snapshot.ts";
import { Watcher } from "./watcher.ts";

/** Most series have no rule: they share this list. */
const NONE: readonly never[] = [];

/**
 * All rules on all series. The caller asks once per series (or stream) which watchers concern it, keeps the
 * list, and feeds each of them; the stage keeps the states for the checkpoint and for people.
 *
 * Names of rules are unique; the configuration sees to that.
 */
export class AlertStage {
  #rules: readonly CompiledRule[];
  readonly #streams = new Map<string, StreamIdentity>();
  readonly #watchers = new Map<string, Watcher>();
  readonly #deadmen = new Map<string, DeadMan>();
  #silences = new Silences();
  readonly #byIndex = new Map<number, DeadMan>();
  #nextDeadMan = 0;

  /**
   * Starts with nothing seen, or where a snapshot left off.
   *
   * @param rules the rules in force
   * @param snapshot the state under these very rules; what belongs to no rule of them is left out
   */
  constructor(rules: readonly AlertRule[], snapshot?: AlertSnapshot) {
    this.#rules = rules.map(compileRule);
    if (snapshot !== undefined) this.#restore(snapshot);
  }

  /**
   * Which watchers concern a series. Call it once per series, keep the list, and ask again after
   * `replaceRules`; the same watcher comes back as long as its rule stands.
   *
   * @param stream the series' stream
   * @param topic the first topic on which the stream was seen
   * @param field name of the field
   * @param unit unit of the field, for people
   * @returns in the rules' order; empty: nothing to do for this series
   */
  watchersFor(stream: StreamIdentity, topic: string, field: string, unit: string | null): readonly Watcher[] {
    const concerned = this.#rules.filter((c) => c.rule.field === field && c.concerns(stream, topic));
    if (concerned.length === 0) return NONE;
    const key = streamKey(stream);
    return concerned.map((compiled) => this.#watcher(compiled, key, stream, field, unit));
  }

  /**
   * Which dead-men watch a stream's device. Call it once per stream, keep the list, call `alive` of each with
   * every live message, and ask again after `replaceRules` (then `watch` of each, so that a device that is
   * silent already is found by a new rule).
   */
  deadmenFor(stream: StreamIdentity, topic: string): readonly DeadMan[] {
    const concerned = this.#rules.filter((c) =>
      c.rule.condition.kind === "silent" && c.concerns(stream, topic)
    );
    if (concerned.length === 0) return NONE;
    const key = streamKey(stream);
    return concerned.map((compiled) => this.#deadman(compiled, key, stream));
  }

  /**
   * A dead-man's entry of the deadline queue came up; see `DeadMan.due`. A number whose rule is gone is no error.
   *
   * @returns the next due time, if it has to be scheduled again
   */
  due(index: number, due: number, elapsed: number, receivedAt: number, emit: Emit): number | undefined {
    return this.#byIndex.get(index)?.due(due, elapsed, receivedAt, emit);
  }

  /** What the deadline queue must hold after a restore, in order of the numbers. */
  *deadlines(): Generator<{ readonly due: number; readonly index: number }> {
    for (const deadman of this.#deadmen.values()) {
      const due = deadman.deadline();
      if (due !== undefined) yield { due, index: deadman.index };
    }
  }

  /**
   * Puts other rules in force. Alerts of a rule that is gone, or differs in anything, resolve with
   * `rule_removed`; a rule that is the same keeps its states. Watchers and dead-men got before are void.
   *
   * @param receivedAt wall clock of the record that brought the rules, ms
   */
  replaceRules(rules: readonly AlertRule[], receivedAt: number, emit: Emit): void {
    const old = new Map(this.#rules.map((compiled) => [compiled.rule.name, compiled]));
    this.#rules = rules.map((rule) => {
      const before = old.get(rule.name);
      return before !== undefined && sameRule(before.rule, rule) ? before : compileRule(rule);
    });
    const kept = new Set(this.#rules.map((compiled) => compiled.rule));
    for (const [key, watcher] of this.#watchers) {
      if (kept.has(watcher.rule)) continue;
      watcher.remove(receivedAt, emit);
      this.#watchers.delete(key);
    }
    for (const [key, deadman] of this.#deadmen) {
      if (kept.has(deadman.rule)) continue;
      deadman.remove(receivedAt, emit);
      this.#deadmen.delete(key);
      this.#byIndex.delete(deadman.index);
    }
  }

  /** Someone takes care of an alert. */
  acknowledge(alert: string, by: Acknowledgement): OutcomeOf<"acknowledge"> {
    return (this.#watchers.get(alert) ?? this.#deadmen.get(alert))?.acknowledge(by) ?? "unknown";
  }

  /** The silences that stand, and when they end. */
  get silences(): Pick<Silences, "all" | "nextEnd" | "due"> {
    return this.#silences;
  }

  /** Nobody is to be told of some alerts from here on; who was told already hears the end, too. */
  silence(silence: Silence): OutcomeOf<"silence"> {
    return this.#silences.add(silence);
  }

  /** A silence ends before its time; whoever was kept from hearing of what still fires hears of it now. */
  unsilence(id: string, receivedAt: number, emit: Emit): OutcomeOf<"unsilence"> {
    const outcome = this.#silences.remove(id);
    if (outcome === "removed") this.#tell(receivedAt, emit);
    return outcome;
  }

  /** Takes out the silences that have ended; whoever was kept from hearing of what still fires hears of it now. */
  endSilences(receivedAt: number, emit: Emit): void {
    if (this.#silences.end(receivedAt)) this.#tell(receivedAt, emit);
  }

  #tell(receivedAt: number, emit: Emit): void {
    for (const watcher of this.#watchers.values()) watcher.tell(receivedAt, emit);
    for (const deadman of this.#deadmen.values()) deadman.tell(receivedAt, emit);
  }

  /** Every alert that is pending or firing, in order of first sight; for people. */
  active(): ActiveAlert[] {
    const found: ActiveAlert[] = [];
    for (const state of [...this.#watchers.values(), ...this.#deadmen.values()]) {
      const alert = state.active();
      if (alert !== undefined) found.push(alert);
    }
    return found;
  }

  /** The whole state as plain data, in a deterministic order. */
  snapshot(): AlertSnapshot {
    const indices = new Map<StreamIdentity, number>();
    const indexOf = (stream: StreamIdentity): number => {
      const known = indices.get(stream) ?? indices.size;
      indices.set(stream, known);
      return known;
    };
    const watchers = Array.from(this.#watchers.values(), (watcher) => watcher.snapshot(indexOf));
    const deadmen = Array.from(this.#deadmen.values(), (deadman) => deadman.snapshot(indexOf));
    const silences = this.#silences.all.length === 0 ? {} : { silences: [...this.#silences.all] };
    return { streams: [...indices.keys()], watchers, deadmen, nextDeadMan: this.#nextDeadMan, ...silences };
  }

  #restore(snapshot: AlertSnapshot): void {
    this.#silences = new Silences(snapshot.silences);
    const rules = new Map(this.#rules.map((compiled) => [compiled.rule.name, compiled]));
    const keys = snapshot.streams.map(streamKey);
    for (const from of snapshot.watchers) {
      const [compiled, stream, key] = [
        rules.get(from.rule),
        snapshot.streams[from.stream],
        keys[from.stream],
      ];
      if (compiled === undefined || stream === undefined || key === undefined) continue;
      this.#watcher(compiled, key, stream, from.field, from.unit).restore(from);
    }
    for (const from of snapshot.deadmen) {
      const [compiled, stream, key] = [
        rules.get(from.rule),
        snapshot.streams[from.stream],
        keys[from.stream],
      ];
      if (compiled === undefined || stream === undefined || key === undefined) continue;
      this.#nextDeadMan = from.index;
      this.#deadman(compiled, key, stream).restore(from);
    }
    this.#nextDeadMan = snapshot.nextDeadMan;
  }

  #watcher(
    compiled: CompiledRule,
    key: string,
    stream: StreamIdentity,
    field: string,
    unit: string | null,
  ): Watcher {
    const alert = seriesAlert(compiled.rule.name, key, field);
    const known = this.#watchers.get(alert);
    if (known !== undefined) {
      known.rename(unit);
      return known;
    }
    const made = new Watcher(alert, compiled, this.#interned(key, stream), field, unit, this.#silences);
    this.#watchers.set(alert, made);
    return made;
  }

  #deadman(compiled: CompiledRule, key: string, stream: StreamIdentity): DeadMan {
    const alert = deviceAlert(compiled.rule.name, stream.device);
    const known = this.#deadmen.get(alert);
    if (known !== undefined) return known;
    const made = new DeadMan(
      alert,
      this.#nextDeadMan++,
      compiled,
      this.#interned(key, stream),
      this.#silences,
    );
    this.#deadmen.set(alert, made);
    this.#byIndex.set(made.index, made);
    return made;
  }

  /** One object per stream, so that a snapshot holds each stream once, also after a restore. */
  #interned(key: string, stream: StreamIdentity): StreamIdentity {
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    this.#streams.set(key, stream);
    return stream;
  }
}
