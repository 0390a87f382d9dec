/** VictoriaMetrics in InfluxDB's place. It keeps numbers alone, and of two values at one time the larger. */
import { assertEquals, assertGreater } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import { compare, differenceText } from "../support/oracle.ts";
import { countsOf, expectedCounts, RUN } from "../support/river_site.ts";
import { until } from "../support/until.ts";
import { startVictoria, type Victoria } from "../support/victoria.ts";
import { asVictoriaKeeps, contentOfVictoria } from "../support/victoria_content.ts";
import { cli } from "../support/cli_process.ts";
import { type Row, scenario, seedOf, Stand } from "./kit/mod.ts";

/** Windows that no pause of the load completes too early: one that is written again may have become smaller. */
const PATIENT = { downsample: { every: "10s", lateness: "2s", idle_after: "5s", hold: "30s" } };

const TEXTS = ["climate_label", "power_tariff"];

/** The end: as `stand.accounted`, but held against what VictoriaMetrics has. */
async function accounted(stand: Stand, victoria: Victoria, note: string): Promise<Row> {
  const { ledger, expected, recovered } = await stand.atRest();
  assertEquals(countsOf(ledger), expectedCounts(expected));
  assertEquals([ledger.balanced, ledger.rebased], [true, []]);
  assertEquals(await stand.quarantined(), expected.quarantined + expected.rejected);
  const numbers = asVictoriaKeeps(expected.points);
  const content = await contentOfVictoria(victoria, RUN, TEXTS);
  assertEquals(compare(numbers, content).slice(0, 10).map(differenceText), []);
  return stand.row(ledger, { ...expected, points: numbers }, content, recovered, note);
}

scenario("VictoriaMetrics: kill -9 of the gateway and its line cut under load", {
  shows: ["P1", "P2", "P3"],
}, async () => {
  const seed = seedOf("victoria");
  const victoria = await startVictoria();
  if (victoria === undefined) return;
  try {
    await using stand = await Stand.open(seed, { load: { each: 160, pace: 1_500 }, config: PATIENT });
    if (stand === undefined) return;
    const { gateway, load, databaseLine, front } = stand;
    front.database = victoria.url;
    const dice = new Dice(seed);
    const publishing = load.publish();
    for (let n = 1; n <= 8; n++) {
      const moment = load.total * (n - dice.uniform() / 2) / 9;
      await until("the load is at the next fault", () => load.acknowledged >= moment, {
        timeout: 60_000,
        every: 1,
      });
      databaseLine.cut(dice.happens(0.5) ? "rst" : "fin");
      if (n % 2 === 0) {
        await gateway.kill();
        await gateway.start();
      }
    }
    stand.faultOver();
    await publishing;
    const row = await accounted(
      stand,
      victoria,
      `4 kills, 8 cuts; numbers, each field a series; seed ${seed}`,
    );
    assertGreater(front.delivered, 0);
    assertEquals(await stand.database.query("SHOW MEASUREMENTS"), []);
    return row;
  } finally {
    await victoria.remove();
  }
});

scenario("VictoriaMetrics killed right after its 204, and replay", { shows: ["P2", "P3"] }, async () => {
  const victoria = await startVictoria();
  if (victoria === undefined) return;
  try {
    // Small segments: most of them are in the archive when they are needed.
    const checkpoint = { after_bytes: "64KiB", at_most: "1s" };
    const archive = { buffer: { max_bytes: "8MiB", archive: "1h", checkpoint } };
    await using stand = await Stand.open(302, { config: { ...PATIENT, ...archive } });
    if (stand === undefined) return;
    const { gateway, load, front } = stand;
    front.database = victoria.url;
    await load.publish();
    await gateway.atRest(load.total);
    await victoria.kill();
    await victoria.start();
    stand.faultOver();
    // The gateway has its word for all of it, and has let go of it; but the last seconds were in memory alone.
    const expected = asVictoriaKeeps((await stand.expected()).points);
    const left = compare(expected, await contentOfVictoria(victoria, RUN, TEXTS));
    assertGreater(left.length, 0);
    assertEquals(left.filter(({ kind }) => kind !== "missing"), []);
    const archived = await Array.fromAsync(Deno.readDir(`${gateway.dataDir}/archive`));
    assertGreater(archived.length, 0);
    const { code, stderr } = await cli("replay", "--from", gateway.dataDir, "--config", gateway.configPath);
    assertEquals(code, 0, stderr);
    return await accounted(stand, victoria, `it lost ${left.length} values, replay brought all of them back`);
  } finally {
    await victoria.remove();
  }
});
