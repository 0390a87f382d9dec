import type { IPublishPacket } from "mqtt";
import type { Clock, Timer } from "../clock.ts";
import { BrokerDropped, DROPPED_TOPIC } from "./broker_dropped.ts";
import { Copies } from "./copies.ts";
import type { Connection } from "./connection.ts";
import type { InboxPort } from "./inbox_port.ts";
import type { BlockCause, IntakeEvent, IntakeStatus } from "./intake.ts";
import { MAX_PENDING_BYTES, type MqttIntakeOptions } from "./mqtt_options.ts";
import { PendingAcks } from "./pending_acks.ts";
import { probeTopic } from "./probe_topic.ts";
import { toMessage } from "./to_message.ts";

/** The connection as the hot path uses it. */
export type Receiving = Pick<Connection, "acknowledge" | "release" | "subscribe">;

/** What the hot path tells its session. */
export interface ReceiverPorts {
  readonly onEvent: (event: IntakeEvent) => void;
  /** The inbox cannot take more: the connection is to be given up. */
  readonly block: (cause: BlockCause) => void;
  /** Something has come on the topic of probes. */
  readonly probed: (payload: string) => void;
}

/**
 * The hot path: a message goes into the inbox at once, its PUBACK goes out when its group is durable. The next
 * message never waits for the disk, unless too much waits already.
 *
 * Per message there is no promise, closure or object besides the record; rates: tests/bench/ingest_rate.ts.
 */
export class Receiver {
  readonly #acks = new PendingAcks();
  readonly #copies = new Copies();
  readonly #dropped: BrokerDropped;
  /** What comes there is no message. */
  readonly probeTopic: string;
  readonly #maxPending: number;
  #connection: Receiving | undefined;
  #number = 0;
  #position = 0;
  #arrivals = 0;
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
    readonly ports: ReceiverPorts,
  ) {
    this.#maxPending = options.maxPendingBytes ?? MAX_PENDING_BYTES;
    this.#dropped = new BrokerDropped(options.formerDropped);
    this.probeTopic = probeTopic(options.clientId);
  }

  /** Wall clock in ms of the last message. */
  get lastMessageAt(): number | undefined {
    return this.#lastMessageAt;
  }

  /** Messages appended and not yet acknowledged. */
  get unacked(): number {
    return this.#acks.length;
  }

  /** Messages with QoS 1 that have come so far. */
  get arrivals(): number {
    return this.#arrivals;
  }

  /** The broker waits for the gateway: a message is held, or acknowledgements wait for the disk. */
  get busy(): boolean {
    return this.#held !== undefined || this.#acks.length > 0;
  }

  /** What the broker dropped since the first look. */
  get dropped(): Pick<IntakeStatus, "brokerDropped" | "brokerFigure"> {
    const { total, figure } = this.#dropped;
    return {
      ...(total === undefined ? {} : { brokerDropped: total }),
      ...(figure === undefined ? {} : { brokerFigure: figure }),
    };
  }

  /** The inbox can take more: half of the bound is free again. */
  get ready(): boolean {
    return this.inbox.writable && this.inbox.pendingBytes <= this.#maxPending / 2;
  }

  /** A connection counts from its CONNACK: appends the session record before its first message. */
  opened(connection: Receiving, resumed: boolean): number {
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
  askDropped(connection: Receiving): void {
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
    if (packet.topic === this.probeTopic) return this.#probe(packet);
    if (this.#closing || this.#connection === undefined) return false;
    if (!this.inbox.writable) {
      this.ports.block("inbox");
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
    const id = idOf(packet);
    if (id !== 0) this.#arrivals++;
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
    this.ports.onEvent({ kind: "oversized", topic: message.topic, bytes: message.originalBytes });
  }

  /**
   * Holds one message, and with it everything behind it, PINGRESP included. Before the broker takes that for
   * death the connection is given up in order: else the held stretch would be sent, and appended, again and again.
   */
  #hold(packet: IPublishPacket): void {
    this.#held = packet;
    this.#patience = this.clock.after(this.options.keepalive / 2, () => this.ports.block("backlog"));
  }

  /**
   * Whoever sent it, and whenever, it is no message. It is acknowledged at once; but behind what waits, since PUBACKs
   * go out in the order of the messages (MQTT 5.0 §4.6).
   */
  #probe(packet: IPublishPacket): true {
    const id = idOf(packet);
    if (id !== 0 && this.#acks.length > 0) this.#acks.push(this.#position, this.#number, id);
    else if (id !== 0) this.#connection?.acknowledge(Uint16Array.of(id));
    this.ports.probed(packet.payload.toString());
    return true;
  }

  #look(packet: IPublishPacket): true {
    const more = this.#dropped.look(packet.payload);
    if (more > 0) this.ports.onEvent({ kind: "broker_dropped", more });
    return true;
  }
}

/** What is to be acknowledged; 0: nothing. */
function idOf(packet: IPublishPacket): number {
  return packet.qos === 1 ? packet.messageId ?? 0 : 0;
}
