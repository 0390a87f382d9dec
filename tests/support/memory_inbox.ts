import type { InboxPort } from "../../src/ingest/mod.ts";
import type { Message, SessionOpened } from "../../src/model/mod.ts";

/** One record of the inbox. */
export type InboxEntry =
  | { readonly position: number; readonly message: Message; readonly text: string }
  | { readonly position: number; readonly session: SessionOpened };

/** An inbox in memory, whose fsync the test does by hand. */
export class MemoryInbox implements InboxPort {
  /** Everything appended, in order. */
  readonly entries: InboxEntry[] = [];
  /** Each append is durable at once (in a turn of its own, as a disk's would be). */
  automatic = false;
  #durable = 0;
  #pending = 0;
  #writable = true;
  #connections = 0;
  readonly #durableListeners: ((upTo: number) => void)[] = [];
  readonly #writableListeners: (() => void)[] = [];

  message(message: Message): number {
    const position = this.#next();
    const copy = { ...message, payload: message.payload.slice() };
    this.entries.push({ position, message: copy, text: new TextDecoder().decode(copy.payload) });
    this.#pending += message.topic.length + message.payload.length;
    if (this.automatic) queueMicrotask(() => this.sync());
    return position;
  }

  session(session: SessionOpened): number {
    const position = this.#next();
    this.entries.push({ position, session });
    return position;
  }

  onDurable(listener: (upTo: number) => void): void {
    this.#durableListeners.push(listener);
  }

  onWritable(listener: () => void): void {
    this.#writableListeners.push(listener);
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  get pendingBytes(): number {
    return this.#pending;
  }

  get writable(): boolean {
    return this.#writable;
  }

  set writable(writable: boolean) {
    this.#writable = writable;
    if (writable) { for (const listener of this.#writableListeners) listener(); }
  }

  /** What an fsync does: everything appended, or everything up to `upTo`, is durable. */
  sync(upTo: number = this.entries.length): void {
    if (upTo <= this.#durable) return;
    this.#durable = upTo;
    if (upTo === this.entries.length) this.#pending = 0;
    for (const listener of this.#durableListeners) listener(upTo);
  }

  /** Payloads of the messages as text, in order. */
  get texts(): string[] {
    return this.entries.flatMap((entry) => "text" in entry ? [entry.text] : []);
  }

  /** The messages, in order. */
  get messages(): Message[] {
    return this.entries.flatMap((entry) => "message" in entry ? [entry.message] : []);
  }

  /** The session records, in order. */
  get sessions(): SessionOpened[] {
    return this.entries.flatMap((entry) => "session" in entry ? [entry.session] : []);
  }

  #next(): number {
    if (!this.#writable) throw new Error("An append to an inbox that says it is not writable");
    return this.entries.length + 1;
  }
}
