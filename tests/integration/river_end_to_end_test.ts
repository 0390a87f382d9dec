import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { Load } from "../support/load.ts";
import { expectedPoints, type PointTable } from "../support/oracle.ts";
import {
  contentOf,
  countsOf,
  expectedCounts,
  influx1,
  PACE,
  siteConfig,
  siteProfiles,
  wrongIn,
} from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { startVictoria, type VictoriaSeries } from "../support/victoria.ts";

const SEED = 20_611;
const EACH = 400;

Deno.test("20,000 messages of 50 devices are in InfluxDB 1.x and in VictoriaMetrics as an independent recomputation has them", async () => {
  await using site = await Site.open();
  const victoria = site === undefined ? undefined : await startVictoria();
  if (site === undefined || victoria === undefined) return;
  site.use({ [Symbol.asyncDispose]: () => victoria.remove() });
  const profiles = await siteProfiles();
  const url = site.broker.url();
  const intoInflux = await site.gateway({ config: siteConfig(url, influx1(site.database)), profiles });
  const v2 = { url: victoria.url, version: 2, org: "plant", bucket: "telemetry", token: "any", ...PACE };
  const intoVictoria = await site.gateway({
    config: siteConfig(url, v2, {
      mqtt: { url, client_id: "sluice-victoria" },
      // Of two values at one time VictoriaMetrics keeps the larger, so no window may be written before it is full.
      downsample: { every: "10s", lateness: "2s", idle_after: "6s", hold: "30s" },
    }),
    profiles,
  });
  const load = site.use(await Load.connect({ url, seed: SEED, each: EACH, spread: 30 * 60_000 }));
  await load.publish();
  await load.settled();
  assertEquals(load.sent.length, 20_000);

  const expected = expectedPoints(load.sent, await intoInflux.rules());
  for (const gateway of [intoInflux, intoVictoria]) {
    const ledger = await gateway.atRest(load.sent.length);
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assert(ledger.balanced);
    assertEquals(ledger.messages.duplicate, 0);
  }

  // What passes without windows: count and sum are those of the published messages themselves.
  const published = load.sent.flatMap(({ payload }) => {
    const { temperature } = JSON.parse(payload);
    return temperature === undefined ? [] : [Math.round(100 * temperature)];
  });
  const [answer] = await site.database.query(
    'SELECT count("raw_temperature"), sum("raw_temperature") FROM climate',
  );
  const sum = published.reduce((total, value) => total + value, 0);
  assertEquals(answer?.values[0]?.slice(1), [published.length, sum]);

  // Each window's mean, min, max and count, and everything else.
  const content = await contentOf(site.database);
  assertEquals(wrongIn(expected.points, content), []);
  assertGreater(content.values, 60_000);
  const inVictoria = samplesOf(await victoria.export('{run="test"}'));
  assertEquals(inVictoria.size, numbersOf(expected.points).size);
  for (const [place, value] of numbersOf(expected.points)) {
    assertAlmostEquals(inVictoria.get(place) ?? NaN, value, 1e-9 * Math.max(1, Math.abs(value)), place);
  }
});

/** Every sample by its series and time. */
function samplesOf(series: readonly VictoriaSeries[]): Map<string, number> {
  const samples = new Map<string, number>();
  for (const { metric: { __name__: name = "", db: _, ...tags }, values, timestamps } of series) {
    const place = `${name}${JSON.stringify(Object.entries(tags).sort())}`;
    for (const [n, value] of values.entries()) samples.set(`${place} ${timestamps[n]}`, value);
  }
  return samples;
}

/** What VictoriaMetrics keeps of a table: numbers, booleans as 0 and 1, texts as 0. */
function numbersOf(table: PointTable): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { key, columns, rows } of table.series()) {
    const brace = key.indexOf("{");
    const tags = JSON.stringify(Object.entries(JSON.parse(key.slice(brace))).sort());
    for (const [time, row] of rows) {
      for (const [n, value] of row.entries()) {
        if (value === undefined) continue;
        const name = `${key.slice(0, brace)}_${columns[n]?.name}`;
        numbers.set(`${name}${tags} ${time / 1_000_000n}`, typeof value === "string" ? 0 : Number(value));
      }
    }
  }
  return numbers;
}
