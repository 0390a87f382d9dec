/**
 * Rate of the MQTT session against a bare subscriber of MQTT.js that acknowledges by itself, on the same broker and
 * the same queue: `deno run -A tests/bench/ingest_rate.ts [messages] [rounds]`. The inbox is in memory and
 * "syncs" every 2 ms, so that what is measured is ingest alone.
 * @module
 */
import mqtt from "mqtt";
import { systemClock } from "../../src/clock.ts";
import { type InboxPort, mqttIntake } from "../../src/ingest/mod.ts";
import { type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { connectPublisher } from "../support/publisher.ts";
import { until } from "../support/until.ts";

const PAYLOAD = JSON.stringify({
  ts: 1_750_000_000_000,
  seq: 123_456,
  temperature: 21.53,
  humidity: 48.2,
  battery: 97,
});
const CLIENT = "rate";
const SESSION = {
  clientId: CLIENT,
  clean: false,
  properties: { sessionExpiryInterval: 3_600, receiveMaximum: 500 },
};

/** An inbox that counts and forgets. */
class CountingInbox implements InboxPort {
  writable = true;
  count = 0;
  #position = 0;
  #connections = 0;
  #durable = 0;
  #listener: (upTo: number) => void = () => {};
  readonly #timer = setInterval(() => {
    if (this.#position === this.#durable) return;
    this.#durable = this.#position;
    this.#listener(this.#durable);
  }, 2);

  get pendingBytes(): number {
    return (this.#position - this.#durable) * PAYLOAD.length;
  }

  message(): number {
    this.count++;
    return ++this.#position;
  }

  session(): number {
    return ++this.#position;
  }

  onDurable(listener: (upTo: number) => void): void {
    this.#listener = listener;
  }

  onWritable(): void {}

  nextConnection(): number {
    return ++this.#connections;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** Leaves some messages in the broker's queue for the session. */
async function fill(broker: Mosquitto, messages: number): Promise<void> {
  const session = await mqtt.connectAsync(broker.url(), {
    ...SESSION,
    protocolVersion: 5,
    reconnectPeriod: 0,
  });
  await session.subscribeAsync("t/#", { qos: 1 });
  await session.endAsync();
  const device = await connectPublisher(broker.url());
  for (let sent = 0; sent < messages; sent += 1_000) {
    const group = Array.from(
      { length: Math.min(1_000, messages - sent) },
      (_, n) => device.publish(`t/${n}`, PAYLOAD),
    );
    await Promise.all(group);
  }
  await device.close();
}

/** Messages per second of the bare subscriber. */
async function bare(broker: Mosquitto, messages: number): Promise<number> {
  await fill(broker, messages);
  let count = 0;
  const began = performance.now();
  const client = mqtt.connect(broker.url(), { ...SESSION, protocolVersion: 5, reconnectPeriod: 0 });
  client.on("message", () => count++);
  await until("the bare subscriber has everything", () => count === messages, { timeout: 120_000, every: 1 });
  const rate = messages / (performance.now() - began) * 1_000;
  await client.endAsync();
  return rate;
}

/** Messages per second of the session. */
async function deferred(broker: Mosquitto, messages: number): Promise<number> {
  await fill(broker, messages);
  const inbox = new CountingInbox();
  const options = {
    ...{
      url: broker.url(),
      clientId: CLIENT,
      protocol: 5,
      sessionExpiry: 3_600_000,
      keepalive: 30_000,
    } as const,
    ...{ receiveMaximum: 500, filters: ["t/#"], maxPayload: 256 * 1024 },
  };
  const intake = mqttIntake(options, inbox, systemClock, Math.random, () => {});
  const began = performance.now();
  await intake.start();
  await until("the session has everything", () => inbox.count === messages, { timeout: 120_000, every: 1 });
  const rate = messages / (performance.now() - began) * 1_000;
  await intake.stop();
  inbox.close();
  return rate;
}

if (import.meta.main) {
  const messages = Number(Deno.args[0] ?? 60_000);
  const rounds = Number(Deno.args[1] ?? 3);
  const broker = await startMosquitto({ lines: ["max_queued_messages 1000000", "log_type none"] });
  if (broker === undefined) Deno.exit(1);
  const say = (line: string): number => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  for (let round = 0; round < rounds; round++) {
    const alone = await bare(broker, messages);
    const held = await deferred(broker, messages);
    say(
      `bare ${Math.round(alone)} msg/s, acknowledged after the sync ${Math.round(held)} msg/s: ratio ${
        (held / alone).toFixed(2)
      }`,
    );
  }
  await broker.remove();
}
