import type { IPublishPacket } from "mqtt";
import type { Clock, Timer } from "../clock.ts";
import { BrokerDropped, DROPPED_TOPIC } from "./broker_dropped.ts";
import { Copies } from "./copies.ts";
import type { Connection } from "./connection.ts";
import type { InboxPort } from "./inbox_port.ts";
import type { BlockCause, IntakeEvent } from "./intake.ts";
import { MAX_PENDING_BYTES, type MqttIntakeOptions } from "./mqtt_options.ts";
import { PendingAcks } from "./pending_acks.ts";
import { toMessage } from "./to_message.ts";

/**
 * The hot path: a message goes into the inbox at once, its PUBACK goes out when its group is durable. The next
 * message never waits for the disk, unless too much waits already.
 *
 * Per message there is no promise, closure or object besides the record; rates: tests/bench/ingest_rate.ts.
 */
export class Receiver {
  readonly #acks = new PendingAcks();
  readonly #copies = new Copies();
  readonly #dropped = new BrokerDropped();
  readonly #maxPending: number;
  #connection: Connection | undefined;
  #number = 0;
  #position = 0;
  /** Connections in a row that ended before the broker answered for its figure. */
  #unanswered = 0;
  #held: IPublishPacket | undefined;
  #patience: Timer | undefined;
  #lastMessageAt: number | undefined;
  #closing = false;
  #drained: (() => void) | undefined;

  constructor(
    readonly options: MqttIntakeOptions,
    readonly inbox: InboxPort,
    readonly clock: Clock,
    readonly onEvent: (event: IntakeEvent) => void,
    readonly block: (cause: BlockCause) => void,
  ) {
    this.#maxPending = options.maxPendingBytes ?? MAX_PENDING_BYTES;
  }

  /** Wall clock in ms of the last message. */
  get lastMessageAt(): number | undefined {
    return this.#lastMessageAt;
  }

  /** Messages appended and not yet acknowledged. */
  get unacked(): number {
    return this.#acks.length;
  }

  /** What the broker dropped since the first look. */
  get brokerDropped(): number | undefined {
    return this.#dropped.total;
  }

  /** The inbox can take more: half of the bound is free again. */
  get ready(): boolean {
    return this.inbox.writable && this.inbox.pendingBytes <= this.#maxPending / 2;
  }

  /** A connection counts from its CONNACK: appends the session record before its first message. */
  opened(connection: Connection, resumed: boolean): number {
    this.#connection = connection;
    this.#copies.reset();
    this.#number = this.inbox.nextConnection();
    this.inbox.session({ connection: this.#number, resumed });
    return this.#number;
  }

  /**
   * Asks the broker for its figure of dropped messages. Some brokers answer a `$SYS` filter by closing the
   * connection: after two that ended so, it is not asked for again.
   */
  askDropped(connection: Connection): void {
    if (connection !== this.#connection || this.#unanswered >= 2) return;
    this.#unanswered++;
    void connection.subscribe([DROPPED_TOPIC], 0).then((codes) => {
      if (codes !== undefined) this.#unanswered = 0;
    });
  }

  /** The connection is gone; what it still owed is acknowledged on no other. */
  closed(): void {
    this.#connection = undefined;
    this.#held = undefined;
    this.#patience?.cancel();
    if (this.#closing) this.#drained?.();
  }

  /** Takes a message; `false`: not now, the connection holds it. */
  message(packet: IPublishPacket): boolean {
    if (packet.topic === DROPPED_TOPIC) return this.#look(packet);
    if (this.#closing || this.#connection === undefined) return false;
    if (!this.inbox.writable) {
      this.block("inbox");
      return false;
    }
    if (this.inbox.pendingBytes > this.#maxPending) {
      this.#hold(packet);
      return false;
    }
    this.#append(packet);
    return true;
  }

  /** Everything up to a position is on disk: sends what it owes, goes on with a held message. */
  durable(upTo: number): void {
    const ids = this.#acks.drain(upTo, this.#connection === undefined ? 0 : this.#number);
    if (ids.length > 0) this.#connection?.acknowledge(ids);
    if (this.#closing && this.#acks.length === 0) this.#drained?.();
    const held = this.#held;
    if (held === undefined || this.#closing || this.inbox.pendingBytes > this.#maxPending) return;
    this.#held = undefined;
    this.#patience?.cancel();
    if (this.message(held)) this.#connection?.release();
  }

  /** Takes nothing more; waits until what is appended is acknowledged, at most `within` ms. */
  async close(within: number): Promise<void> {
    this.#closing = true;
    this.#patience?.cancel();
    if (this.#acks.length === 0 || this.#connection === undefined) return;
    await new Promise<void>((resolve) => {
      const giveUp = this.clock.after(within, resolve);
      this.#drained = () => {
        giveUp.cancel();
        resolve();
      };
    });
  }

  #append(packet: IPublishPacket): void {
    const id = packet.qos === 1 ? packet.messageId ?? 0 : 0;
    if (this.#copies.isCopy(packet)) {
      // Acknowledged together with the message that it is a copy of.
      if (id !== 0) this.#acks.push(this.#position, this.#number, id);
      return;
    }
    const message = toMessage(packet, this.#number, id, this.options.maxPayload);
    this.#position = this.inbox.message(message);
    if (id !== 0) this.#acks.push(this.#position, this.#number, id);
    this.#lastMessageAt = this.clock.wall();
    if (message.originalBytes === undefined) return;
    this.onEvent({ kind: "oversized", topic: message.topic, bytes: message.originalBytes });
  }

  /**
   * Holds one message, and with it everything behind it, PINGRESP included. Before the broker takes that for
   * death the connection is given up in order: else the held stretch would be sent, and appended, again and again.
   */
  #hold(packet: IPublishPacket): void {
    this.#held = packet;
    this.#patience = this.clock.after(this.options.keepalive / 2, () => this.block("backlog"));
  }

  #look(packet: IPublishPacket): true {
    const more = this.#dropped.look(packet.payload);
    if (more > 0) this.onEvent({ kind: "broker_dropped", more });
    return true;
  }
}
