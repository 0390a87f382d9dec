import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Section } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1 } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";
import { differing, verified } from "../support/verified.ts";

/** Readings that pass as they come, and one field in windows. */
const PROFILES = {
  meter: `profile: meter
measurement: meter
time: { field: ts, unit: ms }
fields:
  level: { type: float, downsample: none }
  flow: { type: float, downsample: none }
  text: { type: string, max_length: 4000, downsample: none }
  heat: { type: float, downsample: { every: 10s, aggregates: [mean, max, count], hold: 5m } }
`,
};

function config(url: string, site: Site, more: Section = {}): Section {
  return {
    mqtt: { url, client_id: "sluice-verify" },
    subscriptions: [{ topic: "meter/{device}", profile: "meter" }],
    downsample: { every: "10s", lateness: "2s", idle_after: "1s" },
    influxdb: influx1(site.database),
    ...more,
  };
}

/** Writes lines to the InfluxDB as another writer would. */
async function write(site: Site, lines: string): Promise<void> {
  const response = await fetch(`${site.database.url}/write?db=telemetry&precision=ms`, {
    method: "POST",
    body: lines,
  });
  assertEquals(response.status, 204, await response.text());
}

/** A whole UTC second some minutes ago, ms. */
function minutesAgo(minutes: number): number {
  return Math.floor(Date.now() / 10_000) * 10_000 - minutes * 60_000;
}

Deno.test("what the database refuses is not expected; another writer's values are seen, in the count or in the sum", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({ config: config(url, site), profiles: PROFILES });
  const begin = minutesAgo(5);
  // The field is a text in the database, so that it refuses every number.
  await write(site, `meter,device=other flow="text" ${begin}`);
  const device = await connectPublisher(url);
  for (let n = 0; n < 20; n++) {
    await device.publish("meter/m1", JSON.stringify({ ts: begin + n * 1_000, level: n, flow: n, heat: n }));
  }
  const ledger = await gateway.atRest(20);
  assertEquals(ledger.points.refused, 20);
  const agreed = await verified(gateway);
  // 20 levels and two windows of three aggregates; no flow.
  assertEquals([agreed.code, agreed.found, agreed.expected_least, agreed.expected_most], [0, 26, 26, 26]);
  assertStringIncludes(agreed.notes.join("\n"), "20 values were refused by the database, or given up");
  // A device that is none of this gateway's is told, and no difference.
  assertEquals(agreed.foreign, { devices: 1, values: 1 });
  assertEquals(agreed.sums_compared, agreed.rows);

  await write(site, `meter,device=m1 level=500 ${begin + 3_000}`);
  const over = await verified(gateway, "--patience", "0s");
  assertEquals([over.code, differing(over)], [1, [["m1", "meter", 0]]]);
  const [row] = over.differences;
  assertEquals([row?.sums, (row?.sum_found ?? 0) - (row?.sum_expected ?? 0)], ["differs", 497]);
  assertStringIncludes(over.text, "other values than were delivered in 1 device");

  await write(site, `meter,device=m1 level=500 ${begin + 3_500}`);
  const more = await verified(gateway, "--patience", "0s");
  assertEquals([more.code, differing(more)], [1, [["m1", "meter", 1]]]);
  await device.close();
});

Deno.test("corrections and values sent twice count once, and late windows replace their sum", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({ config: config(url, site), profiles: PROFILES });
  const begin = minutesAgo(5);
  const device = await connectPublisher(url);
  const say = (offset: number, values: object): Promise<void> =>
    device.publish("meter/m1", JSON.stringify({ ts: begin + offset, ...values }));
  for (let n = 0; n < 40; n++) await say(n * 1_000, { level: n, heat: n });
  await gateway.atRest(40);
  // Late readings complete windows that are written already; a level comes again, with another value, and one between.
  for (const n of [12, 23, 31]) await say(n * 1_000 + 500, { heat: 1_000 });
  await say(36_000, { level: 77 });
  await say(37_500, { level: 5 });
  await gateway.atRest(45);
  const agreed = await verified(gateway);
  assertEquals(
    [agreed.code, agreed.expected_least, agreed.expected_most],
    [0, 53, 53],
    JSON.stringify(agreed),
  );
  assertEquals([agreed.found, agreed.sums_compared], [53, agreed.rows]);
  assertStringIncludes(agreed.notes.join("\n"), "10 values were delivered over earlier ones");

  // Before what is remembered, the gateway cannot know whether a value overwrites another: it says so.
  await say(5_000, { level: 5 });
  await gateway.atRest(46);
  const unsure = await verified(gateway);
  assertEquals([unsure.code, unsure.expected_least, unsure.expected_most], [0, 53, 54]);
  assertEquals([unsure.found, unsure.sums_compared], [53, unsure.rows - 1]);
  await device.close();
});

Deno.test("what was given up for space is not expected, also after a kill -9, and what waits may be there or not", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const buffer = { max_bytes: `${4 * 1024 * 1024}B` };
  const gateway = await site.gateway({ config: config(url, site, { buffer }), profiles: PROFILES });
  const begin = minutesAgo(120);
  const device = await connectPublisher(url);
  const total = 6_000;
  const publish = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to;) {
      const some = Array.from({ length: Math.min(200, to - n) }, () => {
        // Random hexadecimal digits: gzip makes them half as long at best.
        const text = crypto.getRandomValues(new Uint8Array(1_000)).toHex();
        return device.publish(`meter/m${n % 5}`, JSON.stringify({ ts: begin + n++ * 1_000, text, level: n }));
      });
      await Promise.all(some);
    }
  };
  await publish(0, 500);
  await gateway.atRest(500);
  await site.database.stop();
  await publish(500, total);
  let ledger = await gateway.ledger();
  await until("something was given up for space", async () => {
    ledger = await gateway.ledger();
    return ledger.messages.processed === total && ledger.points.evicted > 0;
  }, { timeout: 60_000, every: 100, state: () => ledger });
  await site.database.start();
  ledger = await gateway.atRest(total);
  assert(ledger.points.evicted > 0 && ledger.points.delivered > 1_000, JSON.stringify(ledger.points));
  const { produced, delivered } = ledger.points;
  /**
   * A block may be given up while its request is out, or once more after a kill though the process before had delivered
   * it: those values, and no others, are in doubt.
   */
  const doubtful = async (): Promise<number> => {
    const { points } = await gateway.ledger();
    const { code, expected_least, expected_most, found, notes, rows, sums_compared } = await verified(
      gateway,
    );
    assertEquals([code, expected_least, found], [0, points.delivered, delivered]);
    const [words, doubt] = [notes.join("\n"), expected_most - expected_least];
    assert(doubt >= delivered - points.delivered, `${found} found, ${expected_most} expected at most`);
    assertEquals(words.includes("values are in doubt"), doubt > 0, words);
    if (doubt > 0) assertStringIncludes(words, `${doubt.toLocaleString("en-US")} values are in doubt`);
    else assertEquals(sums_compared, rows);
    const lost = produced - expected_most;
    assertStringIncludes(words, `${lost.toLocaleString("en-US")} values were refused`);
    return doubt;
  };
  await doubtful();
  await gateway.kill();
  await gateway.start();
  await gateway.atRest(total);
  const doubt = await doubtful();

  await site.database.stop();
  await publish(total, total + 10);
  await until("points wait", async () => (await gateway.ledger()).points.waiting === 20, { every: 50 });
  assertEquals(await gateway.stop(), 0);
  await site.database.start();
  const waiting = await verified(gateway, "--data-dir", gateway.dataDir);
  const open = waiting.expected_most - waiting.expected_least;
  assertEquals([waiting.code, open, waiting.found], [0, doubt + 20, delivered]);
  await device.close();
});
