import { assertEquals, assertGreater } from "@std/assert";
import { GatewayProcess } from "../support/gateway_process.ts";
import { Load } from "../support/load.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { expectedPoints } from "../support/oracle.ts";
import { replayed } from "../support/replayed.ts";
import { KEEPING, PACE, RUN, siteConfig, siteProfiles, wrongIn } from "../support/river_site.ts";
import { startVictoria } from "../support/victoria.ts";
import { asVictoriaKeeps, contentOfVictoria } from "../support/victoria_content.ts";

Deno.test("a VictoriaMetrics that is killed right after its last 204 has lost seconds, and a replay of the archive gives them back", async () => {
  await using stack = new AsyncDisposableStack();
  const broker = await startMosquitto(KEEPING);
  if (broker === undefined) return;
  stack.defer(() => broker.remove());
  const database = await startVictoria();
  if (database === undefined) return;
  stack.defer(() => database.remove());
  const influxdb = {
    url: database.url,
    version: 2,
    org: "plant",
    bucket: "telemetry",
    token: "any",
    ...PACE,
  };
  const gateway = stack.use(
    await GatewayProcess.start({
      config: siteConfig(broker.url(), influxdb, {
        buffer: { max_bytes: "256MiB", archive: "24h" },
        // Of two values at one time it keeps the larger, so no window may be written before it is full.
        downsample: { every: "10s", lateness: "2s", idle_after: "6s", hold: "30s" },
      }),
      profiles: await siteProfiles(),
    }),
  );
  const load = stack.use(
    await Load.connect({ url: broker.url(), seed: 204, devices: 20, each: 100, spread: 15 * 60_000 }),
  );
  await load.publish();
  await load.settled();
  const ledger = await gateway.atRest(load.sent.length);
  await database.kill();
  await database.start();

  const expected = asVictoriaKeeps(expectedPoints(load.sent, await gateway.rules()).points);
  const texts = ["climate_label", "power_tariff"];
  const left = await contentOfVictoria(database, RUN, texts);
  assertGreater(expected.values, left.values, "it has lost what it had taken");
  const run = await replayed(gateway);
  assertEquals([run.code, run.stderr, run.left_out], [0, "", { edge: 0, open: 0 }]);
  assertEquals(wrongIn(expected, await contentOfVictoria(database, RUN, texts)), []);
  assertEquals((await replayed(gateway)).code, 0);
  assertEquals(wrongIn(expected, await contentOfVictoria(database, RUN, texts)), []);
  assertEquals((await gateway.ledger()).points, ledger.points);
});
