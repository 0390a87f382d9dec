import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hashToken } from "../../src/api/mod.ts";
import { cli, type CliResult } from "../support/cli_process.ts";
import { GatewayProcess } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

const JOURNALS = ["inbox", "outbox", "quarantine"];

Deno.test("journal check, inspect and export read a data folder beside a running gateway and after it", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({ config: siteConfig(site.broker.url(), influx1(site.database)) });
  const device = await connectPublisher(site.broker.url());
  site.use({ [Symbol.asyncDispose]: () => device.close() });
  await site.database.stop();
  const said = Array.from(
    { length: 50 },
    (_, n) => JSON.stringify({ time: Date.now() / 1_000 - 90 + n, power: n }),
  );
  for (const payload of said) await device.publish("site/north/power/p1", payload);
  await device.publish("site/north/power/p1", "{broken");
  await until("all of it is received", async () => (await gateway.ledger()).messages.processed === 50, {
    every: 50,
  });

  const beside = await cli("journal", "check", "--data-dir", gateway.dataDir);
  assertEquals([beside.code, beside.stderr], [0, ""]);
  assertEquals(beside.lines.map((line) => line.journal), JOURNALS);
  const exported = await cli("journal", "export", "--data-dir", gateway.dataDir, "--journal", "inbox");
  assertEquals(exported.code, 0);
  const messages = exported.lines.filter((line) => line.kind === "message");
  assertEquals(messages.map((line) => line.payload), [...said, "{broken"]);
  assertEquals((await gateway.get("/healthz")).status, 200);

  assertEquals(await gateway.stop(), 0);
  const after = await cli("journal", "inspect", "--data-dir", gateway.dataDir);
  assertEquals(after.code, 0);
  assertEquals(after.lines.filter((line) => "damages" in line).map((line) => line.damages), [0, 0, 0]);
  const quarantine = await cli("journal", "export", "--data-dir", gateway.dataDir, "--journal", "quarantine");
  const [refused] = quarantine.lines;
  assertEquals([refused.reason, refused.payload, refused.topic], [
    "undecodable",
    "{broken",
    "site/north/power/p1",
  ]);

  // One flipped byte is found, told with its place, and touched by nobody.
  const folder = `${gateway.dataDir}/quarantine`;
  const files = await Array.fromAsync(Deno.readDir(folder));
  const file = files.find(({ name }) => name.endsWith(".segment"));
  const path = `${folder}/${file?.name}`;
  const bytes = await Deno.readFile(path);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("{broken");
  bytes[at] = 0x7c;
  await Deno.writeFile(path, bytes);
  const damaged = await cli("journal", "check", "--data-dir", gateway.dataDir);
  assertEquals(damaged.code, 1);
  assertStringIncludes(damaged.stderr, `quarantine/${file?.name}`);
  assertEquals(damaged.lines.map((line) => line.damages), [0, 0, 1]);
  assertEquals(await Deno.readFile(path), bytes);
  assertEquals((await cli("journal", "check", "--data-dir", `${gateway.folder}/nothing`)).code, 1);
  assertEquals((await cli("journal", "mend", "--data-dir", gateway.dataDir)).code, 2);
});

/** Who was tried, and whether it let the gateway in. */
function verdicts({ lines }: CliResult): Record<string, boolean> {
  return Object.fromEntries(lines.filter((line) => "what" in line).map((line) => [line.what, line.ok]));
}

Deno.test("check --probe ends with 0 where broker and database let the gateway in, and with 1 and a line for each that does not", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  await using gateway = await GatewayProcess.create({
    config: siteConfig(site.broker.url(), influx1(site.database)),
  });
  const good = await cli("check", "--probe", "--config", gateway.configPath);
  assertEquals([good.code, good.stderr], [0, ""]);
  assertEquals(verdicts(good), { broker: true, database: true });

  await gateway.configure(
    siteConfig(site.broker.url(), { ...influx1(site.database), database: "not_there" }),
  );
  const noDatabase = await cli("check", "--probe", "--config", gateway.configPath);
  assertEquals(noDatabase.code, 1);
  assertEquals(verdicts(noDatabase), { broker: true, database: false });
  assertStringIncludes(noDatabase.lines.at(-1).text, "not_there");

  await gateway.configure(
    siteConfig("mqtt://127.0.0.1:9", { ...influx1(site.database), url: "http://127.0.0.1:9" }),
  );
  const nobody = await cli("check", "--probe", "--config", gateway.configPath);
  assertEquals(nobody.code, 1);
  assertEquals(verdicts(nobody), { broker: false, database: false });
  for (const { text } of nobody.lines.slice(-2)) assertMatch(text, /127\.0\.0\.1:9\b.*: /);
  assertEquals((await cli("check", "--config", gateway.configPath)).code, 0);
});

Deno.test("explain, token and schema say what they are asked, and wrong usage ends with 2", async () => {
  await using gateway = await GatewayProcess.create({ config: siteConfig("mqtt://127.0.0.1:9", undefined) });
  const explain = (topic: string, payload: string) =>
    cli("explain", "--config", gateway.configPath, "--topic", topic, "--payload", payload);
  const ts = Date.now();
  const [taken, refused, noSubscription] = await Promise.all([
    explain("site/north/climate/c1", `{"ts":${ts},"temperature":21.5,"humidity":140}`),
    explain("site/north/climate/c1", "{broken"),
    explain("elsewhere/x", "1"),
  ]);
  assertEquals([taken?.code, refused?.code, noSubscription?.code], [0, 1, 1]);
  assertMatch(taken?.stdout ?? "", /temperature/);
  assertMatch(taken?.stdout ?? "", /140/);
  assert(taken?.lines.some((line) => line.step === "line" && line.text.startsWith("climate,")));
  assertMatch(refused?.stdout ?? "", /JSON/);

  const [token, schema, profile, unknown, wrongRole] = await Promise.all([
    cli("token", "--name", "grafana", "--role", "viewer"),
    cli("schema"),
    cli("schema", "--profile"),
    cli("fly"),
    cli("token", "--name", "grafana", "--role", "emperor"),
  ]);
  assertEquals([token?.code, schema?.code, profile?.code, unknown?.code, wrongRole?.code], [0, 0, 0, 2, 2]);
  const word = /sluice_[\w-]+/.exec(token?.stdout ?? "")?.[0] ?? "";
  assertStringIncludes(token?.stdout ?? "", hashToken(word));
  assert("influxdb" in JSON.parse(schema?.stdout ?? "{}").properties);
  assert("fields" in JSON.parse(profile?.stdout ?? "{}").properties);
  assertStringIncludes(unknown?.stderr ?? "", '"fly"');
  assertStringIncludes(wrongRole?.stderr ?? "", '"emperor"');
});

Deno.test("a small simulated site with an outage accounts for every reading and ends with 0", async () => {
  const run = await cli(
    ...`sim --devices 5 --rate 2 --seconds 6 --outage 2s --seed 7 --port ${freePort()}`.split(" "),
  );
  assertEquals([run.code, run.stderr], [0, ""], run.stdout);
  assertMatch(run.stdout, /seed 7/);
});
