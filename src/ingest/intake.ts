import type { ConnectionFailure } from "./failure.ts";

/** The source of messages: a session with a broker, or a broker of its own. */
export interface Intake {
  /**
   * Begins. Resolves when the first attempt is under way, not when it has succeeded: a gateway starts without
   * its broker. The embedded broker resolves when it listens, and rejects where it cannot.
   */
  start(): Promise<void>;
  /**
   * Ends intake: nothing more is appended, what is durable is acknowledged, then the connection is closed in
   * order. The broker keeps the session and what it still holds.
   */
  stop(): Promise<void>;
  /** How things stand now. */
  readonly status: IntakeStatus;
  /**
   * Changes what is listened to, without dropping the session: new filters are subscribed, then those no
   * longer named are unsubscribed. Resolves when the broker has answered, or at once without a connection (it
   * is done with the next one).
   */
  setSubscriptions(filters: readonly string[]): Promise<void>;
  /** Calls `listener` at each change of `status.subscribed`: journal time runs while it is `true`. */
  onSubscribed(listener: (subscribed: boolean) => void): void;
}

/** State of an intake, for the status page and readiness. */
export interface IntakeStatus {
  /** A connection stands (embedded broker: it listens). */
  readonly connected: boolean;
  /** At least one filter is granted on this connection: messages can arrive. */
  readonly subscribed: boolean;
  /** Wall clock in ms of the last change of `connected`. */
  readonly since: number;
  /** Address of the broker, without credentials. */
  readonly broker: string;
  /** Why it is not connected, as one line. */
  readonly reason?: string;
  /** Intake holds back because the disk is behind or full. */
  readonly blocked: boolean;
  /** Filters that the broker has not answered yet: messages for them go by. */
  readonly pendingFilters: readonly string[];
  /** Filters that the broker refused, with its code (MQTT 5.0 §3.9.3). */
  readonly refusedFilters: readonly RefusedFilter[];
  /** Wall clock in ms of the last message. */
  readonly lastMessageAt?: number;
  /** Messages received and not yet acknowledged. */
  readonly unacked: number;
  /**
   * Messages that the broker has dropped for any of its clients since this process first looked, or since an earlier
   * one last did (`$SYS/broker/publish/messages/dropped`); not set where the broker does not say.
   */
  readonly brokerDropped?: number;
  /** The broker's figure itself, for the `formerDropped` of the next process. */
  readonly brokerFigure?: number;
  /** Clients of the embedded broker. */
  readonly clients?: number;
}

/** A filter that the broker did not grant. */
export interface RefusedFilter {
  /** The MQTT filter. */
  readonly filter: string;
  /** SUBACK reason code, 128 or above. */
  readonly code: number;
}

/** What an intake reports; each kind is one log line and one counter. */
export type IntakeEvent =
  | { readonly kind: "connected"; readonly connection: number; readonly resumed: boolean }
  /** The connection was not made; the next attempt follows in `retryIn` ms. */
  | {
    readonly kind: "unreachable";
    readonly failure: ConnectionFailure;
    readonly text: string;
    readonly retryIn: number;
  }
  /** The broker answered with a refusal. */
  | {
    readonly kind: "refused";
    readonly code: number;
    readonly failure: ConnectionFailure;
    readonly text: string;
    readonly retryIn: number;
  }
  /** A connection that stood is gone. */
  | {
    readonly kind: "disconnected";
    readonly failure: ConnectionFailure;
    readonly text: string;
    readonly retryIn: number;
  }
  | { readonly kind: "subscribed"; readonly filters: readonly string[] }
  | { readonly kind: "unsubscribed"; readonly filters: readonly string[] }
  | {
    readonly kind: "subscription_refused";
    readonly filter: string;
    readonly code: number;
    readonly text: string;
  }
  /** The broker no longer knew the session: messages between the two wall clock times may be lost there. */
  | { readonly kind: "session_lost"; readonly from: number; readonly to: number; readonly text: string }
  /** The broker keeps the session for a shorter time than asked, in ms. */
  | { readonly kind: "session_shortened"; readonly asked: number; readonly granted: number }
  /** A connection that stands and brings nothing is given up, and made anew; the broker keeps the session. */
  | { readonly kind: "stalled"; readonly failure: ConnectionFailure; readonly text: string }
  /** Probes show nothing, so that a broker that answers and keeps messages back would not be noticed. */
  | { readonly kind: "unprobed"; readonly text: string }
  | { readonly kind: "blocked"; readonly cause: BlockCause; readonly text: string }
  | { readonly kind: "unblocked" }
  /** A payload above the limit was journalled without its end. */
  | { readonly kind: "oversized"; readonly topic: string; readonly bytes: number }
  /** The broker's count of dropped messages has grown by `more`. */
  | { readonly kind: "broker_dropped"; readonly more: number }
  /** A device of the embedded broker was turned away or cut off. */
  | { readonly kind: "client_refused"; readonly client: string; readonly text: string };

/** Why intake holds back: the inbox cannot be written, or too much waits for its fsync. */
export type BlockCause = "inbox" | "backlog";
