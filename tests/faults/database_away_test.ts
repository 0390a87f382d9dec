/** A database that is away: not there at all, killed, slow, gone for days. Everything waits, and arrives. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { until } from "../support/until.ts";
import { reachable, scenario, Stand, type Trouble, troubled } from "./kit/mod.ts";

const AWAY: Trouble = {
  state: "away",
  says: /cannot be reached|did not answer in time/,
};

/** Waits until the gateway has taken in so many messages. */
async function takenIn(stand: Stand, messages: number): Promise<LedgerAnswer> {
  let ledger: LedgerAnswer | undefined;
  return await until(`${messages} messages are taken in`, async () => {
    ledger = await stand.gateway.ledger();
    const { received, duplicate, waiting } = ledger.messages;
    return received - duplicate >= messages && waiting === 0 ? ledger : undefined;
  }, { timeout: 60_000, every: 100, state: () => ledger });
}

/** Waits until the database has taken more points than it had. */
async function delivering(stand: Stand): Promise<void> {
  const { delivered } = (await stand.gateway.ledger()).points;
  await until("the database takes points", async () => {
    return (await stand.gateway.ledger()).points.delivered > delivered;
  }, { timeout: 60_000, every: 60 });
}

/** The most memory that a process has had, MiB. */
async function mostMemory(pid: number | undefined): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024);
}

scenario("database down for the whole load", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(221);
  if (stand === undefined) return;
  stand.pastTheFront();
  await stand.database.stop();
  await stand.load.publish(stand.share);
  await troubled(stand, AWAY);
  const { points } = await takenIn(stand, stand.share);
  assertEquals(points.delivered, 0);
  assertGreater(points.waiting, 0);
  assertEquals((await stand.gateway.get("/readyz")).status, 200);
  await stand.database.start();
  stand.faultOver();
  return await stand.accounted(`${points.waiting.toLocaleString("en-US")} points waited`);
});

scenario(
  "database down for the whole load, gateway killed meanwhile",
  { shows: ["P1", "P2", "P3"] },
  async () => {
    await using stand = await Stand.open(222, { load: { each: 200 } });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    stand.pastTheFront();
    await stand.database.stop();
    await load.publish(Math.round(stand.share / 2));
    await until("half of the load waits for the database", async () => {
      return (await gateway.ledger()).points.waiting > 0;
    }, { every: 50, timeout: 30_000 });
    await gateway.kill();
    await load.publish(stand.share);
    await load.settled();
    await gateway.start();
    await gateway.ready();
    const { points } = await takenIn(stand, stand.share);
    assertEquals(points.delivered, 0);
    assertGreater(points.waiting, 0);
    await gateway.kill();
    await stand.database.start();
    stand.faultOver();
    await gateway.start();
    return await stand.accounted("2 kills");
  },
);

scenario("database killed and restarted under load × 5", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(223, { load: { each: 300, pace: 1_500 } });
  if (stand === undefined) return;
  stand.pastTheFront();
  const publishing = stand.load.publish(stand.share);
  for (let kill = 1; kill <= 5; kill++) {
    await delivering(stand);
    await stand.database.kill();
    await troubled(stand, AWAY);
    await stand.database.start();
    await reachable(stand);
  }
  stand.faultOver();
  await publishing;
  const row = await stand.accounted();
  const { resent } = (await stand.gateway.ledger()).beside;
  return { ...row, note: `${resent} blocks sent again` };
});

scenario("database slow: every answer takes half a second and more", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(224, { influxdb: { batch: { max_points: 5_000, max_wait: "1s" } } });
  if (stand === undefined) return;
  stand.databaseLine.slow(500);
  await stand.load.publish(stand.share);
  await takenIn(stand, stand.share);
  const { body } = await stand.gateway.get("/api/v1/status");
  // The devices did not wait for it: all is taken in while the database has not even had half of it.
  const { waiting, produced } = body.ledger.points;
  assertGreater(waiting, produced / 2);
  assertEquals(body.destinations[0].detail, null);
  await until("five requests are answered, slowly", () => stand.front.writes > 5, { timeout: 60_000 });
  stand.databaseLine.slow(0);
  stand.faultOver();
  return await stand.accounted("the devices do not wait for it");
});

scenario("three days of backlog, gateway restarted meanwhile", { shows: ["P2", "P3", "P4"] }, async () => {
  const spread = 3 * 24 * 3_600_000;
  await using stand = await Stand.open(225, { load: { each: 500, spread } });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  stand.pastTheFront();
  await stand.database.stop();
  await load.publish(stand.share);
  await takenIn(stand, stand.share);
  const { outbox } = (await gateway.get("/api/v1/status")).body;
  assertGreater(outbox.points, 5 * stand.share);
  const before = await mostMemory(gateway.pid);
  // All of it has to be read back from the disk, and in a little at a time.
  assertEquals(await gateway.stop(), 0);
  await gateway.start();
  await troubled(stand, AWAY);
  await stand.database.start();
  stand.faultOver();
  const row = await stand.accounted();
  const after = await mostMemory(gateway.pid);
  // As loose as can be: the table tells how much it was.
  assert(Math.max(before, after) < 1_000, `${before} MiB, then ${after} MiB`);
  const points = outbox.points.toLocaleString("en-US");
  return { ...row, note: `${points} points waited; ${before} MiB of memory at most, then ${after} MiB` };
});
