import type { PublishPacket } from "aedes";
import type { Clock, Timer } from "../clock.ts";
import { type EmbeddedIntakeOptions, PATIENCE } from "./embedded_options.ts";
import { describeBlock } from "./failure_text.ts";
import type { InboxPort } from "./inbox_port.ts";
import type { BlockCause, IntakeEvent } from "./intake.ts";
import { MAX_PENDING_BYTES } from "./mqtt_options.ts";
import { toMessage } from "./to_message.ts";

/** Lets aedes go on with a message (it sends the PUBACK), or with an error cuts the device off. */
export type Done = (error?: Error | null) => void;

/**
 * Journals what devices publish to the embedded broker. While a message waits here aedes reads little more from
 * its device, so devices slow down with the disk; what waits without being appended is bounded like what is.
 */
export class EmbeddedReceiver {
  readonly #maxPending: number;
  #connection = 0;
  #lastMessageAt: number | undefined;
  /** Positions that wait for their fsync, rising, and whom to tell. */
  #positions: number[] = [];
  #waiting: Done[] = [];
  #held: { readonly packet: PublishPacket; readonly done: Done }[] = [];
  #heldBytes = 0;
  #patience: Timer | undefined;
  #blocked: BlockCause | undefined;
  #closing = false;
  #drained: (() => void) | undefined;

  constructor(
    readonly options: EmbeddedIntakeOptions,
    readonly inbox: InboxPort,
    readonly clock: Clock,
    readonly onEvent: (event: IntakeEvent) => void,
    readonly onBlocked: (blocked: boolean) => void,
  ) {
    this.#maxPending = options.maxPendingBytes ?? MAX_PENDING_BYTES;
    inbox.onDurable((upTo) => this.#durable(upTo));
    inbox.onWritable(() => this.#unblock());
  }

  /** Wall clock in ms of the last message. */
  get lastMessageAt(): number | undefined {
    return this.#lastMessageAt;
  }

  /** Messages received and not yet acknowledged. */
  get unacked(): number {
    return this.#waiting.length + this.#held.length;
  }

  /** Why nothing is taken, where that is so. */
  get blocked(): BlockCause | undefined {
    return this.#blocked;
  }

  /** Takes a message; `done` is called when it is on disk. */
  journal(packet: PublishPacket, done: Done): void {
    if (this.#closing) return done(new Error("The gateway is stopping"));
    if (!this.inbox.writable) this.#block("inbox");
    if (this.#blocked !== undefined) return done(new Error(describeBlock(this.#blocked)));
    if (this.#held.length > 0 || this.inbox.pendingBytes > this.#maxPending) this.#hold(packet, done);
    else this.#append(packet, done);
  }

  /** Takes nothing more; waits until what is appended is acknowledged, at most `within` ms. */
  async close(within: number): Promise<void> {
    this.#closing = true;
    this.#turnAway(new Error("The gateway is stopping"));
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      const giveUp = this.clock.after(within, resolve);
      this.#drained = () => {
        giveUp.cancel();
        resolve();
      };
    });
    this.#waiting = [];
    this.#positions = [];
  }

  #append(packet: PublishPacket, done: Done): void {
    if (this.#connection === 0) {
      // One connection for all devices: the broker has no redelivery to recognise by packet identifiers.
      this.#connection = this.inbox.nextConnection();
      this.inbox.session({ connection: this.#connection, resumed: false });
    }
    const message = toMessage(packet, this.#connection, 0, this.options.maxPayload);
    const position = this.inbox.message(message);
    this.#lastMessageAt = this.clock.wall();
    if (message.originalBytes !== undefined) {
      this.onEvent({ kind: "oversized", topic: message.topic, bytes: message.originalBytes });
    }
    if (packet.qos === 0) return done();
    this.#positions.push(position);
    this.#waiting.push(done);
  }

  #durable(upTo: number): void {
    let count = 0;
    while (count < this.#positions.length && (this.#positions[count] ?? Infinity) <= upTo) count++;
    const ready = this.#waiting.splice(0, count);
    this.#positions.splice(0, count);
    for (const done of ready) done();
    if (this.#waiting.length === 0) this.#drained?.();
    this.#resume();
    this.#unblock();
  }

  #hold(packet: PublishPacket, done: Done): void {
    const bytes = packet.payload.length;
    if (this.#heldBytes + bytes > this.#maxPending) return done(new Error(describeBlock("backlog")));
    this.#held.push({ packet, done });
    this.#heldBytes += bytes;
    this.#patience ??= this.clock.after(this.options.patience ?? PATIENCE, () => this.#block("backlog"));
  }

  #resume(): void {
    let taken = 0;
    for (const { packet, done } of this.#held) {
      if (!this.inbox.writable || this.inbox.pendingBytes > this.#maxPending) break;
      this.#append(packet, done);
      this.#heldBytes -= packet.payload.length;
      taken++;
    }
    this.#held.splice(0, taken);
    if (this.#held.length > 0) return;
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  /** Cuts off who waits; devices keep their messages and come back. */
  #block(cause: BlockCause): void {
    if (this.#blocked !== undefined) return;
    this.#blocked = cause;
    this.onEvent({ kind: "blocked", cause, text: describeBlock(cause) });
    this.onBlocked(true);
    this.#turnAway(new Error(describeBlock(cause)));
  }

  #unblock(): void {
    if (this.#closing || this.#blocked === undefined) return;
    if (!this.inbox.writable || this.inbox.pendingBytes > this.#maxPending / 2) return;
    this.#blocked = undefined;
    this.onEvent({ kind: "unblocked" });
    this.onBlocked(false);
  }

  #turnAway(error: Error): void {
    this.#patience?.cancel();
    this.#patience = undefined;
    this.#heldBytes = 0;
    for (const { done } of this.#held.splice(0)) done(error);
  }
}
