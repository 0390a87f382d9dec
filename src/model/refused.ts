import type { Refusal } from "./verdict.ts";

/** What goes to the quarantine: why, and everything needed to look at it and to try again. */
export interface Refused {
  /** A whole message, single readings of a message that went on, or a point that the database refused. */
  readonly what: "message" | "readings" | "point";
  /** Why. */
  readonly refusal: Refusal;
  /** Position of the message in the inbox; 0 for a point. */
  readonly inboxPosition: number;
  /** Topic of the message; for a point the measurement. */
  readonly topic: string;
  /** Payload of the message; for a point its line. */
  readonly payload: Uint8Array;
  /** Size of the whole payload as it came, where not all of it was kept, or not as it came. */
  readonly originalBytes?: number;
  /**
   * Topic and payload are not as they came: what is personal in them was redacted. The message as it came is only
   * in the inbox, and in the raw archive where there is one.
   */
  readonly redacted?: true;
  /** The message came as a broker's memory. */
  readonly retain?: true;
  /** The wall clock at receipt was implausible. */
  readonly implausible?: true;
  /** The device, where the topic told it. */
  readonly device: string | null;
  /** Wall clock at receipt, ms. */
  readonly receivedAt: number;
  /** Readings that it accounts for. */
  readonly readings: number;
  /** Number of the record within the message, from 0, where the message holds several. */
  readonly record?: number;
  /** The fields of the readings, where it is about several: `refusal.field` is them in words. */
  readonly fields?: readonly string[];
  /** Only some fields of the point were refused; the line has no others. */
  readonly partial?: true;
}
