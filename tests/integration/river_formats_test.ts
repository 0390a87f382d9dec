import { assert, assertEquals } from "@std/assert";
import { encode as cbor } from "cborg";
import { encode as msgpack } from "@msgpack/msgpack";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import sparkplug from "sparkplug-payload";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import type { Influxd } from "../support/influxd.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher, type Publisher } from "../support/publisher.ts";
import { influx1, PACE, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";
import { startVictoria, type Victoria } from "../support/victoria.ts";

const FIELDS = `
downsample: none
fields:
  temperature: { type: float }
  count: { type: int, range: [0, 1000000] }
  on: { type: boolean }
  label: { type: string }
`;

const PROFILES: Readonly<Record<string, string>> = {
  stamped: `profile: stamped\nmeasurement: stamped\ntime: { field: ts, unit: ms }${FIELDS}`,
  // The format itself carries the time.
  timed: `profile: timed\nmeasurement: timed${FIELDS}  hall: { path: tags.hall, type: string }\n`,
  plant: `profile: plant
measurement: plant
downsample: none
fields:
  temperature: { path: Oven/Temperature, type: float }
  count: { path: Oven/Count, type: int }
  on: { path: Oven/On, type: boolean }
  label: { path: Oven/Label, type: string }
`,
};

const SUBSCRIPTIONS = [
  { topic: "json/{device}", profile: "stamped" },
  { topic: "gzip/{device}", profile: "stamped", compression: "gzip" },
  { topic: "cbor/{device}", profile: "stamped", format: "cbor" },
  { topic: "msgpack/{device}", profile: "stamped", format: "msgpack" },
  { topic: "senml/{device}", profile: "timed", format: "senml" },
  { topic: "senml_cbor/{device}", profile: "timed", format: "senml", compression: "gzip" },
  { topic: "lines/{device}", profile: "timed", format: "line_protocol" },
  { topic: "spBv1.0/{group}/+/{device}", profile: "plant", format: "sparkplug_b" },
  { topic: "spBv1.0/{group}/+/{node}/{device}", profile: "plant", format: "sparkplug_b" },
];

/** One reading of all fields. */
interface Reading {
  readonly ms: number;
  readonly temperature: number;
  readonly count: number;
  readonly on: boolean;
  readonly label: string;
}

const EACH = 25;
const SEVENTH = 1 / 7;

function readings(begin: number): Reading[] {
  return Array.from({ length: EACH }, (_, n) => ({
    ms: begin + 1_000 * n + n,
    temperature: n * SEVENTH - 1,
    count: n * n,
    on: n % 3 === 0,
    label: [`plain ${n}`, `größer, "quoted" = ${n}`, `C:\\temp\\${n}`][n % 3] ?? "",
  }));
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** How each format writes a reading; the topic is the format's name. */
const WRITERS: Readonly<Record<string, (reading: Reading) => Uint8Array>> = {
  json: (one) => utf8(JSON.stringify(stamped(one))),
  gzip: (one) => gzipSync(JSON.stringify(stamped(one))),
  cbor: (one) => cbor(stamped(one)),
  msgpack: (one) => msgpack(stamped(one)),
  senml: (one) => utf8(JSON.stringify(senml(one))),
  senml_cbor: (one) => {
    const labels = new Map<string, number>(Object.entries({ bn: -2, bt: -3, n: 0, v: 2, vs: 3, vb: 4 }));
    return gzipSync(
      cbor(
        senml(one).map((record) =>
          new Map(Object.entries(record).map(([label, value]) => [labels.get(label) ?? label, value]))
        ),
      ),
    );
  },
  lines: ({ ms, temperature, count, on, label }) => {
    const text = label.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    return utf8(
      `room,hall=a\\ b temperature=${temperature},count=${count}i,on=${on},label="${text}" ${ms}000000`,
    );
  },
};

function stamped({ ms, ...values }: Reading): Record<string, unknown> {
  return { ts: ms, ...values };
}

function senml({ ms, temperature, count, on, label }: Reading): Record<string, unknown>[] {
  return [
    { bn: "urn:dev:ow:10e2073a0108006:", bt: ms / 1_000, n: "temperature", v: temperature },
    { n: "count", v: count },
    { n: "on", vb: on },
    { n: "label", vs: label },
  ];
}

const library = sparkplug.get("spBv1.0");
if (library === null) throw new Error("The package knows no Sparkplug B");
const { encodePayload, decodePayload } = library;

/** An edge node `line` of the group `works`, whose device `oven` reports; data by alias, without names. */
class EdgeNode {
  #seq = 0;

  constructor(readonly publisher: Publisher) {}

  async born(first: Reading): Promise<void> {
    this.#seq = 0;
    const session = { name: "bdSeq", type: "UInt64", value: 0 } as const;
    await this.#publish("NBIRTH", undefined, [session], first.ms);
    await this.#publish("DBIRTH", "oven", this.#metrics(first, true), first.ms);
  }

  async report(reading: Reading): Promise<void> {
    await this.#publish("DDATA", "oven", this.#metrics(reading, false), reading.ms);
  }

  /** A message that nobody gets. */
  lose(): void {
    this.#seq++;
  }

  #metrics({ ms, temperature, count, on, label }: Reading, named: boolean) {
    const all = [
      { name: "Oven/Temperature", type: "Double", value: temperature },
      { name: "Oven/Count", type: "Int32", value: count },
      { name: "Oven/On", type: "Boolean", value: on },
      { name: "Oven/Label", type: "String", value: label },
    ] as const;
    return all.map(({ name, ...one }, alias) => ({
      ...one,
      ...(named ? { name } : {}),
      alias,
      timestamp: ms,
    }));
  }

  async #publish(
    type: string,
    device: string | undefined,
    metrics: NonNullable<Parameters<typeof encodePayload>[0]["metrics"]>,
    timestamp: number,
  ): Promise<void> {
    const payload = encodePayload({ timestamp, seq: this.#seq++ % 256, metrics });
    const topic = `spBv1.0/works/${type}/line${device === undefined ? "" : `/${device}`}`;
    await this.publisher.publish(topic, payload);
  }
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Every row of a measurement of one device, without what is null. */
async function rowsOf(database: Influxd, measurement: string, device: string): Promise<Row[]> {
  const found = await database.query(
    `SELECT * FROM "${measurement}" WHERE device = '${device}' ORDER BY time`,
  );
  return found.flatMap(({ columns, values }) =>
    values.map((row) =>
      Object.fromEntries(row.flatMap((value, at) => value === null ? [] : [[columns[at] ?? "", value]]))
    )
  );
}

/** The same readings as VictoriaMetrics has them: series of numbers, booleans as 0 and 1. */
async function samplesOf(database: Victoria, measurement: string, device: string): Promise<unknown> {
  const series = await database.export(
    `{__name__=~"${measurement}_(temperature|count|on)",device="${device}"}`,
  );
  return Object.fromEntries(series.map(({ metric, values, timestamps }) => [
    metric.__name__,
    timestamps.map((time, n): [number, number] => [time, rounded(values[n] ?? NaN)]).sort((a, b) =>
      a[0] - b[0]
    ),
  ]));
}

/** VictoriaMetrics keeps about twelve digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(10));
}

function expectedSamples(measurement: string, sent: readonly Reading[]): unknown {
  const of = (field: "temperature" | "count" | "on"): [number, number][] =>
    sent.map((one) => [one.ms, rounded(Number(one[field]))]);
  return {
    [`${measurement}_count`]: of("count"),
    [`${measurement}_on`]: of("on"),
    [`${measurement}_temperature`]: of("temperature"),
  };
}

function config(url: string, clientId: string, influxdb: Section): Section {
  return siteConfig(url, influxdb, { mqtt: { url, client_id: clientId }, subscriptions: SUBSCRIPTIONS });
}

Deno.test("readings of every format are in InfluxDB 1.x and in VictoriaMetrics with the values that were published", async () => {
  await using site = await Site.open();
  const victoria = site === undefined ? undefined : await startVictoria();
  if (site === undefined || victoria === undefined) return;
  site.use({ [Symbol.asyncDispose]: () => victoria.remove() });
  const url = site.broker.url();
  const v2 = { url: victoria.url, version: 2, org: "plant", bucket: "telemetry", token: "any", ...PACE };
  const gateways = [
    await site.gateway({ config: config(url, "sluice-influx", influx1(site.database)), profiles: PROFILES }),
    await site.gateway({ config: config(url, "sluice-victoria", v2), profiles: PROFILES }),
  ];
  const publisher = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => publisher.close() });

  const sent = readings(Date.now() - 120_000);
  let messages = 0;
  for (const [format, write] of Object.entries(WRITERS)) {
    for (const reading of sent) {
      await publisher.publish(`${format}/${format}1`, write(reading));
      messages++;
    }
  }
  const node = new EdgeNode(publisher);
  const [first, ...rest] = sent;
  assert(first !== undefined);
  await node.born(first);
  for (const reading of rest) await node.report(reading);
  messages += 2 + rest.length;

  for (const gateway of gateways) {
    const ledger = await gateway.atRest(messages);
    assert(ledger.balanced);
    assertEquals([ledger.messages.quarantined, ledger.messages.filtered, ledger.readings.rejected], [
      0,
      0,
      0,
    ]);
  }
  const tagsOf: Readonly<Record<string, Row>> = { lines: { hall: "a b" } };
  for (const format of Object.keys(WRITERS)) {
    const measurement = Object.hasOwn({ json: 1, gzip: 1, cbor: 1, msgpack: 1 }, format)
      ? "stamped"
      : "timed";
    const device = `${format}1`;
    const expected = sent.map(({ ms, ...values }) => ({
      ...{ time: ms * 1e6, device },
      ...values,
      ...tagsOf[format],
    }));
    assertEquals(withTimes(await rowsOf(site.database, measurement, device)), withTimes(expected), format);
    assertEquals(await samplesOf(victoria, measurement, device), expectedSamples(measurement, sent), format);
  }
  const tags = { device: "oven", group: "works", node: "line" };
  const expected = sent.map(({ ms, ...values }) => ({ time: ms * 1e6, ...tags, ...values }));
  assertEquals(withTimes(await rowsOf(site.database, "plant", "oven")), withTimes(expected));
  assertEquals(await samplesOf(victoria, "plant", "oven"), expectedSamples("plant", sent));
});

/** Times as ms: a nanosecond does not survive a number. */
function withTimes(rows: readonly Row[]): Row[] {
  return rows.map(({ time, ...row }) => ({ ms: Math.round(Number(time) / 1e6), ...row }));
}

/** Loses a message, waits until the gateway asks for the births, answers, and goes on. */
async function rebirth(gateway: GatewayProcess, publisher: Publisher): Promise<void> {
  const asked: boolean[] = [];
  publisher.client.on("message", (_topic, payload) => {
    const [metric] = decodePayload(Buffer.from(payload)).metrics ?? [];
    asked.push(metric?.name === "Node Control/Rebirth" && metric.value === true);
  });
  await publisher.client.subscribeAsync("spBv1.0/works/NCMD/line");
  const node = new EdgeNode(publisher);
  const [first, second, third] = readings(Date.now() - 60_000);
  assert(first !== undefined && second !== undefined && third !== undefined);
  await node.born(first);
  node.lose();
  await node.report(second);
  await until("the node is asked for its births", () => asked.length > 0, { timeout: 20_000, every: 20 });
  assertEquals(asked, [true]);
  await node.born(second);
  await node.report(third);
  let seen: LedgerAnswer | undefined;
  // The gateway's own request is filtered, where it comes back at all.
  const ledger = await until("six messages are taken in", async () => {
    seen = await gateway.ledger();
    return seen.messages.processed + seen.messages.quarantined >= 6 ? seen : undefined;
  }, { timeout: 20_000, every: 20, state: () => seen });
  assertEquals([ledger.messages.quarantined, ledger.messages.processed, ledger.readings.decoded], [1, 5, 12]);
  const { body } = await gateway.get("/api/v1/quarantine");
  assertEquals(body.items[0]?.reason, "sequence_gap");
}

Deno.test("a gap in the numbers of an edge node asks it for its births, through mosquitto", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: config(url, "sluice-test", influx1(site.database)),
    profiles: PROFILES,
  });
  const publisher = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => publisher.close() });
  await rebirth(gateway, publisher);
  await gateway.atRest(6);
  const rows = await rowsOf(site.database, "plant", "oven");
  assertEquals(rows.map(({ count }) => count), [0, 1, 4]);
});

Deno.test("a gap in the numbers of an edge node asks it for its births, through the broker in the process", async () => {
  const port = freePort();
  const mqtt = { url: `embedded://127.0.0.1:${port}` };
  await using gateway = await GatewayProcess.start({
    config: siteConfig("", undefined, { mqtt, subscriptions: SUBSCRIPTIONS }),
    profiles: PROFILES,
  });
  const publisher = await connectPublisher(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  try {
    await rebirth(gateway, publisher);
  } finally {
    await publisher.close();
  }
});
