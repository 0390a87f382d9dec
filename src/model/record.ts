import type { Command } from "./command.ts";
import type { Message, SessionOpened, Stamp } from "./message.ts";
import type { Rules } from "./rules.ts";

/** What a record of the inbox can hold: everything that changes the pipeline's state. */
export type InboxContent =
  | { readonly kind: "message"; readonly message: Message }
  /** Time has passed and a deadline is due. */
  | { readonly kind: "tick" }
  /** A connection to the broker was opened. */
  | { readonly kind: "session"; readonly session: SessionOpened }
  /** Other rules are in force from here on. */
  | { readonly kind: "rules"; readonly rules: Rules }
  /** A person has asked for something. */
  | { readonly kind: "command"; readonly command: Command };

/** One durable record of the inbox. */
export interface InboxRecord {
  /** Number of the record, from 1. */
  readonly position: number;
  /** When it was received, in wall time and in journal time. */
  readonly stamp: Stamp;
  /** What it holds. */
  readonly content: InboxContent;
}
