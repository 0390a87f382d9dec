import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { GatewayProcess } from "../support/gateway_process.ts";
import { Load } from "../support/load.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { KEEPING, PACE, siteConfig, siteProfiles } from "../support/river_site.ts";
import { verified } from "../support/verified.ts";
import { startVictoria, type Victoria } from "../support/victoria.ts";
import { askOver, identify } from "../../src/verify/mod.ts";

/** Samples that VictoriaMetrics holds in two measurements, each time of a series once. */
async function samplesIn(database: Victoria): Promise<number> {
  const series = await database.export('{__name__=~"(climate|power)_.*"}');
  return series.reduce((sum, { timestamps }) => sum + new Set(timestamps).size, 0);
}

for (const keepsAll of [false, true]) {
  const how = keepsAll ? "keeps every sample" : "deduplicates";
  Deno.test(`verify agrees with a VictoriaMetrics that ${how}, after a kill -9, and finds what was deleted`, async () => {
    await using stack = new AsyncDisposableStack();
    const broker = await startMosquitto(KEEPING);
    if (broker === undefined) return;
    stack.defer(() => broker.remove());
    const database = await startVictoria({ keepsAll });
    if (database === undefined) return;
    stack.defer(() => database.remove());
    const influxdb = { url: database.url, version: 2, org: "o", bucket: "b", token: "t", ...PACE };
    const gateway = stack.use(
      await GatewayProcess.start({
        config: siteConfig(broker.url(), influxdb),
        profiles: await siteProfiles(),
      }),
    );
    const load = stack.use(
      await Load.connect({ url: broker.url(), seed: 5, devices: 6, each: 200, spread: 20 * 60_000 }),
    );
    await load.publish();
    await load.settled();
    await gateway.atRest(load.sent.length);
    // No checkpoint yet: everything is delivered a second time.
    await gateway.kill();
    await gateway.start();
    await gateway.atRest(load.sent.length);

    const all = await samplesIn(database);
    const agreed = await verified(gateway, "--patience", "20s");
    assertEquals([agreed.code, agreed.differences], [0, []], JSON.stringify(agreed));
    assertEquals([agreed.expected_least, agreed.expected_most, agreed.found], [all, all, all]);
    assert(agreed.sums_compared > 0 && all > 1_000, JSON.stringify(agreed));

    const [gone] = await database.export('{__name__=~"climate_temperature_mean"}');
    assert(gone !== undefined);
    const device = gone.metric["device"] ?? "";
    await fetch(`${database.url}/api/v1/admin/tsdb/delete_series`, {
      method: "POST",
      body: new URLSearchParams({ "match[]": `climate_temperature_mean{device="${device}"}` }),
    });
    const missing = await verified(gateway, "--patience", "0s");
    assertEquals(
      [missing.code, missing.found],
      [1, all - new Set(gone.timestamps).size],
      JSON.stringify(missing),
    );
    assertEquals(new Set(missing.differences.map((row) => row.device)), new Set([device]));
    assertStringIncludes(missing.notes.join("\n"), "-retentionPeriod, 100y");
  });
}

Deno.test("V10: VictoriaMetrics is asked for whole days, for the database that was written to, and for any name", async () => {
  const database = await startVictoria();
  if (database === undefined) return;
  try {
    const begin = Date.UTC(2026, 2, 1);
    const write = async (db: string, ...lines: readonly string[]): Promise<void> => {
      const body = lines.join("\n");
      const response = await fetch(`${database.url}/write?db=${db}&precision=ms`, { method: "POST", body });
      assertEquals(response.status, 204);
    };
    await write(
      "plant",
      `climate,device=d.1|x t_mean=1.5,s="abc",b=true ${begin}`,
      `climate,device=d.1|x t_mean=2.5 ${begin + 86_399_999}`,
      `climate,device=d.1|x,replayed=true t_mean=9 ${begin}`,
      `climate,device=d.1|x t_mean=4 ${begin + 86_400_000}`,
      `climate_t,device=d.1|x mean=100 ${begin - 1}`,
    );
    await write("other", `climate,device=d.1|x t_mean=7 ${begin + 1}`);
    await database.export('{__name__!=""}');
    const headers = () => Promise.resolve({});
    const ask = askOver({ name: "The database", base: database.url, headers, hint: "start it" });
    const plant = await identify(
      { version: 1, database: "plant", retentionPolicy: null },
      database.url,
      ask,
    );
    const days = { from: begin, to: begin + 2 * 86_400_000 };
    const question = { measurement: "climate", fields: ["t_mean", "s", "b"], numbers: ["t_mean"], days };
    const there = [
      { device: "d.1|x", day: "2026-03-01", values: 4, sum: 4 },
      { device: "d.1|x", day: "2026-03-02", values: 1, sum: 4 },
    ];
    assertEquals(await plant.content(question), there);
    const recounted = await plant.recount?.(question, ["d.1|x"]) ?? [];
    assertEquals([...recounted].sort((a, b) => a.day < b.day ? -1 : 1), there);
  } finally {
    await database.remove();
  }
});
