import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cli } from "../support/cli_process.ts";
import { GatewayProcess, ROOT } from "../support/gateway_process.ts";
import type { Influxd } from "../support/influxd.ts";
import { Load } from "../support/load.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig, siteProfiles } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";
import { differing, verified } from "../support/verified.ts";

/** Checkpoints now and then, so that a kill falls between two of them. */
const BUFFER = { max_bytes: "256MiB", checkpoint: { after_bytes: "128KiB", at_most: "1s" } };

/** Values that an InfluxDB holds of a measurement, or of one device's part of it. */
async function valuesIn(database: Influxd, measurement: string, device?: string): Promise<number> {
  const where = device === undefined ? "" : ` WHERE "device" = '${device}'`;
  const [series] = await database.query(`SELECT count(*) FROM "${measurement}"${where}`);
  return (series?.values[0] ?? []).slice(1).reduce((sum: number, count) => sum + Number(count), 0);
}

/** Runs a task of deno.json with its own rights. */
async function task(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** A report without its numbers, addresses and widths; rows that differ in nothing else are one. */
function form(report: string): string[] {
  const lines = report.trimEnd().split("\n").filter((line) => !/^(days|gateway|database) /.test(line));
  const bare = lines.map((line) => line.replace(/-?[\d,.]*\d/g, "#").replace(/(\S) {2,}/g, "$1  "));
  return bare.filter((line, index) => line !== bare[index - 1]);
}

Deno.test("verify agrees after a load with two kills, and finds exactly what was deleted from InfluxDB", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), { buffer: BUFFER }),
    profiles: await siteProfiles(),
  });
  const load = site.use(
    await Load.connect({ url, seed: 11, devices: 20, each: 300, spread: 30 * 60_000, pace: 3_000 }),
  );
  const publishing = load.publish();
  for (const share of [0.3, 0.7]) {
    await until("the load is at the next kill", () => load.acknowledged >= share * load.total, { every: 1 });
    await gateway.kill();
    await gateway.start();
  }
  await publishing;
  await load.settled();
  await gateway.atRest(load.sent.length);

  const all = await valuesIn(site.database, "climate") + await valuesIn(site.database, "power");
  const agreed = await verified(gateway);
  assertEquals([agreed.code, agreed.verdict], [0, "agreement"], JSON.stringify(agreed));
  assertEquals([agreed.expected_least, agreed.expected_most, agreed.found], [all, all, all]);
  assertEquals([agreed.differences, agreed.sums_compared], [[], agreed.rows]);
  assert(all > 2_000, `only ${all} values`);

  // In words it is quiet but for the totals. The task has rights enough.
  const words = await task("verify", "--config", gateway.configPath);
  assertEquals(words.code, 0, words.text);
  assertMatch(words.text, /AGREEMENT: the database holds all [\d,]+ values that it should; \d+ of \d+ sums/);
  assertEquals(/ 20\d\d-\d\d-\d\d +[\d,]+ +[\d,]+ +/.test(words.text), false, words.text);

  // A whole device, then one point of another, then one value written over.
  const [device = "", other = ""] =
    (await site.database.query('SHOW TAG VALUES FROM "climate" WITH KEY = "device"'))
      .flatMap(({ values }) => values.map((row) => String(row[1])));
  const gone = await valuesIn(site.database, "climate", device);
  await site.database.query(`DROP SERIES FROM "climate" WHERE "device" = '${device}'`);
  const dropped = await verified(gateway);
  assertEquals([dropped.code, dropped.verdict], [1, "difference"]);
  const byDay = differing(dropped);
  assertEquals(byDay.reduce((sum, [, , difference]) => sum + difference, 0), -gone);
  assertEquals(new Set(byDay.map(([name]) => name)), new Set([device]));

  const shown = await cli("verify", "--config", gateway.configPath, "--patience", "0s");
  const [sample = ""] =
    /^gateway {3}http[\s\S]*?missing$/m.exec(await Deno.readTextFile(`${ROOT}README.md`)) ?? [];
  assertEquals(form(shown.stdout), form(sample), "the README shows what is printed");

  const [kept] = await site.database.query(
    `SELECT "temperature_mean" FROM "climate" WHERE "device" = '${other}' LIMIT 1`,
  );
  const time = kept?.values[0]?.[0];
  const before = await valuesIn(site.database, "climate", other);
  await site.database.query(`DELETE FROM "climate" WHERE "device" = '${other}' AND time = ${time}`);
  const deleted = before - await valuesIn(site.database, "climate", other);
  const point = await cli("verify", "--config", gateway.configPath, "--patience", "0s");
  assertEquals(point.code, 1);
  assertStringIncludes(point.stdout, `${other}  climate`);
  assertMatch(
    point.stdout,
    new RegExp(`DIFFERENCE: ${(gone + deleted).toLocaleString("en-US")} values of 2 devices missing`),
  );
  assertStringIncludes(point.stdout, "it was deleted there");

  assertEquals(await gateway.stop(), 0);
  const stopped = await verified(gateway, "--data-dir", gateway.dataDir);
  assertEquals([stopped.code, stopped.found, stopped.expected_least], [1, all - gone - deleted, all]);
  const nobody = await cli("verify", "--config", gateway.configPath);
  assertEquals(nobody.code, 2);
  assertMatch(nobody.stderr, /^The gateway at http:.+ does not answer: .+--data-dir\n$/);
  await site.database.query("DROP DATABASE telemetry");
  const without = await cli("verify", "--config", gateway.configPath, "--data-dir", gateway.dataDir);
  assertEquals([without.code, without.stdout], [2, ""]);
  assertMatch(
    without.stderr,
    /^The database "telemetry" of InfluxDB .+ does not exist: "database not found: .+\n$/,
  );
  await site.database.stop();
  const away = await cli("verify", "--config", gateway.configPath, "--data-dir", gateway.dataDir);
  assertEquals([away.code, away.stdout], [2, ""]);
  assertMatch(
    away.stderr,
    /^The database at http:.+ does not answer: .+start it, or correct influxdb\.url\n$/,
  );
});

Deno.test("verify reads an encrypted data folder with the configuration's key, and asks with its password", async () => {
  await using site = await Site.open({ database: { admin: { name: "gateway", password: "right" } } });
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = site.use(await GatewayProcess.create({ config: {} }));
  const [key, password] = [`${gateway.folder}/key`, `${gateway.folder}/password`];
  await Deno.writeTextFile(key, crypto.getRandomValues(new Uint8Array(32)).toBase64());
  await Deno.writeTextFile(password, "right\n");
  const influxdb = influx1(site.database, { username: "gateway", password_file: password });
  await gateway.configure(siteConfig(url, influxdb, { buffer: { encrypt_at_rest: { key_file: key } } }));
  await gateway.start();
  await gateway.ready();
  const device = await connectPublisher(url);
  const time = Math.floor(Date.now() / 1_000) - 60;
  for (let n = 0; n < 5; n++) {
    await device.publish("site/north/power/p1", JSON.stringify({ time: time + n, power: n }));
  }
  await device.close();
  await gateway.atRest(5);
  assertEquals(await gateway.stop(), 0);
  const agreed = await verified(gateway, "--data-dir", gateway.dataDir);
  assertEquals([agreed.code, agreed.found], [0, agreed.expected_least]);
  assert(agreed.found >= 4, JSON.stringify(agreed));

  await Deno.writeTextFile(password, "wrong-word\n");
  const refused = await cli("verify", "--config", gateway.configPath, "--data-dir", gateway.dataDir);
  assertEquals([refused.code, refused.stdout], [2, ""]);
  assertMatch(
    refused.stderr,
    /does not let the configuration's user or token read \(status 401\): "authorization failed"/,
  );
  await Deno.writeTextFile(password, "right\n");
  await Deno.writeTextFile(key, crypto.getRandomValues(new Uint8Array(32)).toBase64());
  const locked = await cli("verify", "--config", gateway.configPath, "--data-dir", gateway.dataDir);
  assertEquals([locked.code, locked.stdout], [2, ""]);
  assertStringIncludes(locked.stderr, "is encrypted with a key that buffer.encrypt_at_rest does not name");
});
