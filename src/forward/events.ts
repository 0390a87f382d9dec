import type { Lane } from "./outbox_port.ts";
import type { WaitReason } from "./status.ts";

/** What the forwarder tells the outside; each is a log line and a counter. No text holds a secret. */
export type ForwardEvent =
  | {
    readonly kind: "delivered";
    readonly position: number;
    readonly lane: Lane;
    /** Points of which at least one field is in the database. */
    readonly points: number;
    /** Points of the block that are not. */
    readonly refused: number;
    /** From sealing to delivery, ms of wall clock. */
    readonly waited: number;
    /** From the oldest event time to delivery, ms of wall clock. */
    readonly delay: number;
  }
  /** Lines went to the dead letters. */
  | {
    readonly kind: "refused";
    readonly position: number;
    readonly lines: number;
    /** The server's words for the first of them. */
    readonly words: string;
  }
  /** An attempt failed; the next comes after `wait` ms. */
  | {
    readonly kind: "waiting";
    readonly reason: WaitReason;
    readonly text: string;
    readonly wait: number;
    readonly attempts: number;
  }
  /** The server takes lines again. */
  | { readonly kind: "recovered"; readonly attempts: number }
  /** A block goes out again after an outcome that is not known. */
  | { readonly kind: "resent"; readonly position: number };
