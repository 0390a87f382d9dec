import { ChildProcess, moment } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import { until } from "../../support/until.ts";
import type { SubscriberTask } from "../end_to_end/subscriber.ts";
import { openDatabase } from "../kit/database.ts";
import { alarmDevice, type BrokerReport, type BrokerTask, TimingBroker } from "./broker.ts";
import { fdatasync, type SyncTimes } from "./fdatasync.ts";

const RECEIVE_MAXIMUM = 500;

/** How often the API is asked for alerts, ms. */
const EVERY = 2;

/** Addresses that ask: enough for a question every 2 ms. */
const ADDRESSES = 32;

/** How long alerts are waited for when everything is acknowledged, ms; one that came and went unseen is endlessly late. */
const AFTERWARDS = 2_000;

/** Alerts in one answer, the newest first: more than come between two questions. */
const PAGE = 50;

/** What a run of the gateway tells besides. */
export interface GatewayLatency extends BrokerReport {
  /** From the moment at which an alarm was due until the API showed its alert, ms, shortest first. */
  readonly alerts: readonly number[];
  /** What the disk below the data folder takes by itself. */
  readonly disk: SyncTimes;
}

/** A bare subscriber, which acknowledges what it has in memory. */
export async function bareLatency(task: BrokerTask): Promise<BrokerReport> {
  await using broker = await TimingBroker.open(task);
  const subscriber: SubscriberTask = {
    url: broker.url,
    topics: "site/+/+/telemetry",
    messages: task.messages + 2 * task.alarms,
    receiveMaximum: RECEIVE_MAXIMUM,
  };
  const child = new ChildProcess(new URL("../end_to_end/subscriber_process.ts", import.meta.url), subscriber);
  try {
    await child.line();
    const report = await broker.send();
    // By its own count it has them all.
    await child.line();
    return report;
  } finally {
    await child.end();
  }
}

/** The gateway, which acknowledges what is on the disk, and delivers to a database meanwhile. */
export async function gatewayLatency(task: BrokerTask, part: number): Promise<GatewayLatency> {
  await using broker = await TimingBroker.open(task);
  await using database = await openDatabase();
  await using gateway = await GatewayProcess.start({
    config: {
      ...siteConfig(broker.url, RECEIVE_MAXIMUM, database.section),
      // This broker passes nothing on, so there is no probe that could come back.
      mqtt: { url: broker.url, client_id: "bench", receive_maximum: RECEIVE_MAXIMUM, probe: "0s" },
      alerts: [{ name: "too-hot", field: "temperature", above: 80 }],
    },
    profiles: PROFILES,
  });
  const disk = await fdatasync(gateway.folder, part);
  const sent = broker.send();
  const [report, seen] = await Promise.all([sent, alertsSeen(gateway, task.alarms, sent)]);
  await until("the gateway has processed everything", async () => {
    const { messages } = await gateway.ledger();
    return messages.processed === task.messages + 2 * task.alarms;
  }, { timeout: 60_000, every: 50, state: () => gateway.ledger() });
  const alerts = report.alarms.map((sent, number) => (seen.get(alarmDevice(number)) ?? Infinity) - sent);
  return { ...report, alerts: alerts.sort((a, b) => a - b), disk };
}

/**
 * When the API first showed the alert of each device. It answers an address 20 times a second, so the questions come
 * from several addresses of this machine in turn.
 */
async function alertsSeen(
  gateway: GatewayProcess,
  alarms: number,
  sent: Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  let end = Infinity;
  void sent.then(() => end = performance.now() + AFTERWARDS, () => end = 0);
  if (alarms === 0) return seen;
  const clients = Array.from(
    { length: ADDRESSES },
    (_, n) => Deno.createHttpClient({ localAddress: `127.0.0.${n + 2}` }),
  );
  try {
    let turn = 0;
    await until("the API shows every alert", async () => {
      const client = clients[turn++ % ADDRESSES];
      const how = client === undefined ? {} : { client };
      for (let cursor = "";;) {
        const path = `/api/v1/alerts?state=firing&limit=${PAGE}${cursor}`;
        const { status, text, body } = await gateway.get(path, how);
        const now = moment();
        if (status !== 200) throw new Error(`The alerts answer ${status}: ${text}`);
        let fresh = 0;
        for (const { device } of body.items) {
          if (seen.has(device)) continue;
          seen.set(device, now);
          fresh++;
        }
        // Where all of them are new, older ones may be new too.
        if (fresh < PAGE || body.next_cursor === null) return seen.size === alarms || performance.now() > end;
        cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
      }
    }, { timeout: 120_000, every: EVERY, state: () => seen.size });
  } finally {
    for (const client of clients) client.close();
  }
  return seen;
}
