import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { differences } from "../../devices/simulator/mod.ts";
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

Deno.test("SIGTERM under load ends the gateway with 0 and no half window; the restart goes on where it stood", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), {
      // Longer than the stop lasts: what is in the database by then was closed by event time alone.
      downsample: { every: "10s", lateness: "2s", idle_after: "3s", hold: "30s" },
    }),
    profiles: await siteProfiles(),
  });
  const load = site.use(await Load.connect({ url, seed: 611, each: 160, spread: 30 * 60_000, pace: 4_000 }));
  const publishing = load.publish();
  await until("half is published", () => load.acknowledged > load.total / 2, { every: 1 });
  const began = performance.now();
  assertEquals(await gateway.stop(), 0);
  assert(performance.now() - began < 12_000, "it ends within its deadline of 10 s for the flush");
  const atStop = await contentOf(site.database);
  assertEquals(await gateway.stderr(), "");
  await publishing;
  await load.settled();
  const expected = expectedPoints(load.sent, await gateway.rules());
  const halfFull = [...differences(expected.points, atStop)].filter(({ kind }) => kind !== "missing");
  assertEquals(halfFull, []);
  assert(atStop.values > 5_000);

  await gateway.start();
  const ledger = await gateway.atRest(load.sent.length);
  assertEquals(countsOf(ledger), expectedCounts(expected));
  assertEquals(wrongIn(expected.points, await contentOf(site.database)), []);
  // Everything received was acknowledged before the end: nothing came twice.
  assertEquals(ledger.messages.duplicate, 0);
});

Deno.test("SIGHUP under load puts a good file in force and refuses a bad one, and no message is lost", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const config = siteConfig(url, influx1(site.database));
  const gateway = await site.gateway({ config, profiles: await siteProfiles() });
  const load = site.use(await Load.connect({ url, seed: 612, each: 200, spread: 30 * 60_000, pace: 3_000 }));
  const rulesInForce = async (): Promise<string[]> => {
    const { items } = (await gateway.get("/api/v1/rules")).body;
    return items.map((item: { rule?: { name: string }; name?: string }) => item.rule?.name ?? item.name);
  };
  assertEquals(await rulesInForce(), []);
  const publishing = load.publish();
  await until("a third is published", () => load.acknowledged > load.total / 3, { every: 1 });
  await gateway.configure({ ...config, alerts: [{ name: "hot", field: "temperature", above: 80 }] });
  gateway.signal("SIGHUP");
  await until("the new rule is in force", async () => (await rulesInForce()).includes("hot"), { every: 50 });

  await gateway.configure({ ...config, alerts: [{ name: "cold", field: "temperature", belov: 3 }] });
  gateway.signal("SIGHUP");
  await until("the bad file is refused", async () => (await gateway.stderr()) !== "", { every: 50 });
  await publishing;
  await load.settled();
  const stderr = await gateway.stderr();
  assertStringIncludes(stderr, "belov");
  assertStringIncludes(stderr, "The configuration in force stays");
  assertEquals(await rulesInForce(), ["hot"]);

  await gateway.configure(config);
  const ledger = await gateway.atRest(load.sent.length);
  const expected = expectedPoints(load.sent, await gateway.rules());
  assertEquals(countsOf(ledger), expectedCounts(expected));
  assertEquals(wrongIn(expected.points, await contentOf(site.database)), []);
  assert(ledger.balanced);
});
