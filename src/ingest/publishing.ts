import type { Clock } from "../clock.ts";
import { type BrokerAddress, parseBrokerAddress } from "./broker_address.ts";
import { clientOptions } from "./client_options.ts";
import { Connection } from "./connection.ts";
import type { OutgoingMessage } from "./embedded_options.ts";
import type { ConnectionFailure } from "./failure.ts";
import { describeFailure } from "./failure_text.ts";
import { CONNECT_TIMEOUT, type MqttIntakeOptions, RECONNECT } from "./mqtt_options.ts";
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
   * the connection, which from then on comes back by itself.
   *
   * @throws {Error} with a sentence for people: no connection, the broker's refusal, or `signal` aborted
   */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
  /** Ends the connection in order; what is under way is rejected. */
  close(): Promise<void>;
}

/** While it waits to connect again, a message may begin the attempt; no more often than this, ms. */
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
  #connection: Connection | undefined;
  #opening: PromiseWithResolvers<Connection> | undefined;
  #openedAt: number | undefined;
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
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => reject(new Error(this.#why || "The attempt was broken off before the PUBACK"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    this.#underWay.add(reject);
    this.#ready().then((connection) => signal.aborted ? undefined : connection.publish(message)).then(
      resolve,
      reject,
    );
    return promise.finally(() => {
      signal.removeEventListener("abort", abort);
      this.#underWay.delete(reject);
    });
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
    const soon = this.#clock.monotonic() - this.#triedAt < SOONEST;
    if (soon && this.#reconnect.pending) return Promise.reject(new Error(this.#why));
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
    const { password, protocol, connectTimeout = CONNECT_TIMEOUT } = this.#options;
    let word: string | undefined;
    try {
      word = typeof password === "function" ? await password() : password;
    } catch (error) {
      return this.#gone({ reason: "password_unreadable", detail: messageOf(error) });
    }
    if (this.#closed) return this.#gone({ reason: "left" });
    try {
      const options = clientOptions(this.#options, this.#address, word);
      const connection = this.#connection = new Connection(options, protocol, connectTimeout, this.#clock, {
        opened: () => {},
        ready: () => {
          this.#openedAt = this.#clock.monotonic();
          this.#why = "";
          this.#opening?.resolve(connection);
          this.#opening = undefined;
        },
        message: () => true,
        closed: (failure) => this.#gone(failure),
      });
    } catch (error) {
      // A certificate or key that is no PEM text is refused before anything is sent.
      this.#gone({ reason: "tls_failed", detail: messageOf(error) });
    }
  }

  #gone(failure: ConnectionFailure): void {
    const { clientId, protocol, tls, username } = this.#options;
    this.#why = describeFailure(failure, {
      broker: this.#address.text,
      serverName: tls?.serverName ?? this.#address.host,
      clientId,
      protocol,
      ...(username === undefined ? {} : { username }),
    });
    this.#connection = undefined;
    if (this.#openedAt !== undefined) this.#reconnect.stood(this.#clock.monotonic() - this.#openedAt);
    this.#openedAt = undefined;
    this.#opening?.reject(new Error(this.#why));
    this.#opening = undefined;
    for (const reject of this.#underWay) reject(new Error(this.#why));
    this.#ended();
    if (!this.#closed) this.#reconnect.plan(() => void this.#connect());
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
