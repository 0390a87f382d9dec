import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer, GatewayProcess } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

/** The API counts how often it is asked. */
const PATIENTLY = { timeout: 60_000, every: 150 };

/** A meter whose profile thinks that nothing uses more than so many watts. */
function profileUpTo(most: number): string {
  return [
    "profile: meter",
    "measurement: power",
    "time: { field: time, unit: s }",
    "fields:",
    `  power: { type: float, unit: W, range: [0, ${most}], required: true }`,
    `  peak: { type: float, unit: W, range: [0, ${most}], downsample: none }`,
    "",
  ].join("\n");
}

const ALERT = {
  ...{ name: "hungry", profile: "meter", field: "power", above: 1_500, severity: "info" },
  summary: "{device} uses {value}",
};

async function post(gateway: GatewayProcess, path: string, body: unknown): Promise<Answer["body"]> {
  const headers = { "content-type": "application/json", "x-sluice-request": "page" };
  const answer = await gateway.get(path, { method: "POST", headers, body: JSON.stringify(body) });
  assertEquals(answer.status, 200, answer.text);
  return answer.body;
}

async function balanced(gateway: GatewayProcess): Promise<Answer["body"]> {
  const { body } = await gateway.get("/api/v1/ledger");
  assertEquals(body.balanced, true, JSON.stringify(body));
  return body;
}

/** Everything that the database holds of the meters: time, field and value, and the tag of what came late. */
async function content(site: Site): Promise<string[]> {
  const series = await site.database.query('SELECT * FROM "power"', "telemetry");
  return series.flatMap(({ columns, values }) =>
    values.map((row) => columns.map((name, at) => `${name}=${row[at]}`).join(" "))
  );
}

Deno.test("what a profile refused is explained, tried, taken once when the profile is right, and stays taken", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const config = siteConfig(site.broker.url(), influx1(site.database), {
    subscriptions: [{ topic: "site/{device}", profile: "meter", format: "json" }],
    alerts: [ALERT],
  });
  const gateway = await site.gateway({ config, profiles: { meter: profileUpTo(1_000) } });
  const device = await connectPublisher(site.broker.url());
  const now = Math.floor(Date.now() / 1_000) - 40;
  const send = (n: number, values: object): Promise<void> =>
    device.publish("site/m1", JSON.stringify({ time: now + n, ...values }));
  for (let n = 0; n < 3; n++) await send(n, { power: 100 });
  await send(3, { power: 200, peak: 3_000 });
  for (let n = 4; n < 7; n++) await send(n, { power: 2_000 });
  await device.close();
  await until("all were judged", async () => {
    const { messages, readings } = await balanced(gateway);
    return messages.processed === 4 && messages.quarantined === 3 && readings.rejected === 1;
  }, PATIENTLY);

  const groups = await gateway.get("/api/v1/quarantine/groups");
  assertEquals(
    groups.body.items.map((
      group: Answer["body"],
    ) => [group.reason, group.device, group.field, group.entries]),
    [["range", "m1", "power", 3], ["range", "m1", "peak", 1]],
  );
  assertEquals([groups.body.scanned, groups.body.complete], [4, true]);
  const why = await post(gateway, "/api/v1/explain", { quarantine_id: 2 });
  assertEquals(why.steps.filter(({ outcome }: Answer["body"]) => outcome === "refused").length, 2);
  assertStringIncludes(why.steps[0].text, 'found "2000"; allowed is 0 … 1000');

  // Under the same rules nothing changes, whether it is tried or done.
  const refused = await post(gateway, "/api/v1/quarantine/replay", { reason: "range" });
  assertEquals([refused.accepted, refused.refused, refused.next_cursor], [0, 4, null]);
  assertStringIncludes(refused.items[0].explanation, "out of range");
  assertEquals((await balanced(gateway)).messages.quarantined, 3);

  await Deno.writeTextFile(`${gateway.folder}/profiles/meter.yaml`, profileUpTo(9_000));
  gateway.signal("SIGHUP");
  await gateway.logged("configuration_reloaded");
  const trial = await post(gateway, "/api/v1/quarantine/replay", { device: "m1", dry_run: true });
  assertEquals([trial.dry_run, trial.entries, trial.accepted], [true, 4, 4]);
  const points = trial.items.flatMap((item: Answer["body"]) => item.points).join("\n");
  assertStringIncludes(points, `peak=3000 ${now + 3}000000000`);
  assert(/power_mean=[\d.]+/.test(points), points);
  const alerts = trial.items.map((item: Answer["body"]) => item.alerts);
  assertEquals(alerts, [[], ["hungry firing: m1 uses 2000"], [], []]);
  assertEquals([
    (await balanced(gateway)).beside.replayed,
    (await content(site)).some((row) => /3000/.test(row)),
  ], [
    0,
    false,
  ]);

  const done = await post(gateway, "/api/v1/quarantine/replay", { device: "m1" });
  assertEquals([done.entries, done.accepted, done.refused], [4, 4, 0]);
  const after = await balanced(gateway);
  assertEquals([after.messages.quarantined, after.messages.processed, after.beside.replayed], [0, 7, 4]);
  assertEquals(after.readings.rejected, 0);
  await until("the database holds what was replayed", async () => {
    const rows = (await content(site)).join("\n");
    return /peak=3000/.test(rows) && /=2000\b/.test(rows);
  }, PATIENTLY);

  await until("every window is written and sent", async () => {
    const { readings, points: { waiting } } = await balanced(gateway);
    return readings.open + readings.waiting + waiting === 0;
  }, PATIENTLY);

  const again = await post(gateway, "/api/v1/quarantine/replay", { ids: [1, 2, 3, 4, 99] });
  const outcomes = again.items.map(({ outcome }: Answer["body"]) => outcome);
  assertEquals(outcomes, [...Array(4).fill("already_replayed"), "not_found"]);
  assertEquals((await gateway.get("/api/v1/quarantine/groups")).body.items, []);
  assertEquals((await gateway.get("/api/v1/quarantine/1")).body.replayed, true);
  const rowsBefore = await content(site);

  await gateway.kill();
  await gateway.start();
  await gateway.ready();
  const reborn = await balanced(gateway);
  assertEquals([reborn.messages.quarantined, reborn.messages.processed, reborn.beside.replayed], [0, 7, 4]);
  const third = await post(gateway, "/api/v1/quarantine/replay", { ids: [1, 2, 3, 4] });
  assertEquals([third.accepted, third.entries], [0, 4]);
  await until("nothing waits", async () => (await balanced(gateway)).points.waiting === 0, PATIENTLY);
  assertEquals(await content(site), rowsBefore);
});

Deno.test("erased entries are gone for whoever asks, also after kill -9, and are not replayed", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const config = siteConfig(site.broker.url(), influx1(site.database), {
    subscriptions: [{ topic: "site/{device}", profile: "meter", format: "json" }],
  });
  const gateway = await site.gateway({ config, profiles: { meter: profileUpTo(1_000) } });
  const device = await connectPublisher(site.broker.url());
  for (let n = 0; n < 5; n++) {
    await device.publish(`site/m${n % 2}`, JSON.stringify({ time: 1_764_000_000 + n, power: 2_000 + n }));
  }
  await device.close();
  await until(
    "all were refused",
    async () => (await balanced(gateway)).messages.quarantined === 5,
    PATIENTLY,
  );
  const init = { method: "DELETE", headers: { "x-sluice-request": "page" } };
  assertEquals((await gateway.get("/api/v1/quarantine", init)).status, 400);
  assertEquals((await gateway.get("/api/v1/quarantine?device=m1", init)).body, { deleted: 2 });
  assertEquals((await gateway.get("/api/v1/quarantine?ids=1,2,77", init)).body, { deleted: 1 });
  for (const _life of [1, 2]) {
    const { body } = await gateway.get("/api/v1/quarantine");
    assertEquals(body.items.map(({ id }: Answer["body"]) => id), [5, 3]);
    assertEquals((await gateway.get("/api/v1/quarantine/2")).status, 404);
    assertEquals((await gateway.get("/api/v1/status")).body.quarantine.entries, 2);
    const replayed = await post(gateway, "/api/v1/quarantine/replay", { ids: [1, 2, 3], dry_run: true });
    assertEquals(replayed.items.map(({ outcome }: Answer["body"]) => outcome), [
      ...["not_found", "not_found", "refused"],
    ]);
    await gateway.kill();
    await gateway.start();
    await gateway.ready();
  }
  assertEquals((await balanced(gateway)).messages.quarantined, 5);
});

Deno.test("what was redacted is tried again as it came while the inbox holds it, and no answer shows it", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const PERSON = "grace-90125";
  const config = siteConfig(site.broker.url(), influx1(site.database), {
    subscriptions: [{
      topic: "site/{person}/{device}",
      profile: "meter",
      format: "json",
      redact_tags: { person: { mask: { keep: 1 } } },
    }],
  });
  const gateway = await site.gateway({ config, profiles: { meter: profileUpTo(1_000) } });
  const device = await connectPublisher(site.broker.url());
  const time = Math.floor(Date.now() / 1_000) - 30;
  await device.publish(`site/${PERSON}/m1`, JSON.stringify({ time, power: 2_000, peak: 2_500 }));
  await device.close();
  await until("it was refused", async () => (await balanced(gateway)).messages.quarantined === 1, PATIENTLY);
  await Deno.writeTextFile(`${gateway.folder}/profiles/meter.yaml`, profileUpTo(9_000));
  gateway.signal("SIGHUP");
  await gateway.logged("configuration_reloaded");
  const answers = [
    await post(gateway, "/api/v1/explain", { quarantine_id: 1 }),
    await post(gateway, "/api/v1/explain", { device: "m1", time: new Date(time * 1_000).toISOString() }),
    await post(gateway, "/api/v1/quarantine/replay", { ids: [1], dry_run: true }),
    await post(gateway, "/api/v1/quarantine/replay", { ids: [1] }),
  ];
  assertEquals([answers[2].accepted, answers[3].accepted], [1, 1]);
  const said = JSON.stringify(answers);
  assertEquals(said.includes(PERSON), false, said);
  assertStringIncludes(said, "peak=2500");
  // It dies with the command on disk, perhaps before anything else knows of it.
  await gateway.kill();
  await gateway.start();
  await gateway.ready();
  const { messages, beside } = await balanced(gateway);
  assertEquals([messages.processed, messages.quarantined, beside.replayed], [1, 0, 1]);
  await until(
    "the database holds it",
    async () => /peak=2500/.test((await content(site)).join("\n")),
    PATIENTLY,
  );
  assertEquals((await content(site)).join("\n").includes(PERSON), false);
});
