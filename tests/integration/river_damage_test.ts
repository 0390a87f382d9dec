import { assert, assertEquals, assertGreater } from "@std/assert";
import mqtt from "mqtt";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { influx1 } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const PROFILE = `profile: counter
measurement: counter
fields:
  n: { type: int, downsample: none }
`;
const TOTAL = 3_000;

/** A gateway that was killed with all its points waiting, the inbox trimmed or whole. */
async function killedWithBacklog(
  site: Site,
  buffer: Readonly<Record<string, unknown>>,
): Promise<GatewayProcess> {
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: {
      mqtt: { url, client_id: "sluice-damage" },
      subscriptions: [{ topic: "count/{device}", profile: "counter" }],
      buffer: { max_bytes: "64MiB", ...buffer },
      influxdb: influx1(site.database),
    },
    profiles: { counter: PROFILE },
  });
  await site.database.stop();
  const client = await mqtt.connectAsync(url, { protocolVersion: 5 });
  site.use({ [Symbol.asyncDispose]: () => client.endAsync() });
  for (let from = 0; from < TOTAL; from += 100) {
    const sent = Array.from({ length: 100 }, (_, n) => {
      return client.publishAsync(`count/d${n % 4}`, JSON.stringify({ n: from + n }), { qos: 1 });
    });
    await Promise.all(sent);
  }
  await until("everything is taken in", async () => {
    return (await gateway.ledger()).messages.processed === TOTAL;
  }, { timeout: 30_000, every: 50 });
  return gateway;
}

async function checkpoints(gateway: GatewayProcess): Promise<string[]> {
  const folder = `${gateway.dataDir}/checkpoint`;
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ name }) => /^checkpoint-\d+$/.test(name)).map(({ name }) => `${folder}/${name}`)
    .sort();
}

async function flip(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await Deno.writeFile(path, bytes);
}

async function inDatabase(site: Site): Promise<number> {
  const [counted] = await site.database.query('SELECT count("n") FROM "counter"');
  return Number(counted?.values[0]?.[1] ?? 0);
}

const TRIMMED = { checkpoint: { after_bytes: "32KiB", at_most: "1s" } };

Deno.test("with one checkpoint damaged the older one counts, and the log says so", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await killedWithBacklog(site, TRIMMED);
  await until("there are two generations", async () => (await checkpoints(gateway)).length === 2, {
    every: 50,
  });
  await gateway.kill();
  await flip((await checkpoints(gateway)).at(-1) ?? "");
  await site.database.start();
  await gateway.start();
  const ledger = await gateway.atRest(TOTAL);
  assert(ledger.balanced);
  assertEquals(ledger.rebased, []);
  assertEquals((await gateway.log("checkpoint_damaged")).length, 1);
  assertEquals(await inDatabase(site), TOTAL);
});

for (const [what, harm] of [["damaged", flip], ["gone", (path: string) => Deno.remove(path)]] as const) {
  Deno.test(`with every checkpoint ${what} and the inbox whole, everything is made again and counted once`, async () => {
    await using site = await Site.open();
    if (site === undefined) return;
    const gateway = await killedWithBacklog(site, { checkpoint: { after_bytes: "32MiB", at_most: "1s" } });
    await until("there is a checkpoint", async () => (await checkpoints(gateway)).length > 0, { every: 50 });
    await gateway.kill();
    for (const path of await checkpoints(gateway)) await harm(path);
    await site.database.start();
    await gateway.start();
    const ledger = await gateway.atRest(TOTAL);
    assert(ledger.balanced);
    assertEquals([ledger.messages.processed, ledger.readings.delivered], [TOTAL, TOTAL]);
    assertEquals(await inDatabase(site), TOTAL);
  });

  Deno.test(`with every checkpoint ${what} and the inbox trimmed, the waiting points still arrive, also when the first start dies`, async () => {
    await using site = await Site.open();
    if (site === undefined) return;
    const gateway = await killedWithBacklog(site, { ...TRIMMED, max_bytes: "2MiB" });
    // A checkpoint follows a change: one message after the other brings them on until the first segment goes.
    const client = await mqtt.connectAsync(site.broker.url(), { protocolVersion: 5 });
    let total = TOTAL;
    await until("the inbox was trimmed", async () => {
      const names = await Array.fromAsync(Deno.readDir(`${gateway.dataDir}/inbox`));
      if (names.every(({ name }) => !name.startsWith("0000000000000001-"))) return true;
      await client.publishAsync("count/d0", JSON.stringify({ n: total++ }), { qos: 1 });
      return false;
    }, { timeout: 60_000, every: 200 });
    await client.endAsync();
    await until("everything is taken in", async () => {
      return (await gateway.ledger()).messages.processed === total;
    }, { every: 50 });
    await gateway.kill();
    for (const path of await checkpoints(gateway)) await harm(path);
    gateway.spawn();
    await gateway.logged("checkpoint_lost");
    await gateway.kill();
    await site.database.start();
    await gateway.start();
    await until("all of it is in the database", async () => await inDatabase(site) === total, {
      timeout: 30_000,
      every: 100,
      state: () => gateway.stderrNow(),
    });
    const ledger = await gateway.ledger();
    assert(ledger.balanced);
    assertEquals(ledger.messages.corrupt, 0);
    assertGreater(ledger.rebased.length, 0);
  });
}
