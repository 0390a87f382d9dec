import mqtt, { type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from "mqtt";
import { generate } from "mqtt-packet";
import { Buffer } from "node:buffer";
import type { Clock, Timer } from "../clock.ts";
import { deferAcks, type HeldMessage, pubacks } from "./deferred_acks.ts";
import type { OutgoingMessage } from "./embedded_options.ts";
import { type ConnectionFailure, failureOf, failureOfCode } from "./failure.ts";

/** What a connection tells its session, in this order: `opened`, `ready`, messages among them, `closed`. */
export interface ConnectionListener {
  /** The CONNACK packet has come: messages may follow at once, before `ready`. */
  opened(connection: Connection, connack: IConnackPacket): void;
  /** SUBSCRIBE may be sent. */
  ready(connection: Connection): void;
  /** A message; `false` stops the connection until `release`. */
  message(packet: IPublishPacket): boolean;
  /** It is over, or never came about; called once, last. `code` is set where the broker refused it. */
  closed(failure: ConnectionFailure, code: number | undefined): void;
}

/** The broker's answer to a SUBSCRIBE: a code for each filter, or `undefined` where the connection broke. */
export type SubscribeAnswer = readonly number[] | undefined;

/** PINGREQ (MQTT 5.0 §3.12): the same two bytes in both versions. */
const PINGREQ = Uint8Array.of(0xc0, 0);
/** Stands in for a SUBACK code that is no number: "unspecified error". */
const UNREADABLE = 128;
/** Longest wait for the last bytes to leave at a disconnect. */
const FAREWELL = 1_000;

/**
 * One network connection: a client of MQTT.js that is used once.
 *
 * A new client for each attempt carries nothing over: no queued packet with an old identifier, no timer, no
 * state after a refusal. Whatever MQTT.js does or fails to do, `closed` comes.
 */
export class Connection {
  readonly #client: MqttClient;
  readonly #held: HeldMessage;
  readonly #listener: ConnectionListener;
  readonly #clock: Clock;
  readonly #overdue: Timer;
  #failure: ConnectionFailure | undefined;
  #code: number | undefined;
  #closed = false;
  #identifiers = false;
  #received = 0;
  /** A PINGREQ of MQTT.js is out, and nothing has come since. */
  #asked = false;
  readonly #pings: (() => void)[] = [];

  /**
   * Begins to connect.
   *
   * @param connectTimeout longest wait for the CONNACK in ms
   */
  constructor(
    options: IClientOptions,
    readonly protocol: 4 | 5,
    connectTimeout: number,
    clock: Clock,
    listener: ConnectionListener,
  ) {
    this.#listener = listener;
    this.#clock = clock;
    this.#client = mqtt.connect(options);
    this.#held = deferAcks(this.#client, (packet) => !this.#closed && listener.message(packet));
    this.#listen();
    this.#overdue = clock.after(connectTimeout, () => {
      this.#failure ??= { reason: "no_answer" };
      this.#finish();
    });
  }

  /** The broker takes subscription identifiers; MQTT 5 brokers do unless their CONNACK says otherwise. */
  get identifiers(): boolean {
    return this.#identifiers;
  }

  /** Bytes that have come so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * Asks whether the broker is there, beside the keepalive. What it had written before its answer has come before.
   *
   * @param answered called when the answer comes, else never
   */
  ping(answered: () => void): void {
    const { stream } = this.#client;
    if (this.#closed || !this.#client.connected || stream.destroyed) return;
    if (this.#pings.push(answered) === 1) this.#client.on("packetreceive", this.#pong);
    stream.write(PINGREQ);
  }

  readonly #pong = (packet: { readonly cmd?: string }): void => {
    if (packet.cmd !== "pingresp") return;
    const answered = this.#pings.shift();
    if (this.#pings.length === 0) this.#client.off("packetreceive", this.#pong);
    answered?.();
  };

  /** Goes on with the message that `message` refused. */
  release(): void {
    this.#held.release();
  }

  /** Writes PUBACKs in one piece. */
  acknowledge(ids: Uint16Array): void {
    const stream = this.#client.stream;
    if (ids.length === 0 || this.#closed || !this.#client.connected || stream.destroyed) return;
    stream.write(pubacks(ids));
  }

  /**
   * Subscribes with QoS 1 (MQTT.js's QoS 2 is not crash-safe: its PUBREC goes out before the handler runs).
   * With MQTT 5 retained messages of QoS 1 filters come only where the filter is new in the session (§3.8.3.1). QoS 0
   * is for the broker's own figures: it says one only when it changes, so the retained one is wanted each time.
   */
  subscribe(filters: readonly string[], qos: 0 | 1, identifier?: number): Promise<SubscribeAnswer> {
    const properties = identifier === undefined ? {} : { properties: { subscriptionIdentifier: identifier } };
    const options = this.protocol === 5 ? { qos, rh: qos === 0 ? 0 : 1, ...properties } : { qos };
    return new Promise((resolve) => {
      this.#client.subscribe([...filters], options, (_error, _grants, packet) => {
        resolve(packet?.granted.map((code) => typeof code === "number" ? code : UNREADABLE));
      });
    });
  }

  /**
   * Publishes; resolves when the broker has acknowledged it, rejects where it refuses. Of a connection that ends
   * first only `closed` tells.
   */
  publish({ topic, payload, qos, retain }: OutgoingMessage): Promise<void> {
    const bytes = typeof payload === "string" ? payload : Buffer.from(payload);
    return new Promise((resolve, reject) => {
      this.#client.publish(topic, bytes, { qos, retain }, (error) => error ? reject(error) : resolve());
    });
  }

  /** Unsubscribes; `true` when the broker has answered. */
  unsubscribe(filters: readonly string[]): Promise<boolean> {
    return new Promise((resolve) => {
      this.#client.unsubscribe([...filters], {}, (_error, packet) => resolve(packet !== undefined));
    });
  }

  /** Sends DISCONNECT, by which the broker keeps the session, and closes. `closed` follows, with this reason. */
  disconnect(why: ConnectionFailure = { reason: "left" }): void {
    if (this.#closed) return;
    const stream = this.#client.stream;
    this.#failure ??= why;
    if (!this.#client.connected || stream.destroyed) return this.#finish();
    const giveUp = this.#clock.after(FAREWELL, () => this.#finish());
    stream.once("close", () => giveUp.cancel());
    const packet = this.protocol === 5
      ? generate({ cmd: "disconnect", reasonCode: 0 }, { protocolVersion: 5 })
      : generate({ cmd: "disconnect" });
    stream.end(packet);
  }

  #listen(): void {
    const client = this.#client;
    const opened = (packet: { readonly cmd?: string }): void => {
      if (packet.cmd !== "connack") return;
      // The `connect` event comes later than the first messages: the connection counts from its CONNACK.
      client.off("packetreceive", opened);
      const connack = packet as IConnackPacket;
      this.#identifiers = this.protocol === 5 &&
        connack.properties?.subscriptionIdentifiersAvailable !== false;
      if ((connack.reasonCode ?? connack.returnCode ?? 0) === 0) this.#listener.opened(this, connack);
    };
    client.on("packetreceive", opened);
    client.on("connect", () => {
      this.#overdue.cancel();
      if (!this.#closed) this.#listener.ready(this);
    });
    client.on("disconnect", (packet) => {
      this.#code = packet.reasonCode ?? 0;
      if (this.#code >= 128) this.#failure ??= failureOfCode(this.#code);
    });
    client.on("error", (error) => this.#failed(error, false));
    client.stream.on("error", (error: Error) => this.#failed(error, true));
    client.on("packetsend", ({ cmd }) => {
      if (cmd === "pingreq") this.#asked = true;
    });
    client.stream.on("data", (bytes: Uint8Array) => this.#heard(bytes.length));
    client.on("close", () => this.#finish());
  }

  /**
   * On a slow line the answer to a PINGREQ stands in line behind the messages, and MQTT.js would take that for silence:
   * whatever comes after the question is a sign of life, and the next question is due a keepalive later.
   */
  #heard(bytes: number): void {
    this.#received += bytes;
    if (!this.#asked) return;
    this.#asked = false;
    this.#client.reschedulePing(true);
  }

  /** Keeps the first error: later ones are its echo. */
  #failed(error: Error & { readonly code?: unknown }, ofStream: boolean): void {
    if (typeof error.code === "number") this.#code ??= error.code;
    if (error.code !== undefined || ofStream) {
      this.#failure ??= failureOf(error);
      return;
    }
    // An error without a code is MQTT.js's own: it destroys the stream itself when the keepalive has run out,
    // and leaves it open when it cannot parse what came.
    const stream = this.#client.stream;
    if (stream.destroyed && this.#client.connected) this.#failure ??= { reason: "keepalive" };
    else this.#failure ??= { reason: "protocol_error", detail: error.message };
    stream.destroy();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#overdue.cancel();
    this.#client.end(true);
    this.#listener.closed(this.#failure ?? { reason: "closed_by_broker" }, this.#code);
  }
}
