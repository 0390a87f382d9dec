import mqtt, { type MqttClient } from "mqtt";

/** The broker, and how the agent signs in. */
export interface LinkOptions {
  /** mqtt:// mqtts:// ws:// or wss:// with host and port. */
  readonly url: string;
  /** The broker keeps the session under this name. */
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Certificate of the authority that signed the broker's, PEM. */
  readonly ca: string | undefined;
  /** Pause before a broken connection is opened again, ms. */
  readonly reconnect: number;
}

/** What happens to a link, for people. */
export interface LinkEvents {
  connected(): void;
  /** No connection now, with the reason; said once for each reason in a row. */
  disconnected(why: string): void;
  /** The broker does not want a message, for want of a right for instance. */
  refused(why: string): void;
  /** The oldest message was given up, since so many wait. */
  gaveUp(waiting: number): void;
}

/** Messages that wait at most: more than a day at one in ten seconds. */
const MOST = 10_000;

/**
 * Publishes with QoS 1 over a persistent session, in order, one message in flight: what the broker has not
 * acknowledged stays here and goes out again when it is back. Beyond 10,000 messages the oldest are given up.
 */
export class Link {
  /** Messages that the broker has acknowledged. */
  acknowledged = 0;
  /** Messages that are gone: refused by the broker, or given up. */
  lost = 0;
  readonly #client: MqttClient;
  readonly #events: LinkEvents;
  readonly #waiting: { readonly topic: string; readonly payload: string }[] = [];
  #inFlight = false;
  #why = "";
  #idle: (() => void)[] = [];

  /** Begins to connect, and never gives up. */
  constructor(options: LinkOptions, events: LinkEvents) {
    this.#events = events;
    this.#client = mqtt.connect(options.url, {
      clientId: options.clientId,
      // MQTT 3.1.1, which every broker speaks, the gateway's embedded one included. Its sessions do not expire.
      protocolVersion: 4,
      clean: false,
      keepalive: 30,
      reconnectPeriod: options.reconnect,
      // A broker that refuses today may take the same password when somebody has set it.
      reconnectOnConnackError: true,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
    this.#client.on("connect", () => {
      this.#why = "";
      events.connected();
      this.#next();
    });
    this.#client.on("error", (error) => this.#lost(wordsOf(error)));
    this.#client.on("close", () => this.#lost(this.#why === "" ? "the connection was closed" : this.#why));
  }

  /** Messages without an acknowledgement. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Publishes as soon as that can be. */
  publish(topic: string, payload: string): void {
    this.#waiting.push({ topic, payload });
    if (this.#waiting.length > MOST) {
      // The first may be in flight.
      this.#waiting.splice(this.#inFlight ? 1 : 0, 1);
      this.lost++;
      this.#events.gaveUp(MOST);
    }
    this.#next();
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Closes the connection; the session stays at the broker. */
  async close(): Promise<void> {
    this.#client.removeAllListeners("close");
    await this.#client.endAsync(this.#waiting.length > 0);
  }

  #next(): void {
    const first = this.#waiting[0];
    if (first === undefined || this.#inFlight || !this.#client.connected) return;
    this.#inFlight = true;
    this.#client.publish(first.topic, first.payload, { qos: 1 }, (error) => {
      this.#inFlight = false;
      if (error) {
        this.lost++;
        this.#events.refused(wordsOf(error));
      } else this.acknowledged++;
      this.#waiting.shift();
      if (this.#waiting.length === 0) { for (const resolve of this.#idle.splice(0)) resolve(); }
      this.#next();
    });
  }

  #lost(why: string): void {
    if (why === this.#why) return;
    this.#why = why;
    this.#events.disconnected(why);
  }
}

function wordsOf(error: Error): string {
  if (error.message !== "") return error.message;
  // An AggregateError of all the addresses of a host has no words of its own.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : error.name;
}
