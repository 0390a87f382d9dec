import { type Journal, position as asPosition } from "../journal/mod.ts";
import type { Command, InboxContent, InboxRecord, Message, Rules, SessionOpened } from "../model/mod.ts";
import { decodeInbox, InboxEncoder, KIND } from "./inbox_codec.ts";
import type { JournalTime } from "./journal_time.ts";

/** Bytes read at once when the inbox is replayed. */
const READ_BYTES = 4 * 1024 * 1024;

/** A batch of a replay. */
export interface ReplayBatch {
  /** The records, in journal order; may be empty where only damage is left to tell of. */
  readonly records: readonly InboxRecord[];
  /** Positions before or between these records that damage has taken. */
  readonly lost: number;
}

/**
 * The inbox: the journal of everything that changes the pipeline's state. A record is handed on only when its
 * fsync has returned.
 */
export class Inbox {
  readonly #journal: Journal;
  readonly #time: JournalTime;
  readonly #encoder = new InboxEncoder();
  #appended: InboxRecord[] = [];
  #ready: InboxRecord[] = [];
  readonly #durableListeners: ((upTo: number) => void)[] = [];
  readonly #writableListeners: (() => void)[] = [];
  #connection: number;
  #closed = false;
  #held = false;
  #latencyListener: (ms: number) => void = () => {};
  /** When the oldest record that is not durable was appended; monotonic, ms. */
  #oldestAt: number | undefined;
  readonly #blockedBy = new Set<string>();
  /** Messages appended and not handed on yet. */
  waitingMessages = 0;
  /** Bytes appended since the journal was opened. */
  appendedBytes = 0;

  /**
   * Listens to a journal that is open.
   *
   * @param journal a journal with `sync: "group"`
   * @param time stamps what is appended
   * @param connection number of the newest connection so far
   */
  constructor(journal: Journal, time: JournalTime, connection: number) {
    this.#journal = journal;
    this.#time = time;
    this.#connection = connection;
    journal.onDurable((upTo) => this.#durable(upTo));
  }

  /** Bytes appended and not yet durable; without end while the inbox is held. */
  get pendingBytes(): number {
    return this.#held ? Number.MAX_SAFE_INTEGER : this.#journal.pendingBytes;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#journal.bytes;
  }

  /** Position of the newest record. */
  get last(): number {
    return this.#journal.last;
  }

  /** Everything up to here is on disk. */
  get durable(): number {
    return this.#journal.durable;
  }

  /** Whether messages may be appended: the disk takes them and no policy blocks. */
  get writable(): boolean {
    return !this.#closed && this.#blockedBy.size === 0 && this.#journal.trouble === undefined;
  }

  /** Stamps a message and appends it; returns its position. */
  message(message: Message): number {
    const stamp = this.#time.stamp();
    const body = this.#encoder.message(message, stamp);
    this.appendedBytes += body.length;
    const position = this.#journal.append(KIND.message, body);
    this.#appended.push({ position, stamp, content: { kind: "message", message } });
    this.#oldestAt ??= this.#time.monotonic;
    this.waitingMessages++;
    return position;
  }

  /** Appends that a connection was opened; returns the position. */
  session(session: SessionOpened): number {
    return this.#other({ kind: "session", session });
  }

  /** Appends that time has passed. */
  tick(): number {
    return this.#other({ kind: "tick" });
  }

  /** Appends that other rules are in force from here on. */
  rules(rules: Rules): number {
    return this.#other({ kind: "rules", rules });
  }

  /** Appends what a person has asked for; returns the position. */
  command(command: Command): number {
    return this.#other({ kind: "command", command });
  }

  /** A replay has seen connections up to this number. */
  continueFrom(connection: number): void {
    this.#connection = Math.max(this.#connection, connection);
  }

  /** Number for the next connection. */
  nextConnection(): number {
    return ++this.#connection;
  }

  /** Calls `listener` after each group's fsync, in the order of registration. */
  onDurable(listener: (upTo: number) => void): void {
    this.#durableListeners.push(listener);
  }

  /** Calls `listener` with how long the oldest record of each group waited for its fsync, ms. */
  onLatency(listener: (ms: number) => void): void {
    this.#latencyListener = listener;
  }

  /** Calls `listener` when `writable` becomes true again. */
  onWritable(listener: () => void): void {
    this.#writableListeners.push(listener);
  }

  /** The disk's state may have changed: tell who waits for it. */
  writableAgain(): void {
    if (this.writable) { for (const listener of this.#writableListeners) listener(); }
  }

  /** Holds intake for a moment, as when the disk is behind: the connection stays. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    // Whoever waits for the disk to catch up looks again when a group is durable.
    if (!held) { for (const listener of this.#durableListeners) listener(this.durable); }
  }

  /** Takes nothing in until the policy lets go. */
  block(reason: string, blocked: boolean): void {
    if (blocked) this.#blockedBy.add(reason);
    else if (this.#blockedBy.delete(reason)) this.writableAgain();
  }

  /** The durable records that nobody has taken yet, in journal order. */
  take(): readonly InboxRecord[] {
    const taken = this.#ready;
    this.#ready = [];
    for (const record of taken) if (record.content.kind === "message") this.waitingMessages--;
    return taken;
  }

  /** Reads what the journal held when it was opened, from a position on. */
  async *replay(from: number, to: number): AsyncGenerator<ReplayBatch> {
    const cursor = this.#journal.read(asPosition(from));
    let expected = from;
    try {
      while (expected <= to) {
        const entries = await cursor.next(READ_BYTES);
        if (entries.length === 0) break;
        const records: InboxRecord[] = [];
        let lost = 0;
        for (const entry of entries) {
          if (entry.position > to) break;
          lost += entry.position - expected;
          expected = entry.position + 1;
          records.push(decodeInbox(entry.position, entry.flags, entry.body));
        }
        if (records.length === 0) break;
        yield { records, lost };
      }
      if (expected <= to) yield { records: [], lost: to - expected + 1 };
    } finally {
      await cursor.close();
    }
  }

  /** Forgets segments that no checkpoint needs any more. */
  async trim(before: number, archiveTo: string | undefined): Promise<void> {
    await this.#journal.trim(asPosition(before), archiveTo === undefined ? {} : { archiveTo });
    this.#journal.retryNow();
  }

  /** Everything appended is on disk when this resolves. */
  async sync(): Promise<void> {
    await this.#journal.sync();
  }

  /** Takes nothing more in and closes the journal. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#journal.close();
  }

  #other(content: Exclude<InboxContent, { kind: "message" }>): number {
    const stamp = this.#time.stamp();
    const body = this.#encoder.other(content, stamp);
    this.appendedBytes += body.length;
    const position = this.#journal.append(KIND[content.kind], body);
    this.#appended.push({ position, stamp, content });
    return position;
  }

  #durable(upTo: number): void {
    let count = 0;
    while (count < this.#appended.length && (this.#appended[count]?.position ?? Infinity) <= upTo) count++;
    if (count === this.#appended.length) {
      this.#ready = this.#ready.length === 0 ? this.#appended : this.#ready.concat(this.#appended);
      this.#appended = [];
    } else {
      for (const record of this.#appended.splice(0, count)) this.#ready.push(record);
    }
    if (this.#oldestAt !== undefined) {
      const now = this.#time.monotonic;
      this.#latencyListener(now - this.#oldestAt);
      this.#oldestAt = this.#appended.length === 0 ? undefined : now;
    }
    for (const listener of this.#durableListeners) listener(upTo);
  }
}
