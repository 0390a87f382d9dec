import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import mqtt from "mqtt";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { Load } from "../support/load.ts";
import { expectedPoints, type PointTable } from "../support/oracle.ts";
import { dryRun, replayed } from "../support/replayed.ts";
import { contentOf, influx1, siteConfig, siteProfiles, wrongIn } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

/** The archive keeps all; segments are small and checkpoints come often, so that most of the journal lies there. */
const BUFFER = {
  max_bytes: "6MiB",
  archive: "24h",
  checkpoint: { after_bytes: "64KiB", at_most: "1s" },
};

/** A gateway with an archive, in front of an InfluxDB. */
async function gatewayOf(site: Site, more: Readonly<Record<string, unknown>> = {}): Promise<GatewayProcess> {
  return await site.gateway({
    config: siteConfig(site.broker.url(), influx1(site.database), { buffer: BUFFER, ...more }),
    profiles: await siteProfiles(),
  });
}

/** Some minutes of a site, published at once. */
async function loaded(site: Site, seed: number, each = 200): Promise<Load> {
  const load = site.use(
    await Load.connect({ url: site.broker.url(), seed, devices: 20, each, spread: 20 * 60_000, pace: 1_000 }),
  );
  await load.publish();
  await load.settled();
  return load;
}

/** The database loses all points of the last minutes. */
async function loseLast(site: Site, minutes: number): Promise<void> {
  for (const measurement of ["climate", "power"]) {
    await site.database.query(`DELETE FROM "${measurement}" WHERE time > now() - ${minutes}m`);
  }
}

async function files(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

async function healed(site: Site, expected: PointTable): Promise<void> {
  assertEquals(wrongIn(expected, await contentOf(site.database)), []);
}

Deno.test("a database that lost what it had taken is healed beside the running gateway, exactly, and a second time changes nothing", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await gatewayOf(site);
  const load = await loaded(site, 4_711);
  const ledger = await gateway.atRest(load.sent.length);
  const { points } = expectedPoints(load.sent, await gateway.rules());
  await healed(site, points);
  await until("the inbox was trimmed into the archive", async () => {
    return (await files(`${gateway.dataDir}/archive`).catch(() => [])).length > 0;
  }, { timeout: 30_000, every: 100 });

  await loseLast(site, 10);
  const less = (await contentOf(site.database)).values;
  assertGreater(points.values - less, 1_000);
  const first = await replayed(gateway);
  assertEquals([first.code, first.stderr, first.first], [0, "", 1]);
  assertEquals(first.left_out, { edge: 0, open: 0 });
  assertEquals(first.messages["received"], ledger.messages.received);
  await healed(site, points);

  // Everything is there: written again, it is the same.
  const again = await replayed(gateway);
  assertEquals([again.code, again.points], [0, first.points]);
  await healed(site, points);
  // All of it gone, and no gateway that runs.
  for (const measurement of ["climate", "power"]) {
    await site.database.query(`DROP MEASUREMENT "${measurement}"`);
  }
  assertEquals(await gateway.stop(), 0);
  const before = await files(`${gateway.dataDir}/archive`);
  assertEquals((await replayed(gateway)).code, 0);
  await healed(site, points);
  assertEquals(await files(`${gateway.dataDir}/archive`), before);

  // The gateway knows nothing of it: its books are as they were.
  await gateway.start();
  const after = await gateway.atRest(load.sent.length);
  assert(after.balanced);
  assertEquals(after.points, ledger.points);
  await healed(site, points);
});

Deno.test("a replay while messages come in and late ones complete windows leaves exactly what must be there", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await gatewayOf(site);
  const load = site.use(
    await Load.connect({
      url: site.broker.url(),
      seed: 815,
      devices: 20,
      each: 400,
      spread: 30 * 60_000,
      pace: 600,
    }),
  );
  const publishing = load.publish();
  await until("a third is there", () => load.acknowledged > load.total / 3, { timeout: 30_000 });
  const runs = [];
  while (load.acknowledged < load.total * 0.9) {
    await loseLast(site, 60);
    const run = await replayed(gateway);
    assertEquals([run.code, run.stderr, run.unchecked], [0, "", 0]);
    runs.push(run);
  }
  await publishing;
  await load.settled();
  await gateway.atRest(load.sent.length);
  assertGreater(runs.length, 1);
  await healed(site, expectedPoints(load.sent, await gateway.rules()).points);
});

Deno.test("a dry run prints what must be there, changes nothing, and tells what other rules would make of it", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const key = await Deno.makeTempFile({ prefix: "sluice_key_" });
  site.use({ [Symbol.asyncDispose]: () => Deno.remove(key) });
  await Deno.writeTextFile(key, new Uint8Array(32).fill(3).toBase64());
  const buffer = { ...BUFFER, encrypt_at_rest: { key_file: key } };
  const gateway = await gatewayOf(site, { buffer });
  const load = await loaded(site, 99, 60);
  await gateway.atRest(load.sent.length);
  const { points } = expectedPoints(load.sent, await gateway.rules());
  for (const measurement of ["climate", "power"]) {
    await site.database.query(`DROP MEASUREMENT "${measurement}"`);
  }
  assertEquals(wrongIn(points, await dryRun(gateway)), []);
  assertEquals((await contentOf(site.database)).values, 0);

  // Other rules on the same history: an alert that nobody had, and longer windows.
  const config = siteConfig(site.broker.url(), influx1(site.database), { buffer });
  const tried = {
    ...config,
    downsample: { every: "1m", lateness: "2s", idle_after: "2s", hold: "30s" },
    alerts: [{ name: "warm", field: "temperature", above: -100, notify: [] }],
  };
  await gateway.configure(tried);
  const run = await replayed(gateway, "--dry-run");
  assertGreater(run.alerts["warm"]?.firing ?? 0, 0);
  assertEquals(wrongIn(expectedPoints(load.sent, await gateway.rules()).points, await dryRun(gateway)), []);

  // Without the key nothing can be read, and the key that is asked for is named.
  await gateway.configure({ ...config, buffer: BUFFER });
  const locked = await replayed(gateway, "--dry-run");
  assertEquals(locked.code, 1);
  assertStringIncludes(locked.stderr, "is encrypted with the key");
  assertEquals((await replayed(gateway, "--dry-run", "--key-file", key)).code, 0);
});

Deno.test("what a profile refused is written when the profile allows it, beside what was accepted and never over it", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const profileOf = (highest: number): Record<string, string> => ({
    kiln: `profile: kiln\nmeasurement: kiln\ntime: { field: ts, unit: ms }\nfields:\n` +
      `  t: { type: float, range: [0, ${highest}], required: true, downsample: { aggregates: [count] } }\n`,
  });
  const config = {
    mqtt: { url: site.broker.url(), client_id: "sluice-quarantine" },
    subscriptions: [{ topic: "plant/{device}", profile: "kiln" }],
    downsample: { idle_after: "1s", hold: "1s" },
    influxdb: influx1(site.database),
  };
  const gateway = await site.gateway({ config, profiles: profileOf(100) });
  const client = await mqtt.connectAsync(site.broker.url(), { protocolVersion: 5 });
  site.use({ [Symbol.asyncDispose]: () => client.endAsync() });
  const ts = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;
  for (let n = 0; n < 10; n++) {
    const payload = JSON.stringify({ ts: ts + n, t: n < 7 ? 20 : 900 });
    await client.publishAsync("plant/k1", payload, { qos: 1 });
  }
  const ledger = await gateway.atRest(10);
  assertEquals([ledger.messages.processed, ledger.messages.quarantined], [7, 3]);
  assertEquals(await gateway.stop(), 0);

  await Deno.writeTextFile(`${gateway.folder}/profiles/kiln.yaml`, profileOf(1_000)["kiln"] ?? "");
  const run = await replayed(gateway, "--quarantine");
  assertEquals([run.code, run.points, run.refusals], [0, { kiln: 1 }, {}]);
  for (const [replayed, count] of [["", 7], ["true", 3]] as const) {
    const [series] = await site.database.query(
      `SELECT "t_count" FROM "kiln" WHERE "replayed" = '${replayed}'`,
    );
    assertEquals(series?.values.map((row) => row[1]), [count]);
  }
});

Deno.test("with a database that is not there, or refuses who asks, a replay ends with 1 and says why", async () => {
  await using site = await Site.open({ database: { admin: { name: "boss", password: "secret-word" } } });
  if (site === undefined) return;
  const gateway = await gatewayOf(site);
  const refused = await replayed(gateway);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "401");
  await site.database.stop();
  const gone = await replayed(gateway);
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, "cannot be reached");
});
