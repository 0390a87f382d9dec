import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { ROOT } from "../support/gateway_process.ts";
import type { Section } from "../support/gateway_process.ts";
import type { Influxd } from "../support/influxd.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";

/** A door: events as they come, a boolean that counts when it changes, and how long it stays open. */
const DOOR = `profile: door
measurement: doors
time: { field: ts, unit: ms }
downsample: none
max_age: 1d
fields:
  event: { type: string, enum: [granted, denied, forced], required: true }
  open: { type: boolean, downsample: { on: change, heartbeat: never } }
  held: { type: float, downsample: { every: 10s, aggregates: [p50, p99, count] } }
`;

async function profiles(sample = ""): Promise<Record<string, string>> {
  const log = await Deno.readTextFile(`${ROOT}devices/profiles/app-log.yaml`);
  return { "app-log": log.replace(/^examples:[^]*/m, "") + sample, door: DOOR };
}

function config(url: string, database: Influxd, clientId: string, into: string): Section {
  return siteConfig(url, influx1(database, { database: into }), {
    mqtt: { url, client_id: clientId },
    subscriptions: [
      { topic: "logs/{device}", profile: "app-log" },
      { topic: "doors/{device}", profile: "door" },
    ],
  });
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Every row of a measurement, tags and fields alike, without what is null. */
async function rowsOf(database: Influxd, measurement: string, into = "telemetry"): Promise<Row[]> {
  const found = await database.query(`SELECT * FROM "${measurement}"`, into);
  return found.flatMap(({ columns, values }) =>
    values.map((row) =>
      Object.fromEntries(row.flatMap((value, at) => value === null ? [] : [[columns[at] ?? "", value]]))
    )
  );
}

const SEVERITIES = ["debug", "info", "notice", "warning", "err", "crit"];
const TEXTS = [
  "plain",
  'said "no", twice',
  "C:\\Temp\\",
  "two\nlines",
  "a, b = c",
  "größer 😀",
  "",
  '{"json":true}',
];

Deno.test("log lines and events are in InfluxDB 1.x with their tags, texts, booleans and percentiles as they were sent", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: config(url, site.database, "sluice-test", "telemetry"),
    profiles: await profiles(),
  });
  const device = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => device.close() });
  const begin = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;

  const expected: Row[] = [];
  for (let n = 0; n < 240; n++) {
    // Twenty lines of each millisecond: none overwrites another.
    const ts = begin + Math.floor(n / 20);
    const severity = SEVERITIES[n % SEVERITIES.length] ?? "";
    const facility = n % 3 === 0 ? undefined : ["auth", "my app, v=2"][n % 2];
    const message = `${TEXTS[n % TEXTS.length]} ${n}`;
    const line = { ts, severity, facility, message, pid: n, security: n % 7 === 0 };
    await device.publish(`logs/web${n % 2}`, JSON.stringify(line));
    const { ts: _, ...said } = JSON.parse(JSON.stringify(line));
    expected.push({ device: `web${n % 2}`, ...said });
  }
  await device.publish("logs/web0", JSON.stringify({ ts: begin, severity: "ERROR", message: "refused" }));
  await device.publish(
    "logs/web0",
    JSON.stringify({ ts: begin, severity: "err", facility: "a\nb", message: "refused" }),
  );

  const held = Array.from({ length: 100 }, (_, n) => 1 + (n * 37 % 100) / 10);
  for (const [n, seconds] of held.entries()) {
    const event = n % 10 === 0 ? "denied" : "granted";
    await device.publish(
      "doors/north",
      JSON.stringify({ ts: begin + n * 50, event, open: n % 4 < 2, held: seconds }),
    );
  }
  await device.publish("doors/north", JSON.stringify({ ts: begin - 2 * 86_400_000, event: "forced" }));
  const sent = expected.length + held.length + 3;
  const ledger = await gateway.atRest(sent);
  assert(ledger.balanced, JSON.stringify(ledger));
  assertEquals(ledger.messages.received, sent);
  assertEquals([ledger.messages.quarantined, ledger.messages.sampled], [2, 0]);
  assertEquals([ledger.readings.rejected, ledger.readings.unchanged], [1, 50]);
  assertEquals(ledger.readings.decoded, expected.length * 3 + held.length * 3 + 1);
  assertEquals(ledger.points.delivered, ledger.points.produced);

  const lines = await rowsOf(site.database, "logs");
  const byPid = (a: Row, b: Row): number => Number(a.pid) - Number(b.pid);
  assertEquals(lines.map(({ time: _, ...row }) => row).sort(byPid), expected);
  for (const { time, pid } of lines) {
    const ms = Number(BigInt(String(time)) / 1_000_000n);
    assertEquals(ms, begin + Math.floor(Number(pid) / 20), "within the millisecond of the device");
  }

  const doors = await rowsOf(site.database, "doors");
  const events = doors.filter(({ event }) => event !== undefined);
  assertEquals(events.length, held.length);
  assertEquals(events.filter(({ event }) => event === "denied").length, 10);
  const opened = doors.filter(({ open }) => open !== undefined).map(({ open }) => open);
  assertEquals(opened, Array.from({ length: 50 }, (_, n) => n % 2 === 0));
  const [window] = doors.filter(({ held_count }) => held_count !== undefined);
  const sorted = held.toSorted((a, b) => a - b);
  assertEquals([window?.time, window?.held_count], [`${begin}000000`, 100]);
  assertAlmostEquals(Number(window?.held_p50), sorted[49] ?? NaN, (sorted[49] ?? NaN) * 0.01);
  assertAlmostEquals(Number(window?.held_p99), sorted[98] ?? NaN, (sorted[98] ?? NaN) * 0.01);

  const status = await gateway.get("/metrics");
  assert(/^sluice_messages_sampled_total 0$/m.test(status.text));
});

Deno.test("sampling keeps the same messages whenever they are published, and the books balance", async () => {
  await using site = await Site.open({ database: { databases: ["telemetry", "again"] } });
  if (site === undefined) return;
  const url = site.broker.url();
  const setup = {
    profiles: await profiles("sample: { keep: 1/10, except: { severity: [crit], security: [true] } }\n"),
  };
  const first = await site.gateway({
    ...setup,
    config: config(url, site.database, "sluice-first", "telemetry"),
  });
  const begin = Date.now() - 60_000;
  const lines = Array.from({ length: 900 }, (_, n) => {
    const severity = n % 100 === 0 ? "crit" : "info";
    return JSON.stringify({
      ts: begin + n,
      severity,
      facility: "app",
      message: `line ${n}`,
      pid: n,
      security: n % 90 === 1,
    });
  });
  const bad = JSON.stringify({ ts: begin, severity: "loud", message: "refused" });
  const publish = async (): Promise<void> => {
    const device = await connectPublisher(url);
    for (const [n, line] of lines.entries()) await device.publish(`logs/web${n % 3}`, line);
    await device.publish("logs/web0", bad);
    await device.close();
  };
  await publish();
  const once = await first.atRest(901);
  const { processed, sampled, quarantined, received } = once.messages;
  assert(once.balanced, JSON.stringify(once));
  assertEquals([received, processed + sampled, quarantined], [901, 900, 1]);
  assertGreater(sampled, 600);
  const kept = await rowsOf(site.database, "logs");
  assertEquals(kept.length, processed);
  const pids = kept.map(({ pid }) => Number(pid));
  assertEquals(
    lines.flatMap((_, n) => n % 100 === 0 || n % 90 === 1 ? [n] : []).filter((n) => !pids.includes(n)),
    [],
  );

  // Each device's own books say it too.
  let own = 0;
  for (const device of ["web0", "web1", "web2"]) {
    const ledger = await first.ledger(device);
    assert(ledger.balanced, JSON.stringify(ledger));
    own += ledger.messages.sampled;
  }
  assertEquals(own, sampled);
  assert(
    new RegExp(`^sluice_messages_sampled_total ${sampled}$`, "m").test((await first.get("/metrics")).text),
  );

  // Another gateway, another session, another publisher, later; and the first one, killed, takes them once more.
  await first.kill();
  await first.start();
  await first.ready();
  const second = await site.gateway({
    ...setup,
    config: config(url, site.database, "sluice-second", "again"),
  });
  await publish();
  const twice = await first.atRest(1_802);
  assert(twice.balanced, JSON.stringify(twice));
  assertEquals([twice.messages.processed, twice.messages.sampled], [2 * processed, 2 * sampled]);
  assertEquals(await rowsOf(site.database, "logs"), kept, "the same points, written over themselves");
  const other = await second.atRest(901);
  assertEquals([other.messages.processed, other.messages.sampled], [processed, sampled]);
  assertEquals(await rowsOf(site.database, "logs", "again"), kept);
});
