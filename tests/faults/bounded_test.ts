/** Buffers that fill up: what goes, what stays, and that the disk is never fuller than was allowed. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import mqtt, { type MqttClient } from "mqtt";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { influx1 } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { type Row, scenario } from "./kit/mod.ts";

const CAP = 4 * 1024 * 1024;
/** A journal's segment is a sixteenth of the cap. */
const SEGMENT = CAP / 16;
const TEXT = 2_000;

const PROFILE = `profile: notes
measurement: notes
fields:
  text: { type: string, max_length: 4000, downsample: none }
`;

function config(url: string, site: Site, buffer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    mqtt: { url, client_id: "sluice-bounded" },
    subscriptions: [{ topic: "notes/{device}", profile: "notes" }],
    buffer: { max_bytes: `${CAP}B`, ...buffer },
    influxdb: influx1(site.database, { retry: { initial: "100ms", max: "300ms" } }),
  };
}

/** Text that gzip cannot make smaller than half. */
function text(n: number): string {
  let state = n + 1;
  return Array.from({ length: TEXT }, () => {
    state = (state * 48271) % 0x7fffffff;
    return "0123456789abcdef"[state % 16];
  }).join("");
}

/** A client that ends with the site, whatever the test does. */
async function connect(site: Site, url: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5 });
  site.use({ [Symbol.asyncDispose]: () => client.endAsync() });
  return client;
}

async function publish(client: MqttClient, from: number, to: number): Promise<void> {
  const sent: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) {
    sent.push(client.publishAsync(`notes/d${n % 5}`, JSON.stringify({ text: text(n) }), { qos: 1 }));
    if (sent.length === 200) await Promise.all(sent.splice(0));
  }
  await Promise.all(sent);
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) bytes += await bytesOf(path);
    else bytes += await Deno.stat(path).then((stat) => stat.size, () => 0);
  }
  return bytes;
}

/** Watches the data folder until it is told to end; gives the largest size seen. */
function watch(gateway: GatewayProcess): { end(): Promise<number> } {
  let watching = true;
  let largest = 0;
  const done = (async (): Promise<void> => {
    while (watching) {
      const now = await bytesOf(gateway.dataDir).catch(() => 0);
      largest = Math.max(largest, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async end(): Promise<number> {
      watching = false;
      await done;
      return largest;
    },
  };
}

/** Every message is a reading and a point of its own here, so the ledger says it all. */
function rowOf({ messages, points }: LedgerAnswer, published: number, since: number, note: string): Row {
  const once = messages.received - messages.duplicate;
  return {
    published,
    acknowledged: published,
    points: points.delivered,
    quarantined: messages.quarantined,
    lost: published - messages.quarantined - points.delivered - points.evicted,
    doubled: once - published,
    recovered: (performance.now() - since) / 1_000,
    note,
  };
}

scenario(
  "a full buffer with when_full: drop_oldest, and a kill",
  { shows: ["P2", "P4"], always: true },
  async () => {
    await using site = await Site.open();
    if (site === undefined) return;
    const url = site.broker.url();
    const gateway = await site.gateway({ config: config(url, site, {}), profiles: { notes: PROFILE } });
    await site.database.stop();
    const client = await connect(site, url);
    const watched = watch(gateway);
    const total = 8_000;
    await publish(client, 0, total);
    let ledger = await gateway.ledger();
    await until("everything is taken in and something was evicted", async () => {
      ledger = await gateway.ledger();
      return ledger.messages.processed === total && ledger.points.evicted > 0;
    }, { timeout: 60_000, every: 100, state: () => ledger });
    assert(ledger.balanced);
    const largest = await watched.end();
    assert(
      largest <= CAP + SEGMENT,
      `the data folder was ${largest} bytes, allowed are ${CAP} and a segment`,
    );

    // Killed, it must not count an eviction twice or bring evicted points back.
    const evicted = ledger.points.evicted;
    await gateway.kill();
    await gateway.start();
    await gateway.ready();
    await site.database.start();
    const since = performance.now();
    ledger = await gateway.atRest(total);
    assert(ledger.balanced);
    assertEquals(ledger.readings.delivered + ledger.readings.evicted, total);
    assert(ledger.points.evicted >= evicted);
    assertGreater(ledger.points.delivered, 0);
    const rows = await site.database.query('SELECT count("text") FROM "notes"');
    assertEquals(
      Number(JSON.stringify(rows).match(/\[\s*"?[^,\]]*"?,\s*(\d+)\s*\]/)?.[1]),
      ledger.points.delivered,
    );
    return rowOf(
      ledger,
      total,
      since,
      `${ledger.points.evicted} points given up, counted; ${largest} bytes at most`,
    );
  },
);

scenario("a full buffer with when_full: block", { shows: ["P2", "P3", "P4"] }, async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: config(url, site, { when_full: "block" }),
    profiles: { notes: PROFILE },
  });
  await site.database.stop();
  const client = await connect(site, url);
  const watched = watch(gateway);
  const total = 6_000;
  await publish(client, 0, total);
  await until("the gateway says that its buffer is full", async () => {
    const { status, text } = await gateway.get("/readyz");
    return status === 503 && text.includes("buffer_full");
  }, { timeout: 30_000, every: 100 });
  const blocked = await gateway.ledger();
  assert(blocked.messages.received < total, "something stays with the broker");
  assertEquals(blocked.points.evicted, 0);
  await site.database.start();
  const since = performance.now();
  const ledger = await gateway.atRest(total, 90_000);
  const largest = await watched.end();
  assert(largest <= CAP + SEGMENT, `the data folder was ${largest} bytes, allowed are ${CAP} and a segment`);
  assertEquals([ledger.points.evicted, ledger.points.delivered], [0, total]);
  assert(ledger.balanced);
  return rowOf(ledger, total, since, `nothing given up; ${largest} bytes at most`);
});

scenario("trimmed segments move to the raw archive under load", { shows: ["P2", "P4"] }, async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const buffer = { archive: "1h", max_bytes: "64MiB", checkpoint: { after_bytes: "256KiB", at_most: "1s" } };
  const gateway = await site.gateway({ config: config(url, site, buffer), profiles: { notes: PROFILE } });
  const client = await connect(site, url);
  // A segment of 4 MiB has to fill up before it can be trimmed.
  await publish(client, 0, 5_000);
  await until("a segment was archived", async () => {
    const names = await Array.fromAsync(Deno.readDir(`${gateway.dataDir}/archive`)).catch(() => []);
    return names.length > 0;
  }, { timeout: 30_000, every: 100 });
  const since = performance.now();
  const ledger = await gateway.atRest(5_000);
  assertEquals(await gateway.stop(), 0);
  return rowOf(ledger, 5_000, since, "kept within archive's time");
});

scenario("what waits longer than max_age is given up", { shows: ["P2", "P4"] }, async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: config(url, site, { max_age: "3s", checkpoint: { after_bytes: "128KiB", at_most: "1s" } }),
    profiles: { notes: PROFILE },
  });
  await site.database.stop();
  const client = await connect(site, url);
  let total = 0;
  await until("something was evicted for its age", async () => {
    // A segment is given up when the next one is old enough, so there has to be a next one.
    if (total < 4_000) await publish(client, total, total += 100);
    return (await gateway.log("outbox_evicted")).some((line) => line.why === "age");
  }, { timeout: 60_000, every: 200 });
  await site.database.start();
  const since = performance.now();
  const ledger = await gateway.atRest(total);
  assert(ledger.balanced);
  assertGreater(ledger.points.evicted, 0);
  assertEquals(ledger.readings.delivered + ledger.readings.evicted, total);
  return rowOf(ledger, total, since, `${ledger.points.evicted} points given up for their age, counted`);
});
