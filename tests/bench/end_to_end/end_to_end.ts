/**
 * End to end: the same broker settings, the same publisher, the same messages; once a bare MQTT.js subscriber that
 * acknowledges by itself, once the gateway, which acknowledges after its fdatasync, takes everything through the
 * windows and delivers to a database. Each run has a broker and processes of its own.
 * @module
 */
import { ChildProcess, moment } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { FastPublisher, type PublisherReport } from "../../support/fast_publisher.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import { type Mosquitto, startMosquitto } from "../../support/mosquitto.ts";
import { until } from "../../support/until.ts";
import { openDatabase } from "../kit/database.ts";
import { costSince, type ProcessCost, processCost } from "../kit/process_cost.ts";

/**
 * Un-acknowledged messages in flight, of subscriber and gateway alike: the gateway's default. mosquitto 2.0.11 sends
 * more all the same.
 */
const RECEIVE_MAXIMUM = 500;
const CONNECTIONS = 4;
const WINDOW = 1_000;
/** Between two looks at the gateway's ledger, ms: its end is seen up to so much too late. */
const LOOK = 25;
/** As deploy/mosquitto/mosquitto.conf, but without persistence, which would measure the broker's disk. */
const BROKER = ["max_queued_messages 1000000", "max_queued_bytes 0", "max_inflight_messages 0"];
const PATIENCE = { timeout: 120_000, every: LOOK };

/**
 * How messages come: `live` while they are published, so that publisher and broker take their part of the machine,
 * or `queued`: all are in the broker before the first is taken, and what takes them is the limit.
 */
export type Traffic = "live" | "queued";

/** One run. */
export interface Run {
  /** From the start of publisher or taker to the last message taken in, messages a second. */
  readonly rate: number;
  /** What the publisher reached, messages a second. */
  readonly published: number;
  /** From the moment at which it was ready. */
  readonly cost: ProcessCost;
}

/** A run of the gateway. */
export interface GatewayRun extends Run {
  /** Groups of messages that were fdatasync'd. */
  readonly groups: number;
  /** Points that left the windows, and which of them the database had when the last message was taken in. */
  readonly produced: number;
  readonly delivered: number;
  readonly database: string;
}

/** The baseline; `undefined` where mosquitto is not installed. */
export async function bareSubscriber(messages: number, traffic: Traffic): Promise<Run | undefined> {
  const broker = await startMosquitto({ lines: BROKER });
  if (broker === undefined) return undefined;
  const script = new URL("./subscriber_process.ts", import.meta.url);
  const task = { url: broker.url(), messages, receiveMaximum: RECEIVE_MAXIMUM };
  const subscriber = new ChildProcess(script, task);
  try {
    await subscriber.line();
    const before = await processCost(subscriber.pid);
    const { firstAt, report, lastAt, cost } = await published(
      broker,
      messages,
      traffic,
      subscriber.pid,
      async () => {
        const lastAt = Number(await subscriber.line());
        return { lastAt, cost: costSince(before, await processCost(subscriber.pid)) };
      },
    );
    return { ...rates(messages, report, firstAt, lastAt), cost };
  } finally {
    await subscriber.end();
    await broker.remove();
  }
}

/** The gateway; `undefined` where mosquitto is not installed. */
export async function gateway(messages: number, traffic: Traffic): Promise<GatewayRun | undefined> {
  const broker = await startMosquitto({ lines: BROKER });
  if (broker === undefined) return undefined;
  await using database = await openDatabase();
  const config = siteConfig(broker.url(), RECEIVE_MAXIMUM, database.section);
  await using gateway = await GatewayProcess.start({ config, profiles: PROFILES });
  try {
    const pid = gateway.pid ?? 0;
    const before = await processCost(pid);
    const { firstAt, report, lastAt, cost, points } = await published(
      broker,
      messages,
      traffic,
      pid,
      async () => {
        const ledger = await until(`the gateway has processed ${messages} messages`, async () => {
          const ledger = await gateway.ledger();
          const { duplicate, filtered, sampled, quarantined } = ledger.messages;
          if (
            duplicate + filtered + sampled + quarantined + ledger.readings.rejected + ledger.readings.late > 0
          ) {
            throw new Error(`Not every message was processed: ${JSON.stringify(ledger)}`);
          }
          return ledger.messages.processed === messages ? ledger : undefined;
        }, PATIENCE);
        const lastAt = moment();
        return { lastAt, cost: costSince(before, await processCost(pid)), points: ledger.points };
      },
    );
    const groups = await metric(gateway, "sluice_durable_seconds_count");
    const { produced, delivered } = points;
    return {
      ...rates(messages, report, firstAt, lastAt),
      cost,
      groups,
      produced,
      delivered,
      database: database.name,
    };
  } finally {
    await broker.remove();
  }
}

/** Publishes everything, before or while `taken` waits for it to arrive at the process `pid`. */
async function published<Taken>(
  broker: Mosquitto,
  messages: number,
  traffic: Traffic,
  pid: number,
  taken: () => Promise<Taken>,
): Promise<Taken & { readonly report: PublisherReport; readonly firstAt: number }> {
  const task = { port: broker.port, messages, connections: CONNECTIONS, window: WINDOW };
  const publisher = await FastPublisher.ready(task);
  try {
    if (traffic === "live") {
      const [report, result] = await Promise.all([publisher.publish(), taken()]);
      return { ...result, report, firstAt: report.firstAt };
    }
    Deno.kill(pid, "SIGSTOP");
    const report = await publisher.publish();
    const firstAt = moment();
    Deno.kill(pid, "SIGCONT");
    return { ...await taken(), report, firstAt };
  } finally {
    await publisher.end();
  }
}

function rates(
  messages: number,
  report: PublisherReport,
  firstAt: number,
  lastAt: number,
): Pick<Run, "rate" | "published"> {
  return {
    rate: 1_000 * messages / (lastAt - firstAt),
    published: 1_000 * messages / (report.lastAt - report.firstAt),
  };
}

async function metric(gateway: GatewayProcess, name: string): Promise<number> {
  const { text } = await gateway.get("/metrics");
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`/metrics does not show ${name}`);
  return Number(line.slice(name.length + 1));
}
