import { parse, stringify } from "yaml";
import type { Influxd } from "./influxd.ts";
import type { Section } from "./gateway_process.ts";
import type { MosquittoOptions } from "./mosquitto.ts";
import { type Expectation, type PointTable, readBack } from "./oracle.ts";
import { differences, differenceText } from "../../devices/simulator/mod.ts";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { ROOT } from "./gateway_process.ts";

/** Tag of every point, by which `readBack` finds them. */
export const RUN = "test";

/** A broker that keeps what the gateway has not taken, as deploy/mosquitto recommends. */
export const KEEPING: MosquittoOptions = {
  lines: ["max_queued_messages 1000000", "max_queued_bytes 0"],
};

/** The profiles of the simulator's devices, with fields beside them that pass as they come. */
export async function siteProfiles(): Promise<Record<string, string>> {
  const climate = parse(await Deno.readTextFile(`${ROOT}devices/profiles/thermo-hygrometer.yaml`));
  climate.fields.raw_temperature = { path: "temperature", type: "int", scale: 100, downsample: "none" };
  const power = parse(await Deno.readTextFile(`${ROOT}devices/profiles/power-meter.yaml`));
  power.fields.raw_power = { path: "power", type: "float", downsample: "none" };
  delete climate.examples;
  delete power.examples;
  return { "thermo-hygrometer": stringify(climate), "power-meter": stringify(power) };
}

/** What a site's configuration says, with windows that are written soon; `more` replaces whole sections. */
export function siteConfig(mqttUrl: string, influxdb: Section | undefined, more: Section = {}): Section {
  return {
    mqtt: { url: mqttUrl, client_id: "sluice-test" },
    subscriptions: [
      {
        topic: "site/{site}/climate/{device}",
        profile: "thermo-hygrometer",
        format: "json",
        tags: { run: RUN },
      },
      { topic: "site/{site}/power/{device}", profile: "power-meter", format: "json", tags: { run: RUN } },
    ],
    downsample: { every: "10s", lateness: "2s", idle_after: "2s", hold: "30s" },
    buffer: { max_bytes: "256MiB" },
    ...(influxdb === undefined ? {} : { influxdb }),
    ...more,
  };
}

/** The section for an InfluxDB 1.x. */
export function influx1(database: Influxd, more: Section = {}): Section {
  return { url: database.url, version: 1, database: "telemetry", ...PACE, ...more };
}

/** Small blocks and short waits: a test does not spare its database. */
export const PACE: Section = {
  batch: { max_points: 2_000, max_wait: "200ms" },
  retry: { initial: "100ms", max: "500ms" },
};

/** Everything of the run that an InfluxDB 1.x holds. */
export async function contentOf(database: Influxd, measurements = ["climate", "power"]): Promise<PointTable> {
  const target = {
    version: 1,
    url: database.url,
    database: "telemetry",
    username: null,
    password: null,
  } as const;
  const content = await readBack(target, measurements, RUN);
  if (content.kind !== "points") throw new Error(`The database cannot be read: ${content.why}`);
  return content.points;
}

/** What is wrong with the database's content, in sentences; at most ten. */
export function wrongIn(expected: PointTable, actual: PointTable): string[] {
  const texts: string[] = [];
  for (const difference of differences(expected, actual)) {
    if (texts.push(differenceText(difference)) === 10) break;
  }
  return texts;
}

/** What the counts of a ledger at rest must be, by what was published. */
export function expectedCounts(expected: Expectation): Record<string, number> {
  return {
    "messages.once": expected.messages,
    "messages.processed": expected.messages - expected.filtered - expected.quarantined - expected.sampled,
    "messages.filtered": expected.filtered,
    "messages.sampled": expected.sampled,
    "messages.quarantined": expected.quarantined,
    "messages.waiting": 0,
    "messages.corrupt": 0,
    "readings.decoded": expected.readings,
    "readings.open": 0,
    "readings.waiting": 0,
    "readings.delivered": expected.readings - expected.rejected - expected.unchanged,
    "readings.unchanged": expected.unchanged,
    "readings.rejected": expected.rejected,
    "readings.late": 0,
    "readings.refused": 0,
    "readings.evicted": 0,
    "points.waiting": 0,
    "points.refused": 0,
    "points.evicted": 0,
  };
}

/** The same counts of a ledger. */
export function countsOf({ messages, readings, points }: LedgerAnswer): Record<string, number> {
  const { received, duplicate, ...m } = messages;
  const { produced: _, delivered: __, ...p } = points;
  const counts: Record<string, number> = { "messages.once": received - duplicate };
  for (const [name, count] of Object.entries(m)) counts[`messages.${name}`] = count;
  for (const [name, count] of Object.entries(readings)) counts[`readings.${name}`] = count;
  for (const [name, count] of Object.entries(p)) counts[`points.${name}`] = count;
  return counts;
}
