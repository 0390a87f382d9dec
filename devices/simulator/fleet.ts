import mqtt, { type MqttClient } from "mqtt";
import type { Clock } from "../../src/clock.ts";
import { Device } from "./device.ts";
import type { Published } from "./oracle.ts";

/** A fleet of devices and where it publishes. */
export interface FleetOptions {
  /** How many. */
  readonly devices: number;
  /** Messages per second of one device. */
  readonly rate: number;
  /** The same seed gives the same messages, relative to the start. */
  readonly seed: number;
  /** Address of the broker, e.g. `mqtt://127.0.0.1:1883`. */
  readonly brokerUrl: string;
  /** Paces the devices and stamps the start of the run. */
  readonly clock: Clock;
}

/** Where the fleet's messages are. */
export interface FleetCounts {
  /** Handed to the MQTT client. */
  published: number;
  /** Acknowledged by the broker with a PUBACK. */
  acknowledged: number;
}

/** Connections that the devices share at most. */
const CONNECTIONS = 8;

/** Messages without a PUBACK, over all connections: beyond it the devices wait. */
const MAX_IN_FLIGHT = 4_000;

/** Pause before a broken connection is opened again, ms. */
const RECONNECT = 500;

/** How long after the end the devices may still be catching up, ms. */
const CATCH_UP = 30_000;

/** Pause between two looks at what is due, ms. */
const BEAT = 10;

interface Member {
  readonly device: Device;
  readonly client: MqttClient;
  /** Messages published so far: the device's sequence numbers 1 … published. */
  published: number;
  /** Sequence numbers without a PUBACK yet. */
  readonly open: Set<number>;
}

/**
 * The devices of a site, publishing with QoS 1 over a few shared connections.
 *
 * What was acknowledged is an obligation of the gateway. It is not kept but made again from the seed when it is asked
 * for, so that a long run needs no memory for it.
 */
export class Fleet {
  /** Where the messages are. */
  readonly counts: FleetCounts = { published: 0, acknowledged: 0 };
  readonly #options: FleetOptions;
  readonly #clients: readonly MqttClient[];
  readonly #members: readonly Member[];
  #startedAt = 0;

  private constructor(options: FleetOptions, clients: readonly MqttClient[]) {
    this.#options = options;
    this.#clients = clients;
    this.#members = Array.from({ length: options.devices }, (_, index) => {
      const client = clients[index % clients.length];
      if (client === undefined) throw new Error("A fleet needs a connection");
      return {
        device: new Device(options.seed, index, options.rate),
        client,
        published: 0,
        open: new Set<number>(),
      };
    });
  }

  /** Connects. Fails with the broker's words when it does not want the devices. */
  static async connect(options: FleetOptions): Promise<Fleet> {
    const run = crypto.randomUUID().slice(0, 8);
    const attempts = Array.from(
      { length: Math.min(CONNECTIONS, options.devices) },
      (_, index) =>
        mqtt.connectAsync(options.brokerUrl, {
          clientId: `sluice-sim-${run}-${index}`,
          protocolVersion: 4,
          clean: true,
          // With a reconnect period, what a broken connection had not acknowledged is sent again.
          reconnectPeriod: RECONNECT,
        }, false),
    );
    const results = await Promise.allSettled(attempts);
    const clients = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    const refused = results.find((result) => result.status === "rejected");
    if (refused !== undefined) {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      throw new Error(`The devices cannot connect to "${options.brokerUrl}": ${refused.reason}`);
    }
    // Without a listener, an error of a connection that comes back by itself would end the process.
    for (const client of clients) client.on("error", () => {});
    return new Fleet(options, clients);
  }

  /** Wall clock at which the run began, ms. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Names and profiles of the devices. */
  get devices(): readonly Device[] {
    return this.#members.map((member) => member.device);
  }

  /**
   * Publishes what falls due, for so long or until the signal.
   *
   * A broker that does not keep up slows the devices down; what they say stays the same. What they could not say
   * within half a minute after the end stays unsaid.
   *
   * @param duration ms
   */
  async run(duration: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    this.#startedAt = Math.round(clock.wall());
    const began = clock.monotonic();
    while (!signal.aborted) {
      const elapsed = clock.monotonic() - began;
      const all = this.#publishDue(Math.min(elapsed, duration));
      if (elapsed >= duration && (all || elapsed >= duration + CATCH_UP)) return;
      await clock.sleep(BEAT, signal);
    }
  }

  /** Publishes what is due at this moment; false where too much is in flight. */
  #publishDue(elapsed: number): boolean {
    for (const member of this.#members) {
      while (member.device.due < elapsed) {
        if (this.counts.published - this.counts.acknowledged >= MAX_IN_FLIGHT) return false;
        this.#publish(member);
      }
    }
    return true;
  }

  #publish(member: Member): void {
    const message = member.device.take();
    member.published++;
    member.open.add(message.sequence);
    this.counts.published++;
    const payload = member.device.payload(message, this.#startedAt);
    member.client.publish(member.device.topic, payload, { qos: 1 }, (error) => {
      if (error) return;
      member.open.delete(message.sequence);
      this.counts.acknowledged++;
    });
  }

  /** Waits until every message is acknowledged; false if that takes longer than `ms`. */
  async settled(ms: number): Promise<boolean> {
    const { clock } = this.#options;
    const until = clock.monotonic() + ms;
    while (this.counts.acknowledged < this.counts.published) {
      if (clock.monotonic() >= until) return false;
      await clock.sleep(BEAT);
    }
    return true;
  }

  /** What the broker acknowledged, device by device in the order of publishing. */
  *acknowledged(): Generator<Published> {
    const { seed, rate } = this.#options;
    for (const [index, member] of this.#members.entries()) {
      const again = new Device(seed, index, rate);
      for (let number = 0; number < member.published; number++) {
        const message = again.take();
        if (member.open.has(message.sequence)) continue;
        yield { topic: again.topic, payload: again.payload(message, this.#startedAt) };
      }
    }
  }

  /** Disconnects. */
  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }
}
