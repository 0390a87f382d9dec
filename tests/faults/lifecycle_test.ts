/** Orders from outside under load: SIGTERM, a second process, files that are changed, good and bad. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { compare } from "../support/oracle.ts";
import { GatewayProcess } from "../support/gateway_process.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";
import { scenario, Stand } from "./kit/mod.ts";

/** Alert rules that change nothing of what is written. */
const HOT = { alerts: [{ name: "hot", field: "temperature", above: 80 }] };

scenario("SIGTERM under load, three times", { shows: ["P2", "P3"], always: true }, async () => {
  // Longer than a stop lasts: what is in the database by then was closed by event time alone.
  const downsample = { every: "10s", lateness: "2s", idle_after: "3s", hold: "30s" };
  await using stand = await Stand.open(61, { load: { each: 160, pace: 3_000 }, config: { downsample } });
  if (stand === undefined) return;
  for (const part of [0.25, 0.5, 0.75]) {
    const publishing = stand.load.publish(stand.share * part);
    await until("the load is on its way", () => stand.load.acknowledged > stand.share * (part - 0.1), {
      every: 1,
    });
    assertEquals(await stand.gateway.stop(), 0);
    await publishing;
    const halfFull = compare((await stand.expected()).points, await stand.content())
      .filter(({ kind }) => kind !== "missing");
    assertEquals(halfFull, [], "no half window is written at a stop");
    await stand.gateway.start();
  }
  stand.faultOver();
  const row = await stand.accounted("exit code 0 each time, no half window");
  assertEquals((await stand.gateway.ledger()).messages.duplicate, 0);
  return row;
});

scenario("SIGTERM twice in a row", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(62, { load: { pace: 3_000 } });
  if (stand === undefined) return;
  // The flush of what waits would take a while: the database is away.
  stand.databaseLine.set("refuse");
  stand.databaseLine.cut();
  await stand.load.publish(stand.share);
  stand.gateway.signal("SIGTERM");
  await stand.gateway.logged("gateway_stopping");
  stand.gateway.signal("SIGTERM");
  const code = await stand.gateway.exit();
  stand.databaseLine.set("pass");
  await stand.gateway.start();
  stand.faultOver();
  return await stand.accounted(`exit code ${code}`);
});

scenario("two gateways on one data folder", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(63, { load: { pace: 3_000 } });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  const publishing = load.publish(stand.share);
  for (let attempt = 1; attempt <= 3; attempt++) {
    await using second = await GatewayProcess.create({
      config: siteConfig(stand.broker.url(), undefined, {
        gateway: { id: "second", data_dir: gateway.dataDir },
        mqtt: { url: stand.broker.url(), client_id: "second" },
      }),
    });
    second.spawn();
    assertEquals(await second.exit(), 3);
    assertStringIncludes(await second.stderr(), String(gateway.pid));
  }
  await publishing;
  return await stand.accounted("the second ends with 3 and names the first, three times");
});

scenario(
  "reload under load with good files and bad ones",
  { shows: ["P2", "P3"], always: true },
  async () => {
    await using stand = await Stand.open(64, { load: { each: 200, pace: 2_500 } });
    if (stand === undefined) return;
    const { gateway } = stand;
    const publishing = stand.load.publish(stand.share);
    for (let turn = 1; turn <= 5; turn++) {
      await stand.configure(HOT);
      gateway.signal("SIGHUP");
      await inForce(gateway, ["hot"]);
      await stand.configure({ alerts: [{ name: "cold", field: "temperature", belov: 3 }] });
      gateway.signal("SIGHUP");
      await until("the bad file is refused", async () => {
        return (await gateway.stderr()).split("The configuration in force stays").length > turn;
      }, { timeout: 20_000, every: 50 });
      await inForce(gateway, ["hot"]);
      await stand.configure({});
      gateway.signal("SIGHUP");
      await inForce(gateway, []);
    }
    await publishing;
    stand.faultOver();
    return await stand.accounted("5 good, 5 bad, 5 back");
  },
);

scenario(
  "window definitions changed in mid-window, under load and with a kill",
  { shows: ["P2", "P5"] },
  async () => {
    await using stand = await Stand.open(65, { load: { each: 200, pace: 2_500 } });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    const publishing = load.publish(stand.share);
    for (const [turn, every] of ["5s", "15s", "10s"].entries()) {
      await until("the load is in the middle", () => load.acknowledged > stand.share * (turn + 1) / 4, {
        timeout: 30_000,
        every: 5,
      });
      await stand.configure({
        downsample: { every, lateness: "2s", idle_after: "2s", hold: "30s" },
        // By its name one sees that the file is in force.
        alerts: [{ name: `with-${every}`, field: "temperature", above: 80 }],
      });
      gateway.signal("SIGHUP");
      await inForce(gateway, [`with-${every}`]);
      if (turn === 1) {
        await gateway.kill();
        await gateway.start();
      }
    }
    await publishing;
    stand.faultOver();
    const { ledger, content, expected, recovered } = await stand.atRest();
    assert(ledger.balanced);
    // Windows of other lengths, the same readings: each is in exactly one window's count.
    assertEquals(ledger.readings.decoded, expected.readings);
    assertEquals(
      countedIn(content, "temperature_count"),
      load.sent.filter(({ topic }) => topic.includes("climate")).length,
    );
    const row = stand.row(ledger, expected, content, recovered);
    return { ...row, lost: 0, doubled: 0, note: "every reading in exactly one window's count" };
  },
);

scenario("the configuration edited between a kill and the start", { shows: ["P2", "P3", "P5"] }, async () => {
  await using stand = await Stand.open(66, { load: { each: 160, pace: 3_000 } });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  for (let turn = 1; turn <= 4; turn++) {
    const publishing = load.publish(stand.share * turn / 4);
    await until("the load is on its way", () => load.acknowledged > stand.share * (turn - 0.5) / 4, {
      every: 1,
    });
    await gateway.kill();
    await stand.configure(turn % 2 === 1 ? HOT : {});
    await gateway.start();
    await publishing;
  }
  stand.faultOver();
  const row = await stand.accounted("4 kills, 4 edits");
  assertGreater(row.points, 1_000);
  return row;
});

/** Waits until these alert rules are in force, and no others. */
async function inForce(gateway: GatewayProcess, names: readonly string[]): Promise<void> {
  await until(`the rules in force are "${names}"`, async () => {
    const { items } = (await gateway.get("/api/v1/rules")).body;
    const found = items.map((item: { rule?: { name: string }; name?: string }) =>
      item.rule?.name ?? item.name
    );
    return String(found) === String(names);
  }, { timeout: 20_000, every: 60 });
}

/** The sum of a field over all points. */
function countedIn(content: Awaited<ReturnType<Stand["content"]>>, field: string): number {
  let sum = 0;
  for (const { columns, rows } of content.series()) {
    const index = columns.findIndex(({ name }) => name === field);
    if (index < 0) continue;
    for (const row of rows.values()) sum += Number(row[index] ?? 0);
  }
  return sum;
}
