import { ChildProcess } from "../../support/child_process.ts";
import { DEVICES, PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import { type Mosquitto, startMosquitto } from "../../support/mosquitto.ts";
import { connectPublisher } from "../../support/publisher.ts";
import { until } from "../../support/until.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { openDatabase } from "../kit/database.ts";
import { costSince, processCost } from "../kit/process_cost.ts";
import { row } from "../kit/table.ts";

/** How long each is watched at full scale, s, after a while to come to rest. */
const SECONDS = 20;
const SETTLE = 3;

/** What a small site costs in the long run: 50 devices, a message a second each. */
export const idle: BenchCase = {
  name: "idle",
  about: `processor time with ${DEVICES} devices that send once a second`,
  async measure({ rounds, part }) {
    const broker = await startMosquitto();
    if (broker === undefined) return [];
    const [bare, gateway]: [number[], number[]] = [[], []];
    try {
      for (let round = 0; round < rounds; round++) {
        bare.push(await bareShare(broker, Math.max(2, SECONDS * part)));
        gateway.push(await gatewayShare(broker, Math.max(2, SECONDS * part)));
      }
    } finally {
      await broker.remove();
    }
    return [
      row(
        `CPU with ${DEVICES} devices at 1 Hz, percent of a core`,
        "bare MQTT.js subscriber",
        bare,
        gateway,
        { target: { of: "value", atMost: 1 } },
      ),
    ];
  },
};

async function bareShare(broker: Mosquitto, seconds: number): Promise<number> {
  const messages = DEVICES * Math.floor(seconds + SETTLE);
  const task = { url: broker.url(), topics: "site/+/+/telemetry", messages, receiveMaximum: 500 };
  const child = new ChildProcess(new URL("../end_to_end/subscriber_process.ts", import.meta.url), task);
  try {
    await child.line();
    const share = await shareOf(child.pid, broker, seconds);
    await child.line();
    return share;
  } finally {
    await child.end();
  }
}

async function gatewayShare(broker: Mosquitto, seconds: number): Promise<number> {
  await using database = await openDatabase();
  await using gateway = await GatewayProcess.start({
    config: siteConfig(broker.url(), 500, database.section),
    profiles: PROFILES,
  });
  const share = await shareOf(gateway.pid ?? 0, broker, seconds);
  const expected = DEVICES * Math.floor(seconds + SETTLE);
  await until(`the gateway has processed ${expected} messages`, async () => {
    return (await gateway.ledger()).messages.processed === expected;
  }, { timeout: 30_000, every: 100, state: () => gateway.ledger() });
  return share;
}

/** Percent of a core that a process takes while the site sends, each device in its own moment of a second. */
async function shareOf(pid: number, broker: Mosquitto, seconds: number): Promise<number> {
  const publisher = await connectPublisher(broker.url());
  try {
    const began = performance.now();
    const send = async (count: number, from: number): Promise<void> => {
      for (let n = from; n < from + count; n++) {
        const wait = began + 1_000 * n / DEVICES - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const payload = {
          ts: Date.now(),
          seq: Math.floor(n / DEVICES),
          temperature: 21,
          humidity: 48,
          battery: 90,
        };
        await publisher.publish(`site/north/sensor-${n % DEVICES}/telemetry`, JSON.stringify(payload));
      }
    };
    await send(DEVICES * SETTLE, 0);
    const [before, at] = [await processCost(pid), performance.now()];
    await send(DEVICES * Math.floor(seconds), DEVICES * SETTLE);
    const { cpu } = costSince(before, await processCost(pid));
    return 100_000 * cpu / (performance.now() - at);
  } finally {
    await publisher.close();
  }
}
