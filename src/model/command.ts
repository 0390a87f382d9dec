import type { AlertEvent } from "./alert.ts";
import type { Point } from "./point.ts";
import type { Refused } from "./refused.ts";
import type { Reason, Refusal } from "./verdict.ts";

/** What a person has decided about the alerts of a rule, of some devices, or of both. */
export interface Silence {
  /** Names it; no two have the same. */
  readonly id: string;
  /** Name of the rule; `null`: every rule. */
  readonly rule: string | null;
  /** Devices whose id matches this glob (`*`, `?`); `null`: every device. */
  readonly device: string | null;
  /** Why, for people; `null`: nothing was said. */
  readonly reason: string | null;
  /** Who asked for it. */
  readonly by: string;
  /** Wall clock at which it was asked for, ms. */
  readonly since: number;
  /** Wall clock from which on it silences nothing any more, ms. */
  readonly until: number;
}

/** Who has seen an alert, and what they said to it. */
export interface Acknowledgement {
  /** Name of whoever did it. */
  readonly by: string;
  /** Wall clock of the record that it came with, ms. */
  readonly at: number;
  /** What they said; `null`: nothing. */
  readonly note: string | null;
}

/**
 * An entry of the quarantine that is tried again, with everything that a replay needs: the entry itself may have been
 * evicted by then.
 */
export interface ReinjectedEntry {
  /** Its number in the quarantine. */
  readonly id: number;
  /** A whole message, single readings of a message that went on, or a point that the database refused. */
  readonly what: Refused["what"];
  /** Why it was refused. */
  readonly reason: Reason;
  /** Position of the message in the inbox; 0 for a point. */
  readonly inboxPosition: number;
  /** Topic as it came; for a point its measurement. */
  readonly topic: string;
  /** Payload as it came; for a point its line. */
  readonly payload: Uint8Array;
  /** The device that it was counted for; `null`: none. */
  readonly device: string | null;
  /** Whether it came as a broker's memory. */
  readonly retain: boolean;
  /** MQTT 5 user properties, in order. */
  readonly userProperties: readonly (readonly [string, string])[];
  /** Wall clock at which the message came first, ms. */
  readonly receivedAt: number;
  /** That wall clock was implausible. */
  readonly implausible: boolean;
  /** Readings that the entry accounts for. */
  readonly readings: number;
  /** Of which record of the message; left out: it has one. */
  readonly record?: number;
  /** Of which fields of it; left out: of all that its message says. */
  readonly fields?: readonly string[];
  /** Only some fields of the point were refused; the line has no others. */
  readonly partial?: true;
}

/** What a person asks of the running river. It is a record of the inbox, so that a replay does it again. */
export type Command =
  /** Someone takes care of an alert that fires. */
  | {
    readonly kind: "acknowledge";
    /** Stable identity of the alert. */
    readonly alert: string;
    readonly by: string;
    readonly note: string | null;
  }
  /** Nobody is to be told of some alerts for a while. */
  | { readonly kind: "silence"; readonly silence: Silence }
  /** A silence ends before its time. */
  | { readonly kind: "unsilence"; readonly id: string; readonly by: string }
  /** Entries of the quarantine are tried again. */
  | {
    readonly kind: "reinject";
    readonly entries: readonly ReinjectedEntry[];
    /** Lowest number that the quarantine still held: what was tried before that need not be remembered. */
    readonly oldest: number;
    readonly by: string;
  };

/** What became of a command, for whoever asked. No state: a replay gives it again and nobody listens. */
export type CommandResult =
  /** `already`: the first one stays. `not_firing`: it is pending. `unknown`: no such alert stands. */
  | {
    readonly kind: "acknowledge";
    readonly outcome: "acknowledged" | "already" | "not_firing" | "unknown";
  }
  | { readonly kind: "silence"; readonly outcome: "silenced" | "too_many" }
  /** `unknown`: it has ended already, or never was. */
  | { readonly kind: "unsilence"; readonly outcome: "removed" | "unknown" }
  | ReinjectResult;

/** What became of entries that were tried again. */
export interface ReinjectResult {
  /** Tells it from the others. */
  readonly kind: "reinject";
  /** One for each entry, in the order of the command. */
  readonly items: readonly ReinjectedItem[];
}

/** Why an entry did not go through. */
export type ReinjectRefusal =
  /** It is refused under the rules in force, too. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** No subscription matches its topic any more. */
  | { readonly kind: "no_subscription" }
  /** What it says depends on messages that came before it, and what came since is in their place. */
  | { readonly kind: "out_of_order" }
  /** Its message holds several records, and an earlier version did not note of which one it is. */
  | { readonly kind: "record_unknown" }
  /** The message does not say any more what the entry is about. */
  | { readonly kind: "not_said" }
  /** The point's device is not known any more. */
  | { readonly kind: "device_unknown" }
  /** The point's line cannot be read. */
  | { readonly kind: "line_unreadable" }
  /** So many scattered entries went through that no more can be remembered. */
  | { readonly kind: "memory_full" };

/** What became of one entry. */
export type ReinjectedItem =
  & {
    /** Its number in the quarantine. */
    readonly id: number;
  }
  & (
    /** It went through. */
    | {
      readonly outcome: "accepted";
      /** Readings that it made. */
      readonly readings: number;
      /** The same message has come again meanwhile: it counts as a repetition. */
      readonly repeated: boolean;
      /** Points that it made at once; what went into a window comes with it. */
      readonly points: readonly Point[];
      /** Alerts that it caused. */
      readonly alerts: readonly AlertEvent[];
    }
    | { readonly outcome: "refused"; readonly why: ReinjectRefusal }
    /** It went through before: nothing was done. */
    | { readonly outcome: "already_replayed" }
  );

/** The outcomes of one kind of command, where it has them. */
export type OutcomeOf<K extends CommandResult["kind"]> = Extract<
  CommandResult,
  { readonly kind: K; readonly outcome: string }
>["outcome"];

/** What a command of one kind comes to. */
export type ResultOf<C extends Command> = Extract<CommandResult, { readonly kind: C["kind"] }>;
