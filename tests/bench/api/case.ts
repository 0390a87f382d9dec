import { tell } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { FastPublisher } from "../../support/fast_publisher.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import { type Mosquitto, startMosquitto } from "../../support/mosquitto.ts";
import { until } from "../../support/until.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { openDatabase } from "../kit/database.ts";
import { type Row, row } from "../kit/table.ts";
import { wrk, wrkInstalled, type WrkReport } from "./wrk.ts";

const DEVICES = 1_000;
/** Messages a second that flow while the API is asked. */
const FLOW = 5_000;
/** How long each route is asked at full scale, s. */
const SECONDS = 5;
/** Messages of one run at full speed, at full scale. */
const AT_FULL_SPEED = 200_000;
/** A page that nobody counts: what an answer costs at the least is the baseline. */
const BASELINE = "/healthz";

/** Nobody is held back: the limit is there for strangers, and its own answers would be measured. */
const API = { rate: "1000000/s" };

/** The API under load, and the intake under the API's load. */
export const api: BenchCase = {
  name: "api",
  about: `the API asked by wrk with ${DEVICES} devices and ${FLOW} messages/s; the intake meanwhile`,
  async measure({ rounds, part }) {
    if (!await wrkInstalled()) {
      await tell("wrk is not installed: no figures of the API");
      return [];
    }
    const broker = await startMosquitto({ lines: ["max_queued_messages 1000000", "max_queued_bytes 0"] });
    if (broker === undefined) return [];
    const asked = new Map<string, WrkReport[]>();
    const [alone, together]: [number[], number[]] = [[], []];
    try {
      for (let round = 0; round < rounds; round++) {
        await askRoutes(broker, Math.max(1, Math.round(SECONDS * part)), asked);
        alone.push(await intake(broker, AT_FULL_SPEED * part, false));
        together.push(await intake(broker, AT_FULL_SPEED * part, true));
      }
    } finally {
      await broker.remove();
    }
    return [
      ...routeRows(asked),
      row("intake at full speed while the API is asked, msg/s", "nobody asks", alone, together),
    ];
  },
};

function routeRows(asked: ReadonlyMap<string, readonly WrkReport[]>): Row[] {
  const base = asked.get(BASELINE) ?? [];
  const rows: Row[] = [];
  for (const [name, reports] of asked) {
    if (name === BASELINE) continue;
    const refused = reports.reduce((sum, report) => sum + report.refused, 0);
    const extras = refused === 0 ? {} : { note: `${refused} answers were refusals` };
    rows.push(
      row(
        `${name}, answers/s while ${FLOW} msg/s flow`,
        `${BASELINE}, beside it`,
        base.map((report) => report.perSecond),
        reports.map((report) => report.perSecond),
        extras,
      ),
      row(
        `${name}, p99, ms`,
        `${BASELINE}, beside it`,
        base.map((report) => report.p99),
        reports.map((report) => report.p99),
      ),
    );
  }
  return rows;
}

async function askRoutes(
  broker: Mosquitto,
  seconds: number,
  asked: Map<string, WrkReport[]>,
): Promise<void> {
  await using database = await openDatabase();
  await using gateway = await start(broker, database.section);
  // All devices are known, and the history holds an hour of each, before anything is timed.
  await publish(broker, DEVICES * 360);
  await processed(gateway, DEVICES * 360);
  const { body } = await gateway.get("/api/v1/series?limit=1");
  const series = encodeURIComponent(body.items[0].id);
  const routes = [
    BASELINE,
    "/api/v1/status",
    "/api/v1/devices?limit=100",
    `/api/v1/series/${series}/history?points=500`,
  ];
  const flowing = publish(broker, FLOW * (seconds * routes.length + 3), FLOW);
  for (const route of routes) {
    const name = route.replace(series, "{id}");
    const report = await wrk(`http://127.0.0.1:${gateway.port}${route}`, seconds);
    asked.set(name, [...asked.get(name) ?? [], report]);
  }
  await flowing;
}

/** Messages a second from the first to the last that was processed. */
async function intake(broker: Mosquitto, messages: number, withApi: boolean): Promise<number> {
  await using database = await openDatabase();
  await using gateway = await start(broker, database.section);
  const base = `http://127.0.0.1:${gateway.port}`;
  const publisher = await publisherOf(broker, messages);
  try {
    // Longer than the intake takes; what is left of it at the end harms nobody.
    const asking = withApi ? wrk(`${base}/api/v1/status`, Math.ceil(messages / 25_000)) : undefined;
    const began = performance.now();
    await publisher.publish();
    await processed(gateway, messages);
    const rate = 1_000 * messages / (performance.now() - began);
    await asking;
    return rate;
  } finally {
    await publisher.end();
  }
}

async function start(
  broker: Mosquitto,
  influxdb: Readonly<Record<string, unknown>>,
): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.create({
    config: { ...siteConfig(broker.url(), 500, influxdb), api: API },
    profiles: PROFILES,
  });
  await gateway.start();
  await gateway.ready();
  return gateway;
}

function publisherOf(broker: Mosquitto, messages: number, rate = Infinity): Promise<FastPublisher> {
  const task = { port: broker.port, messages, devices: DEVICES, connections: 4, window: 1_000 };
  return FastPublisher.ready(rate === Infinity ? task : { ...task, rate });
}

async function publish(broker: Mosquitto, messages: number, rate?: number): Promise<void> {
  const publisher = await publisherOf(broker, messages, rate);
  try {
    await publisher.publish();
  } finally {
    await publisher.end();
  }
}

async function processed(gateway: GatewayProcess, messages: number): Promise<void> {
  await until(`the gateway has processed ${messages} messages`, async () => {
    return (await gateway.ledger()).messages.processed === messages;
  }, { timeout: 120_000, every: 50, state: () => gateway.ledger() });
}
