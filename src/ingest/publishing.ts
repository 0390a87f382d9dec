import type { Clock } from "../clock.ts";
import { type BrokerAddress, parseBrokerAddress } from "./broker_address.ts";
import type { Connection } from "./connection.ts";
import { dial } from "./dial.ts";
import type { OutgoingMessage } from "./embedded_options.ts";
import type { ConnectionFailure } from "./failure.ts";
import { contextOf, describeFailure } from "./failure_text.ts";
import { type MqttIntakeOptions, RECONNECT } from "./mqtt_options.ts";
import { Reconnect } from "./reconnect.ts";

/** What a client that only publishes is told. Its session ends with its connection. */
export type PublishingOptions = Pick<
  MqttIntakeOptions,
  | "url"
  | "clientId"
  | "username"
  | "password"
  | "protocol"
  | "keepalive"
  | "tls"
  | "backoff"
  | "connectTimeout"
>;

/** A client that only publishes. */
export interface Publishing {
  /**
   * Sends a message; resolves when the broker has acknowledged it (QoS 0: when it is written). The first one opens
   * the connection; once it stood it comes back by itself. A broker that never let it in is asked with each message.
   *
   * @throws {Error} with a sentence for people: no connection, the broker's refusal, or `signal` aborted
   */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
  /**
   * Publishes with QoS 1 to a topic that this client listens to itself; resolves when the broker has brought the
   * message back, hence has given it to whoever else listens there.
   *
   * @param payload no other message's
   * @throws {Error} with a sentence for people, as `publish` does, or where the broker refuses the subscription
   */
  echo(topic: string, payload: string, signal: AbortSignal): Promise<void>;
  /** Ends the connection in order; what is under way is rejected. */
  close(): Promise<void>;
}

/** Without a connection a message begins an attempt; no more often than this, ms. */
const SOONEST = 1_000;

/**
 * A client for messages of the gateway itself. It is never the intake's: that one answers packets one at a time.
 *
 * @param options the broker, and a client id of its own
 * @param random dice in `[0, 1)`, for the jitter between attempts
 */
export function mqttPublishing(options: PublishingOptions, clock: Clock, random: () => number): Publishing {
  return new PublishingSession(options, clock, random);
}

class PublishingSession implements Publishing {
  readonly #options: PublishingOptions;
  readonly #clock: Clock;
  readonly #address: BrokerAddress;
  readonly #reconnect: Reconnect;
  readonly #underWay = new Set<(error: Error) => void>();
  /** Payloads that shall come back. */
  readonly #echoes = new Map<string, () => void>();
  /** The topic that is listened to, and over which connection. */
  #listening: { readonly topic: string; readonly connection: Connection } | undefined;
  #connection: Connection | undefined;
  #opening: PromiseWithResolvers<Connection> | undefined;
  #openedAt: number | undefined;
  #stood = false;
  #triedAt = -Infinity;
  #why = "";
  #closed = false;
  #ended: () => void = () => {};

  constructor(options: PublishingOptions, clock: Clock, random: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#address = parseBrokerAddress(options.url);
    this.#reconnect = new Reconnect(options.backoff ?? RECONNECT, clock, random);
  }

  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void> {
    return this.#send((connection) => connection.publish(message), signal);
  }

  echo(topic: string, payload: string, signal: AbortSignal): Promise<void> {
    const back = Promise.withResolvers<void>();
    this.#echoes.set(payload, back.resolve);
    return this.#send(async (connection) => {
      await this.#listen(connection, topic);
      await connection.publish({ topic, payload, qos: 1, retain: false });
      await back.promise;
    }, signal).finally(() => this.#echoes.delete(payload));
  }

  #send(work: (connection: Connection) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => reject(new Error(this.#why || "The attempt was broken off before the PUBACK"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    this.#underWay.add(reject);
    this.#ready().then((connection) => signal.aborted ? undefined : work(connection)).then(resolve, reject);
    return promise.finally(() => {
      signal.removeEventListener("abort", abort);
      this.#underWay.delete(reject);
    });
  }

  /** With QoS 0: what bounds messages with an acknowledgement, or loses count of them, has no hold on these. */
  async #listen(connection: Connection, topic: string): Promise<void> {
    if (this.#listening?.connection === connection && this.#listening.topic === topic) return;
    const [code] = await connection.subscribe([topic], 0) ?? [];
    if (code === undefined || code >= 128) {
      throw new Error(`The broker refuses the subscription "${topic}" (code ${code ?? "unknown"})`);
    }
    this.#listening = { topic, connection };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#reconnect.cancel();
    for (const reject of this.#underWay) reject(new Error("The gateway has closed its connection"));
    const connection = this.#connection;
    if (connection === undefined) return;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      connection.disconnect();
    });
  }

  #ready(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new Error("The gateway has closed its connection"));
    const connection = this.#connection;
    if (connection !== undefined && this.#openedAt !== undefined) return Promise.resolve(connection);
    if (this.#opening !== undefined) return this.#opening.promise;
    if (this.#clock.monotonic() - this.#triedAt < SOONEST) return Promise.reject(new Error(this.#why));
    this.#reconnect.cancel();
    return this.#connect();
  }

  #connect(): Promise<Connection> {
    const opening = this.#opening = Promise.withResolvers<Connection>();
    // An attempt that nobody waits for may fail in silence.
    opening.promise.catch(() => {});
    this.#triedAt = this.#clock.monotonic();
    void this.#open();
    return opening.promise;
  }

  async #open(): Promise<void> {
    const wanted = (): boolean => !this.#closed;
    const connection = await dial(this.#options, this.#address, this.#clock, wanted, {
      opened: () => {},
      ready: (connection) => {
        this.#openedAt = this.#clock.monotonic();
        this.#stood = true;
        this.#why = "";
        this.#opening?.resolve(connection);
        this.#opening = undefined;
      },
      message: ({ topic, payload }) => {
        if (topic === this.#listening?.topic) this.#echoes.get(payload.toString())?.();
        return true;
      },
      closed: (failure) => this.#gone(failure),
    });
    if (connection !== undefined) this.#connection = connection;
    else if (this.#closed) this.#gone({ reason: "left" });
  }

  #gone(failure: ConnectionFailure): void {
    this.#why = describeFailure(failure, contextOf(this.#options, this.#address));
    this.#connection = undefined;
    if (this.#openedAt !== undefined) this.#reconnect.stood(this.#clock.monotonic() - this.#openedAt);
    this.#openedAt = undefined;
    this.#opening?.reject(new Error(this.#why));
    this.#opening = undefined;
    for (const reject of this.#underWay) reject(new Error(this.#why));
    this.#ended();
    if (!this.#closed && this.#stood) this.#reconnect.plan(() => void this.#connect());
  }
}
