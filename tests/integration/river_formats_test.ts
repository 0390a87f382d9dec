import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { FORMATS } from "../../src/cli/reference/words.ts";
import { EDGE_FIELDS, EdgeNode } from "../support/edge_node.ts";
import { FORMAT_FIELDS, FORMAT_WRITERS, type FormatReading } from "../support/format_messages.ts";
import type { GatewayProcess, Section } from "../support/gateway_process.ts";
import type { Influxd } from "../support/influxd.ts";
import { connectPublisher, type Publisher } from "../support/publisher.ts";
import { influx1, PACE, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";
import { startVictoria, type Victoria } from "../support/victoria.ts";

const PROFILES: Readonly<Record<string, string>> = {
  stamped: `profile: stamped\ntime: { field: ts, unit: ms }\n${FORMAT_FIELDS}`,
  timed: `profile: timed\n${FORMAT_FIELDS}  hall: { path: tags.hall, type: string }\n`,
  bare: `profile: bare\n${FORMAT_FIELDS}`,
  plant: `profile: plant\n${EDGE_FIELDS}`,
};

const SUBSCRIPTIONS: readonly Section[] = [
  ...FORMAT_WRITERS.map(({ name, timed, subscription }) => ({
    topic: `${name}/{device}`,
    profile: timed ? "timed" : "stamped",
    ...subscription,
  })),
  { topic: "value/{device}/{field}", profile: "bare", format: "value" },
  { topic: "value_gzip/{device}/{field}", profile: "bare", format: "value", compression: "gzip" },
  // A node's own messages have one level less than those of its devices.
  ...["works", "packed"].flatMap((group) =>
    ["+/{device}", "+/{node}/{device}"].map((levels) => ({
      topic: `spBv1.0/${group}/${levels}`,
      profile: "plant",
      format: "sparkplug_b",
      compression: group === "packed" ? "gzip" : "none",
      tags: { group },
    }))
  ),
];

/**
 * Numbers of as many digits as a double has, each with what VictoriaMetrics keeps of it: some twelve significant
 * digits below a million and fifteen above, the last of them cut or rounded.
 */
const FRACTIONS: readonly (readonly [sent: number, held: number])[] = [
  [1 / 7, 0.142857142857],
  [5 / 7, 0.714285714286],
  [Math.PI, 3.141592653589],
  [22 / 7, 3.142857142857],
];
const LARGE: readonly (readonly [sent: number, held: number])[] = [
  [1e9 / 7, 142_857_142.857143],
  [123_456_789.12345679, 123_456_789.12345678],
];
const HELD: ReadonlyMap<number, number> = new Map([...FRACTIONS, ...LARGE]);

const EACH = 25;

function readings(begin: number): FormatReading[] {
  const labels = ["plain #", 'größer, "quoted" = #', "C:\\temp\\#", "00#"];
  return Array.from({ length: EACH }, (_, n) => ({
    ms: begin + 1_000 * n + n,
    values: {
      temperature: (n * 1_375 - 10_000) / 1_000,
      fraction: FRACTIONS[n % FRACTIONS.length]?.[0] ?? NaN,
      large: LARGE[n % LARGE.length]?.[0] ?? NaN,
      count: n * n,
      on: n % 3 === 0,
      label: labels[n % labels.length]?.replace("#", String(n)) ?? "",
    },
  }));
}

type Value = number | boolean | string;

/** Publishes everything; returns how many messages that are. */
async function publish(publisher: Publisher, sent: readonly FormatReading[]): Promise<number> {
  let messages = 0;
  for (const { name, write } of FORMAT_WRITERS) {
    for (const reading of sent) {
      await publisher.publish(`${name}/${name}`, write(reading));
      messages++;
    }
  }
  // A bare value has no time. Each reading comes from a device of its own, so that no two share one.
  for (const [n, { values }] of sent.entries()) {
    for (const [field, value] of Object.entries(values)) {
      await publisher.publish(`value/value-${n}/${field}`, String(value));
      await publisher.publish(`value_gzip/value_gzip-${n}/${field}`, gzipSync(String(value)));
      messages += 2;
    }
  }
  for (
    const node of [
      new EdgeNode(publisher, "works"),
      new EdgeNode(publisher, "packed", (payload) => gzipSync(payload)),
    ]
  ) {
    const [first, ...rest] = sent;
    assert(first !== undefined);
    await node.born(first);
    for (const reading of rest) await node.report(reading);
    messages += 2 + rest.length;
  }
  return messages;
}

/** Where the readings of one format are: a measurement, and the tags of its points. */
interface Place {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Text fields beside those of every format. */
  readonly texts?: Readonly<Record<string, string>>;
}

const PLACES: readonly Place[] = [
  ...FORMAT_WRITERS.map(({ name, timed, subscription: { format } }): Place => ({
    measurement: timed ? "timed" : "stamped",
    tags: { device: name },
    ...(format === "line_protocol" ? { texts: { hall: "a b" } } : {}),
  })),
  ...["works", "packed"].map((group) => ({
    measurement: "plant",
    tags: { device: "oven", group, node: "line" },
  })),
];

/** A row of InfluxDB: ms and fields. */
type Row = readonly [ms: number, fields: Readonly<Record<string, Value>>];

/** A sample of VictoriaMetrics: ms and number. */
type Sample = readonly [ms: number, value: number];

/** Every row of one place in InfluxDB, in the order of time. */
async function rowsOf(database: Influxd, { measurement, tags }: Place): Promise<Row[]> {
  const where = Object.entries(tags).map(([name, value]) => `"${name}" = '${value}'`).join(" AND ");
  const found = await database.query(`SELECT * FROM "${measurement}" WHERE ${where} GROUP BY *`);
  return found.flatMap(({ columns, values }) =>
    values.map(([time, ...row]): Row => [
      Number(BigInt(String(time)) / 1_000_000n),
      Object.fromEntries(row.flatMap((value, at) => value === null ? [] : [[columns[at + 1] ?? "", value]])),
    ])
  );
}

/**
 * Every series of one place in VictoriaMetrics by its field, in the order of time.
 *
 * @param fields how many there must be at least
 */
async function samplesOf(
  database: Victoria,
  { measurement, tags }: Place,
  fields: number,
): Promise<Record<string, Sample[]>> {
  const labels = Object.entries(tags).map(([name, value]) => `${name}="${value}"`).join(",");
  const selector = `{__name__=~"${measurement}_.*",${labels}}`;
  // New series are found a moment after they were taken in, one after the other, on a busy machine a moment longer.
  const series = await until(`VictoriaMetrics finds ${fields} series of ${selector}`, async () => {
    const found = await database.export(selector);
    return found.length >= fields ? found : undefined;
  }, { timeout: 30_000, every: 200 });
  return Object.fromEntries(series.map(({ metric, values, timestamps }) => [
    metric.__name__?.slice(measurement.length + 1) ?? "",
    timestamps.map((ms, n): Sample => [ms, values[n] ?? NaN]).sort(([a], [b]) => a - b),
  ]));
}

/**
 * What VictoriaMetrics holds of a value. It knows numbers alone: true is 1 and false is 0; a text is lost, the number
 * that it reads like stands in its place, else 0.
 */
function asSample(value: Value): number {
  if (typeof value === "string") return /^\d+$/.test(value) ? Number(value) : 0;
  return typeof value === "boolean" ? Number(value) : HELD.get(value) ?? value;
}

/** What VictoriaMetrics holds of rows, by field. */
function asSamples(rows: readonly Row[]): Record<string, Sample[]> {
  const samples: Record<string, Sample[]> = {};
  for (const [ms, fields] of rows) {
    for (const [field, value] of Object.entries(fields)) (samples[field] ??= []).push([ms, asSample(value)]);
  }
  return samples;
}

Deno.test("readings of every format are in InfluxDB 1.x as they were sent, and in VictoriaMetrics as it keeps them", async () => {
  await using site = await Site.open();
  const victoria = site === undefined ? undefined : await startVictoria();
  if (site === undefined || victoria === undefined) return;
  site.use({ [Symbol.asyncDispose]: () => victoria.remove() });
  const formats = new Set(SUBSCRIPTIONS.map(({ format }) => format));
  assertEquals([...formats].sort(), Object.keys(FORMATS).sort(), "no format is left out");
  const url = site.broker.url();
  const start = (id: string, influxdb: Section): Promise<GatewayProcess> => {
    const config = siteConfig(url, influxdb, { mqtt: { url, client_id: id }, subscriptions: SUBSCRIPTIONS });
    return site.gateway({ config, profiles: PROFILES });
  };
  const v2 = { url: victoria.url, version: 2, org: "plant", bucket: "telemetry", token: "any", ...PACE };
  const gateways = [
    await start("sluice-influx", influx1(site.database)),
    await start("sluice-victoria", v2),
  ];
  const publisher = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => publisher.close() });
  const sent = readings(Date.now() - 120_000);
  const messages = await publish(publisher, sent);
  for (const gateway of gateways) {
    const ledger = await gateway.atRest(messages);
    assert(ledger.balanced);
    const { quarantined, filtered } = ledger.messages;
    assertEquals([quarantined, filtered, ledger.readings.rejected], [0, 0, 0]);
  }

  for (const place of PLACES) {
    const name = Object.values(place.tags).join("/");
    const rows = sent.map(({ ms, values }): Row => [ms, { ...values, ...place.texts }]);
    assertEquals(await rowsOf(site.database, place), rows, `${name} in InfluxDB`);
    const samples = asSamples(rows);
    assertEquals(
      await samplesOf(victoria, place, Object.keys(samples).length),
      samples,
      `${name} in VictoriaMetrics`,
    );
  }
  for (const format of ["value", "value_gzip"]) {
    for (const [n, { values }] of sent.entries()) {
      const place = { measurement: "bare", tags: { device: `${format}-${n}` } };
      const rows = await rowsOf(site.database, place);
      assertEquals(
        Object.assign({}, ...rows.map(([, fields]) => fields)),
        values,
        `${format} ${n} in InfluxDB`,
      );
      // Each gateway has received them at times of its own.
      const found = await samplesOf(victoria, place, Object.keys(values).length);
      const held = Object.entries(found).map((
        [field, samples],
      ) => [field, samples.map(([, value]) => value)]);
      const expected = Object.entries(values).map(([field, value]) => [field, [asSample(value)]]);
      assertEquals(held.sort(), expected.sort(), `${format} ${n} in VictoriaMetrics`);
    }
  }
});
