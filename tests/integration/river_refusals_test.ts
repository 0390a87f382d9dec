import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { GatewayProcess } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

/** Nobody listens there; the gateway may try again as long as it likes. */
const NOWHERE = "mqtt://127.0.0.1:9";

/** One line of words, and no stack trace. */
function assertOneLine(stderr: string): void {
  assertMatch(stderr, /^error [A-Z][^\n]+\n$/);
  assertEquals(/\n\s+at /.test(stderr), false, stderr);
}

/** A message that makes one reading. */
function reading(n: number): string {
  return JSON.stringify({ time: Date.now() / 1_000 - 100 + n, power: n });
}

Deno.test("a port that is in use ends the gateway with 1 and one line that names it", async () => {
  await using gateway = await GatewayProcess.create({ config: siteConfig(NOWHERE, undefined) });
  const taken = Deno.listen({ hostname: "127.0.0.1", port: gateway.port });
  try {
    gateway.spawn();
    assertEquals(await gateway.exit(), 1);
    assertOneLine(await gateway.stderr());
    assertStringIncludes(await gateway.stderr(), `"127.0.0.1:${gateway.port}": the port is in use`);
  } finally {
    taken.close();
  }
  await gateway.start();
  assertEquals((await gateway.get("/healthz")).status, 200);
});

Deno.test("a data folder that is in use ends the second gateway with 3 and names the first one's pid", async () => {
  await using first = await GatewayProcess.create({ config: siteConfig(NOWHERE, undefined) });
  await first.start();
  await using second = await GatewayProcess.create({ config: {} });
  await second.configure(siteConfig(NOWHERE, undefined, { gateway: { data_dir: first.dataDir } }));
  second.spawn();
  assertEquals(await second.exit(), 3);
  assertOneLine(await second.stderr());
  assertStringIncludes(await second.stderr(), `in use by the process "${first.pid}"`);
  assertStringIncludes(await second.stderr(), "gateway.data_dir");
  await first.kill();
  // The lock goes with the process.
  await second.start();
});

Deno.test("a data folder that cannot be written ends the gateway with 1 and one line that says what to do", async () => {
  await using gateway = await GatewayProcess.create({ config: {} });
  await Deno.writeTextFile(`${gateway.folder}/file`, "no folder");
  await gateway.configure(
    siteConfig(NOWHERE, undefined, { gateway: { data_dir: `${gateway.folder}/file/data` } }),
  );
  gateway.spawn();
  assertEquals(await gateway.exit(), 1);
  assertOneLine(await gateway.stderr());
  assertStringIncludes(await gateway.stderr(), `${gateway.folder}/file/data`);
  assertStringIncludes(await gateway.stderr(), "make it a folder that this user may write");
});

Deno.test("a wrong broker password is one clear line, and tried again until the password file is right", async () => {
  await using site = await Site.open({ broker: { passwords: { gateway: "right", device: "device" } } });
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = site.use(await GatewayProcess.create({ config: {} }));
  await gateway.configure(siteConfig(url, influx1(site.database), {
    mqtt: { url, client_id: "sluice-test", username: "gateway", password_file: `${gateway.folder}/password` },
  }));
  await Deno.writeTextFile(`${gateway.folder}/password`, "planted-wrong-word\n");
  await gateway.start();
  const line = await gateway.logged("mqtt_refused");
  assertEquals(line.level, "error");
  assertMatch(String(line.text), /^The broker .+"gateway".+: check mqtt\.username and password_file/);
  const unready = await gateway.get("/readyz");
  assertEquals([unready.status, unready.body.not_ready[0].reason], [503, "mqtt_disconnected"]);
  assertEquals(unready.body.not_ready[0].detail, line.text);

  await Deno.writeTextFile(`${gateway.folder}/password`, "right\n");
  await gateway.ready();
  const device = await connectPublisher(url, { username: "device", password: "device" });
  await device.publish("site/north/power/p1", reading(1));
  await device.close();
  await gateway.atRest(1);
  assertEquals(await gateway.stderr(), "");
  assertEquals((await gateway.stdout()).includes("planted-wrong-word"), false);
});

Deno.test("a wrong database password is one clear line, loses nothing, and is right again after a reload", async () => {
  await using site = await Site.open({ database: { admin: { name: "gateway", password: "right" } } });
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = site.use(await GatewayProcess.create({ config: {} }));
  const secret = `${gateway.folder}/password`;
  await Deno.writeTextFile(secret, "planted-wrong-word\n");
  await gateway.configure(
    siteConfig(url, influx1(site.database, { username: "gateway", password_file: secret })),
  );
  await gateway.start();
  await gateway.ready();
  const device = await connectPublisher(url);
  for (let n = 0; n < 10; n++) await device.publish("site/north/power/p1", reading(n));
  await device.close();
  const line = await gateway.logged("influxdb_waiting");
  assertMatch(String(line.text), /does not accept the .+\(status 401\).+correct it, the data is kept/);
  const unready = await until("the gateway is unready", async () => {
    const answer = await gateway.get("/readyz");
    return answer.status === 503 ? answer : undefined;
  }, { every: 100 });
  assertEquals(unready.body.not_ready[0].reason, "influxdb_unauthorised");
  assertEquals((await gateway.ledger()).points.delivered, 0);

  await Deno.writeTextFile(secret, "right\n");
  gateway.signal("SIGHUP");
  const ledger = await gateway.atRest(10);
  assert(ledger.balanced && ledger.points.delivered > 0);
  const [count] = await site.database.query('SELECT sum("power_count") FROM power');
  assertEquals(count?.values[0]?.[1], 10);
  assertEquals((await gateway.get("/readyz")).status, 200);
  assertEquals((await gateway.stdout()).includes("planted-wrong-word"), false);
});

Deno.test("a configuration with mistakes ends the gateway with 2 and lists every one of them with its place", async () => {
  await using gateway = await GatewayProcess.create({ config: {} });
  await gateway.configure(siteConfig(NOWHERE, undefined, {
    mqtt: { url: "http://127.0.0.1:1883", client_id: "sluice-test", keepalife: "30s" },
    downsample: { every: "tomorrow" },
    alerts: [{ name: "hot", field: "no_such_field", above: 1, notify: ["nobody"] }],
  }));
  gateway.spawn();
  assertEquals(await gateway.exit(), 2);
  const stderr = await gateway.stderr();
  for (const word of ["keepalife", "keepalive", "http://127.0.0.1:1883", "tomorrow", "nobody"]) {
    assertStringIncludes(stderr, word);
  }
  const lines = stderr.trimEnd().split("\n");
  assert(lines.length >= 5, stderr);
  for (const line of lines.slice(0, -1)) assertMatch(line, /^error .*gateway\.yaml:\d+:\d+/);
  assertMatch(lines.at(-1) ?? "", /^\d+ problems in the configuration$/);
  assertEquals(await gateway.stdout(), "");
});
