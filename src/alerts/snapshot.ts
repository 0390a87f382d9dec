import type { Acknowledgement, Severity, Silence, StreamIdentity, Value } from "../model/mod.ts";
import type { Care } from "./care.ts";

/** Where an alert stands. */
export type Phase = "inactive" | "pending" | "firing";

/** A watcher's state. */
export interface WatcherSnapshot {
  /** Name of its rule. */
  readonly rule: string;
  /** Index in `streams`. */
  readonly stream: number;
  /** Name of the field. */
  readonly field: string;
  /** Unit of the field, for people. */
  readonly unit: string | null;
  /** Where it stands. */
  readonly phase: Phase;
  /** Event time of the newest reading, ms; `null` before the first. */
  readonly at: number | null;
  /** The newest value; `null` before the first. */
  readonly value: Value | null;
  /** Event time since which the value is the same, ms; `null` before the first. */
  readonly changedAt: number | null;
  /** Event time at which the condition began to hold, ms; `null` when inactive. */
  readonly since: number | null;
  /** Event time of the firing, ms; `null` unless firing. */
  readonly firedAt: number | null;
  /** What is out of the ordinary about this firing; older checkpoints lack it. */
  readonly care?: Care;
}

/** A dead-man's state. */
export interface DeadManSnapshot {
  /** Name of its rule. */
  readonly rule: string;
  /** Index in `streams`. */
  readonly stream: number;
  /** Its number in the deadline queue; never used again. */
  readonly index: number;
  /** Journal time of the last sign of life, ms; `null` before the first. */
  readonly heard: number | null;
  /** Wall clock of the firing, ms; `null` unless firing. */
  readonly firedAt: number | null;
  /** What is out of the ordinary about this firing; older checkpoints lack it. */
  readonly care?: Care;
}

/** The whole state of the stage: plain data, in the order in which series and devices were first seen. */
export interface AlertSnapshot {
  /** Every stream that the states below name. */
  readonly streams: readonly StreamIdentity[];
  /** Rules on series. */
  readonly watchers: readonly WatcherSnapshot[];
  /** Dead-man rules on devices. */
  readonly deadmen: readonly DeadManSnapshot[];
  /** Number that the next dead-man gets. */
  readonly nextDeadMan: number;
  /** Whom not to tell, in the order in which it was asked for; older checkpoints lack it. */
  readonly silences?: readonly Silence[];
}

/** An alert that is pending or firing, for people. */
export interface ActiveAlert {
  /** The stable identity, as in `AlertEvent.alert`. */
  readonly id: string;
  /** Where it stands. */
  readonly state: "pending" | "firing";
  /** Name of its rule. */
  readonly rule: string;
  /** The rule's severity. */
  readonly severity: Severity;
  /** The device id. */
  readonly device: string;
  /** Tags of the stream. */
  readonly tags: readonly (readonly [string, string])[];
  /** `null` for dead-man rules. */
  readonly field: string | null;
  /** The newest value; `null` for dead-man rules. */
  readonly value: Value | null;
  /** Unit of the field; `null` where it has none. */
  readonly unit: string | null;
  /** The limit for people. */
  readonly limit: string;
  /** Since when the condition holds, ms of event time; for dead-man rules the wall clock of the firing. */
  readonly since: number;
  /** Event time of the firing, ms; `null` while pending. */
  readonly firedAt: number | null;
  /** The rendered summary, with the newest value. */
  readonly summary: string;
  /** Who takes care of it; `null`: nobody yet. */
  readonly acknowledged: Acknowledgement | null;
  /** Wall clock until which nobody is told of it, ms; `null`: it is not silenced. */
  readonly silencedUntil: number | null;
}
