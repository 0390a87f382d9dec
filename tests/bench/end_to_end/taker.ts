/**
 * One run: a broker, a database, a publisher, and whatever takes the messages in; each a process of its own and new.
 * What differs between the runs that are compared is the taker alone.
 * @module
 */
import { FastPublisher, type PublisherReport } from "../../support/fast_publisher.ts";
import { moment } from "../../support/child_process.ts";
import { type Mosquitto, startMosquitto } from "../../support/mosquitto.ts";
import { costSince, type ProcessCost, processCost } from "../kit/process_cost.ts";
import { MeteredDatabase } from "./metered_database.ts";

/**
 * Un-acknowledged messages in flight that every taker allows: the gateway's default. mosquitto 2.0.11 sends more all
 * the same.
 */
export const RECEIVE_MAXIMUM = 500;

/** The topics of the site. */
export const TOPICS = "site/+/+/telemetry";

/** How long a run waits for a taker, and how often it looks, ms: an end that is polled is seen so much too late. */
export const PATIENCE = { timeout: 180_000, every: 25 };

const CONNECTIONS = 4;
const WINDOW = 1_000;

/** As deploy/mosquitto/mosquitto.conf, but without persistence, which would measure the broker's disk. */
const BROKER = ["max_queued_messages 1000000", "max_queued_bytes 0", "max_inflight_messages 0"];

/**
 * How messages come: `live` while they are published, so that publisher and broker take their part of the machine,
 * or `queued`: all are in the broker before the first is taken, and what takes them is the limit.
 */
export type Traffic = "live" | "queued";

/** Where a taker finds what it needs. */
export interface Place {
  readonly broker: Mosquitto;
  readonly database: MeteredDatabase;
  /** How many it has to take. */
  readonly messages: number;
  /** Devices that share them; default: as many as the site has. */
  readonly devices?: number | undefined;
}

/** Something that takes messages in and is subscribed. */
export interface Taker extends AsyncDisposable {
  readonly pid: number;
  /** The moment at which it had taken the last message in, by its own count. */
  taken(): Promise<number>;
  /** Resolves when all that it writes to the database is there. @throws where less is there than it took */
  settled(): Promise<void>;
}

/** One run. */
export interface Run {
  readonly messages: number;
  /** From the start of publisher or taker to the last message taken in, messages a second. */
  readonly rate: number;
  /** What the publisher reached, messages a second. */
  readonly published: number;
  /** From the moment at which it was ready until everything was in the database. */
  readonly cost: ProcessCost;
  /** Bytes that it sent to the database. */
  readonly sent: number;
}

/**
 * Runs a taker once.
 *
 * @param start starts it and waits until it is subscribed
 * @param facts what else is to be known of it before it ends
 * @param devices how many share the messages; default: as many as the site has
 * @returns `undefined` where mosquitto is not installed (the reason is printed)
 */
export async function run<Some extends Taker, Facts>(
  messages: number,
  traffic: Traffic,
  start: (place: Place) => Promise<Some>,
  facts: (taker: Some, place: Place) => Promise<Facts>,
  devices?: number,
): Promise<Run & Facts | undefined> {
  const broker = await startMosquitto({ lines: BROKER });
  if (broker === undefined) return undefined;
  try {
    await using database = await MeteredDatabase.open();
    const place = { broker, database, messages, devices };
    await using taker = await start(place);
    const before = await processCost(taker.pid);
    const { firstAt, lastAt, report } = await published(place, traffic, taker);
    await taker.settled();
    return {
      messages,
      rate: 1_000 * messages / (lastAt - firstAt),
      published: 1_000 * messages / (report.lastAt - report.firstAt),
      cost: costSince(before, await processCost(taker.pid)),
      sent: database.sent,
      ...await facts(taker, place),
    };
  } finally {
    await broker.remove();
  }
}

interface Published {
  readonly report: PublisherReport;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Publishes everything, before or while the taker takes it. */
async function published(
  { broker, messages, devices }: Place,
  traffic: Traffic,
  taker: Taker,
): Promise<Published> {
  const task = {
    ...{ port: broker.port, messages, connections: CONNECTIONS, window: WINDOW },
    ...devices === undefined ? {} : { devices },
  };
  const publisher = await FastPublisher.ready(task);
  try {
    if (traffic === "live") {
      const [report, lastAt] = await Promise.all([publisher.publish(), taker.taken()]);
      return { report, firstAt: report.firstAt, lastAt };
    }
    Deno.kill(taker.pid, "SIGSTOP");
    const report = await publisher.publish();
    const firstAt = moment();
    Deno.kill(taker.pid, "SIGCONT");
    return { report, firstAt, lastAt: await taker.taken() };
  } finally {
    await publisher.end();
  }
}
