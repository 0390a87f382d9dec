import type { Message, SessionOpened } from "../model/mod.ts";

/**
 * What ingest needs of the inbox.
 *
 * Appends are synchronous: a record joins the group that is being collected, and the group goes to the disk as
 * one. The acknowledgement of a message leaves the gateway only after `onDurable` has named its position.
 */
export interface InboxPort {
  /** Stamps a message and appends it; the bytes are copied. Returns its position. */
  message(message: Message): number;
  /** Appends a session record: which connection was opened, and whether the broker resumed the session. */
  session(event: SessionOpened): number;
  /** Calls `listener` after each group's fsync, in order: every position up to `upTo` is on disk. */
  onDurable(listener: (upTo: number) => void): void;
  /** Bytes appended and not yet durable. */
  readonly pendingBytes: number;
  /** `false`: the disk is full or the policy blocks; nothing may be appended. */
  readonly writable: boolean;
  /** Calls `listener` each time the inbox can be written again. */
  onWritable(listener: () => void): void;
  /** The next connection number; goes on over restarts. */
  nextConnection(): number;
}
