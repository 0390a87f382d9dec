import mqtt, { type MqttClient } from "mqtt";
import type { Published } from "./oracle.ts";
import { until } from "./until.ts";

/** Pause between two messages of one device, ms. */
const BEAT = 100;

/**
 * Devices that report in real time, each over a connection of its own that comes back by itself: what the broker did
 * not take is sent when it is there again, as the devices of the field do.
 */
export class LiveDevices implements AsyncDisposable {
  /** Everything the devices said, in their order. */
  readonly sent: Published[] = [];
  readonly #clients: readonly MqttClient[];
  readonly #timers = new Map<number, ReturnType<typeof setInterval>>();
  readonly #sequence: number[];
  #acknowledged = 0;

  private constructor(clients: readonly MqttClient[]) {
    this.#clients = clients;
    this.#sequence = clients.map(() => 0);
  }

  /** Connects so many devices, `d0` and on. */
  static async connect(url: string, count: number): Promise<LiveDevices> {
    const clients: MqttClient[] = [];
    for (let n = 0; n < count; n++) {
      const client = await mqtt.connectAsync(url, {
        clientId: `device-${n}`,
        protocolVersion: 4,
        clean: false,
        reconnectPeriod: 100,
      }, false);
      client.on("error", () => {});
      clients.push(client);
    }
    return new LiveDevices(clients);
  }

  /** Name of a device. */
  nameOf(device: number): string {
    return `d${device}`;
  }

  /** Devices begin to report. */
  begin(devices: readonly number[] = this.#sequence.keys().toArray()): void {
    for (const device of devices) {
      this.#timers.set(device, setInterval(() => this.say(device, Date.now()), BEAT));
    }
  }

  /** Devices fall silent. */
  pause(devices: readonly number[] = this.#timers.keys().toArray()): void {
    for (const device of devices) clearInterval(this.#timers.get(device));
    for (const device of devices) this.#timers.delete(device);
  }

  /** One message of one device, with a time of its own. */
  say(device: number, time: number): void {
    const seq = this.#sequence[device] ?? 0;
    this.#sequence[device] = seq + 1;
    const topic = `site/north/climate/${this.nameOf(device)}`;
    const temperature = 20 + (seq * 7 + device * 13) % 100 / 10;
    const payload = JSON.stringify({
      ts: time,
      seq,
      temperature,
      humidity: 40 + seq % 30,
    });
    this.sent.push({ topic, payload });
    this.#clients[device]?.publish(topic, payload, { qos: 1 }, (error) => {
      if (!error) this.#acknowledged++;
    });
  }

  /** Waits until the broker has acknowledged everything. */
  async settled(): Promise<void> {
    await until("the broker has acknowledged everything", () => this.#acknowledged === this.sent.length, {
      timeout: 30_000,
      state: () => [this.#acknowledged, this.sent.length],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pause();
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }
}

/** Lets real time pass: for tests of absences, whose length is what they are about. */
export async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until(`${ms} ms have passed`, () => performance.now() >= end, { timeout: ms + 60_000 });
}
