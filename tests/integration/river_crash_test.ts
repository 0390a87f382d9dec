import { assert, assertEquals } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { Load } from "../support/load.ts";
import { expectedPoints } from "../support/oracle.ts";
import {
  contentOf,
  countsOf,
  expectedCounts,
  influx1,
  siteConfig,
  siteProfiles,
  wrongIn,
} from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const KILLS = 5;
/** Checkpoints now and then, so that kills fall before, into and after them. */
const BUFFER = { max_bytes: "256MiB", checkpoint: { after_bytes: "256KiB", at_most: "1s" } };

/** The seed of this run: SLUICE_SEED, or one of the clock's. */
function seedOf(test: string): number {
  const given = Deno.env.get("SLUICE_SEED");
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  Deno.stderr.writeSync(new TextEncoder().encode(`${test}: run it again with SLUICE_SEED=${seed}\n`));
  return seed;
}

/** Everything that was published is in the ledger and in the database, once. */
async function accounted(site: Site, gateway: GatewayProcess, load: Load): Promise<void> {
  const ledger = await gateway.atRest(load.sent.length);
  assertEquals(load.acknowledged, load.sent.length);
  const expected = expectedPoints(load.sent, await gateway.rules());
  assertEquals(countsOf(ledger), expectedCounts(expected));
  assertEquals(wrongIn(expected.points, await contentOf(site.database)), []);
  assert(ledger.balanced);
  assertEquals(ledger.messages.received, load.acknowledged + ledger.messages.duplicate);
  assertEquals(ledger.rebased, []);
}

Deno.test("a gateway that is killed five times under load loses nothing and doubles nothing", async () => {
  const seed = seedOf("five kills");
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), { buffer: BUFFER }),
    profiles: await siteProfiles(),
  });
  const load = site.use(await Load.connect({ url, seed, each: 400, spread: 30 * 60_000, pace: 4_000 }));
  const dice = new Dice(seed);
  const moments = Array.from({ length: KILLS }, () => dice.between(0.05, 0.95) * load.total).sort((a, b) =>
    a - b
  );

  const publishing = load.publish();
  for (const moment of moments) {
    await until("the load is at the next kill", () => load.acknowledged >= moment, {
      timeout: 30_000,
      every: 1,
    });
    await gateway.kill();
    // Now and then it does not even come to its feet.
    if (dice.happens(0.4)) {
      gateway.spawn();
      const stop = performance.now() + dice.between(150, 600);
      await until("the next kill is due", () => performance.now() >= stop, { every: 1 });
      await gateway.kill();
    }
    await gateway.start();
  }
  await publishing;
  await load.settled();
  await accounted(site, gateway, load);
});

Deno.test("a database that is away for the whole load gets everything when it is back, though the gateway was killed meanwhile", async () => {
  const seed = seedOf("database away");
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), { buffer: BUFFER }),
    profiles: await siteProfiles(),
  });
  await site.database.stop();
  const load = site.use(await Load.connect({ url, seed, each: 200, spread: 30 * 60_000 }));
  await load.publish(load.total / 2);
  await until("half of the load waits for the database", async () => {
    return (await gateway.ledger()).points.waiting > 0;
  }, { every: 50 });
  await gateway.kill();
  await load.publish();
  await load.settled();
  await gateway.start();
  await gateway.ready();
  let ledger = await gateway.ledger();
  await until("the whole load waits for the database", async () => {
    ledger = await gateway.ledger();
    return ledger.messages.received - ledger.messages.duplicate === load.sent.length &&
      ledger.points.waiting > 0;
  }, { every: 100, timeout: 30_000, state: () => ledger });
  assertEquals(ledger.points.delivered, 0);
  await gateway.kill();
  await site.database.start();
  await gateway.start();
  await accounted(site, gateway, load);
});
