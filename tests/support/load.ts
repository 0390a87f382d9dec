import mqtt, { type MqttClient } from "mqtt";
import { Device, type DeviceMessage, type Model } from "../../devices/simulator/mod.ts";
import type { Published } from "./oracle.ts";
import { until } from "./until.ts";

/** A load: which devices say how much. */
export interface LoadOptions {
  /** Address of the broker. */
  readonly url: string;
  /** The same seed gives the same readings. */
  readonly seed: number;
  /** How many devices; default 50. */
  readonly devices?: number;
  /** Messages of each. */
  readonly each: number;
  /** Over how long their own times are spread, ms: the last so many before now. */
  readonly spread: number;
  /** Messages per second in all; default: as fast as the broker takes them. */
  readonly pace?: number;
  /** Where the broker goes away: connections come back by themselves and send what it has not acknowledged again. */
  readonly returns?: boolean;
  /** Messages without a PUBACK at most, over all devices; default 2,000. */
  readonly inFlight?: number;
  /** The kinds of devices, dealt out in turn; default room sensors and power meters. */
  readonly mix?: readonly Model[];
}

/** The options with their defaults. */
type Whole = Required<Omit<LoadOptions, "mix">> & { readonly mix: LoadOptions["mix"] };

/** Connections that the devices share. */
const CONNECTIONS = 4;
/** Messages published in one turn. */
const BURST = 50;

/**
 * The simulator's devices, publishing with QoS 1 as fast as they are asked to and not in real time: their own times
 * lie in the past. It knows which messages the broker has acknowledged.
 */
export class Load implements AsyncDisposable {
  /** Every message handed to the broker, in the order of publishing. */
  readonly sent: Published[] = [];
  /** Messages that the broker has acknowledged. */
  acknowledged = 0;
  readonly #options: Whole;
  readonly #clients: readonly MqttClient[];
  readonly #devices: readonly Device[];
  readonly #startedAt: number;
  #next = 0;
  // A test that fails leaves its load in the middle of publishing: that must not hide why.
  #closed = false;

  private constructor(options: Whole, clients: readonly MqttClient[]) {
    this.#options = options;
    this.#clients = clients;
    const rate = 1_000 * options.each / options.spread;
    this.#devices = Array.from(
      { length: options.devices },
      (_, n) => new Device(options.seed, n, rate, options.mix),
    );
    this.#startedAt = Date.now() - options.spread - 2_000;
  }

  /** Connects; publishes nothing. */
  static async connect(options: LoadOptions): Promise<Load> {
    const clients: MqttClient[] = [];
    for (let n = 0; n < CONNECTIONS; n++) {
      const how = options.returns === true
        ? { clientId: `load-${options.seed}-${n}`, clean: false, reconnectPeriod: 100 }
        : { reconnectPeriod: 0 };
      const client = await mqtt.connectAsync(options.url, { protocolVersion: 4, ...how }, false);
      client.on("error", () => {});
      clients.push(client);
    }
    return new Load(
      { devices: 50, pace: Infinity, returns: false, inFlight: 2_000, mix: undefined, ...options },
      clients,
    );
  }

  /** Messages in all. */
  get total(): number {
    return this.#options.devices * this.#options.each;
  }

  /** Messages that were spoiled. */
  spoiled = 0;
  #spoils: (number: number) => boolean = () => false;

  /** From now on devices send what no profile takes, in the messages of these numbers: they belong into quarantine. */
  spoil(which: (number: number) => boolean): void {
    this.#spoils = which;
  }

  /** How many devices there are. */
  get devices(): number {
    return this.#options.devices;
  }

  /** From one message of a device to its next, in its own time, ms. */
  get interval(): number {
    return this.#options.spread / this.#options.each;
  }

  /** Publishes up to `count` messages in all (default: the rest), device by device in turn. */
  async publish(count = this.total): Promise<void> {
    const [began, first] = [performance.now(), this.#next];
    while (this.#next < count && !this.#closed) {
      const due = first + Math.floor(this.#options.pace * (performance.now() - began) / 1_000);
      for (let n = 0; n < BURST && !this.#closed && this.#next < Math.min(count, due + 1); n++) this.#one();
      await turn();
      while (this.#next - this.acknowledged >= this.#options.inFlight && !this.#closed) await turn();
    }
  }

  /** Waits until the broker has acknowledged everything. */
  async settled(): Promise<void> {
    await until("the broker has acknowledged everything", () => this.acknowledged === this.sent.length, {
      timeout: 60_000,
      state: () => [this.acknowledged, this.sent.length],
    });
  }

  /** Disconnects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }

  #one(): void {
    const spoiled = this.#spoils(this.#next);
    const number = this.#next++ % this.#devices.length;
    const device = this.#devices[number];
    const client = this.#clients[number % this.#clients.length];
    if (device === undefined || client === undefined) throw new Error("A load needs devices");
    const message: DeviceMessage = device.take();
    const sound = device.payload(message, this.#startedAt);
    const payload = spoiled ? sound.slice(0, -1) : sound;
    if (spoiled) this.spoiled++;
    this.sent.push({ topic: device.topic, payload });
    client.publish(device.topic, payload, { qos: 1 }, (error) => {
      if (!error) this.acknowledged++;
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
