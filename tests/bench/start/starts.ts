import { ChildProcess, moment } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import type { Mosquitto } from "../../support/mosquitto.ts";
import { connectPublisher } from "../../support/publisher.ts";
import { until } from "../../support/until.ts";
import type { SubscriberTask } from "../end_to_end/subscriber.ts";

/** How often the gateway is asked whether it is ready, ms; its start is seen so much too late. */
const EVERY = 2;

/** Messages that each device has sent before: enough for open windows and a sequence. */
const MESSAGES = 3;

/**
 * A gateway whose data folder knows so many devices, ended in order. Its state is in the checkpoint, as a
 * supervisor's restart finds it.
 */
export async function prepared(broker: Mosquitto, devices: number): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.create({
    config: siteConfig(broker.url(), 500),
    profiles: PROFILES,
  });
  try {
    if (devices > 0) await teach(gateway, broker, devices);
    return gateway;
  } catch (error) {
    await gateway.remove();
    throw error;
  }
}

/** Milliseconds from the start of a process that subscribes and does nothing else to its SUBACK. */
export async function subscriberStart(broker: Mosquitto): Promise<number> {
  const task: SubscriberTask = {
    url: broker.url(),
    topics: "site/+/+/telemetry",
    messages: 1,
    receiveMaximum: 500,
  };
  const began = moment();
  const child = new ChildProcess(new URL("../end_to_end/subscriber_process.ts", import.meta.url), task);
  try {
    const said = await child.line();
    if (said !== "ready") throw new Error(`The subscriber said "${said}"`);
    return moment() - began;
  } finally {
    await child.end();
  }
}

/** Milliseconds until a gateway is ready that has no data folder yet. */
export async function freshStart(gateway: GatewayProcess): Promise<number> {
  await Deno.remove(gateway.dataDir, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  return await startAndStop(gateway, () => {});
}

/** Milliseconds until a gateway is ready that finds its devices in the data folder. */
export async function knownStart(gateway: GatewayProcess): Promise<number> {
  return await startAndStop(gateway, async () => {
    const { messages } = await gateway.ledger();
    if (messages.received === 0) throw new Error("The gateway started without the state of its data folder");
  });
}

async function startAndStop(gateway: GatewayProcess, check: () => void | Promise<void>): Promise<number> {
  const began = moment();
  gateway.spawn();
  await until("the gateway is subscribed", async () => {
    if (gateway.ended !== undefined) throw new Error(`It ended: ${await gateway.stderr()}`);
    return (await gateway.get("/readyz").catch(() => undefined))?.status === 200;
  }, { timeout: 60_000, every: EVERY, state: () => gateway.stderrNow() });
  const took = moment() - began;
  await check();
  await stopped(gateway);
  return took;
}

async function teach(gateway: GatewayProcess, broker: Mosquitto, devices: number): Promise<void> {
  await gateway.start();
  await gateway.ready();
  const publisher = await connectPublisher(broker.url());
  try {
    const now = Date.now();
    for (let seq = 0; seq < MESSAGES; seq++) {
      await Promise.all(Array.from({ length: devices }, (_, device) => {
        const payload = JSON.stringify({ ts: now + seq, seq, temperature: 21, humidity: 48, battery: 90 });
        return publisher.publish(`site/north/sensor-${device}/telemetry`, payload);
      }));
    }
  } finally {
    await publisher.close();
  }
  await until("the gateway has processed what its devices sent", async () => {
    return (await gateway.ledger()).messages.processed === MESSAGES * devices;
  }, { timeout: 60_000, every: 50 });
  await stopped(gateway);
}

async function stopped(gateway: GatewayProcess): Promise<void> {
  const code = await gateway.stop();
  if (code !== 0) throw new Error(`The gateway ended with ${code}: ${await gateway.stderr()}`);
}
