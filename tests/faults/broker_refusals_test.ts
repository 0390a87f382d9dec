/** A broker that refuses: a password that is no longer right, a filter that may not be read. */
import { assertEquals } from "@std/assert";
import { writePasswords } from "../support/mosquitto.ts";
import { refuse, refusingBroker } from "../support/refusing_broker.ts";
import { KEEPING } from "../support/river_site.ts";
import { until } from "../support/until.ts";
import { countOf, scenario, WatchedStand } from "./kit/mod.ts";

const KEEPING_LINES = KEEPING.lines ?? [];

scenario("password changed at the broker under load, at the gateway later", {
  shows: ["P1", "P2", "P3", "P8"],
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice_password_" });
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  await Deno.writeTextFile(`${folder}/password`, "first-secret\n");
  await using watched = await WatchedStand.open(361, {
    // Devices need none.
    broker: { passwords: { gateway: "first-secret" }, lines: ["allow_anonymous true", ...KEEPING_LINES] },
    mqtt: { username: "gateway", password_file: `${folder}/password` },
  });
  if (watched === undefined) return;
  const { stand } = watched;
  const { broker, gateway, load } = stand;
  const publishing = load.publish(stand.share);
  await until("messages are under way", () => watched.witness.pubacks > 0, { timeout: 30_000, every: 1 });
  await writePasswords(`${broker.folder}/passwords`, { gateway: "second-secret" });
  broker.reload();
  await until("it is refused again and again", async () => await countOf(stand, "mqtt_refused") >= 3, {
    timeout: 60_000,
    every: 100,
    state: () => gateway.stderrNow(),
  });
  await gateway.logged("mqtt_refused", ({ text }) => String(text).includes('user "gateway"'));
  await Deno.writeTextFile(`${folder}/password`, "second-secret\n");
  await gateway.ready();
  await publishing;
  stand.faultOver();
  const refusals = await countOf(stand, "mqtt_refused");
  const row = await watched.accounted(`${refusals} refusals`);
  assertEquals(/(first|second)-secret/.test(gateway.stderrNow() + await gateway.stdout()), false);
  return row;
});

scenario(
  "a filter refused by the broker, allowed after a restart",
  { shows: ["P2", "P3", "P6"] },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "sluice_refusals_" });
    await using _ = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
    const refusing = await refusingBroker(folder, "site/+/power/#");
    if (refusing === undefined) return;
    await using watched = await WatchedStand.open(362, {
      broker: { persistence: true, lines: [...refusing.lines ?? [], ...KEEPING_LINES] },
      load: { returns: true },
      stopped: true,
    });
    if (watched === undefined) return;
    const { stand } = watched;
    const { broker, gateway, load } = stand;
    await gateway.start();
    const refusal = await gateway.logged("mqtt_subscription_refused");
    assertEquals(refusal.filter, "site/+/power/+");
    // The other filter is listened to.
    await load.publish(Math.round(stand.share / 2));
    await load.settled();
    const unheard = load.sent.filter(({ topic }) => topic.includes("/power/")).length;
    await until("the other half is taken", async () => {
      const { received, duplicate } = (await gateway.ledger()).messages;
      return received - duplicate === load.sent.length - unheard;
    }, { timeout: 60_000, every: 100, state: () => gateway.stderrNow() });
    await watched.reconnected(async () => {
      await broker.stop();
      await refuse(folder);
      await broker.start();
    });
    await gateway.logged("mqtt_subscribed", ({ filters }) => filters === "site/+/power/+");
    await load.publish(stand.share);
    stand.faultOver();
    const { row, missing } = await watched.accountedButLost();
    assertEquals(missing.length, unheard);
    assertEquals(missing.every(({ topic }) => topic.includes("/power/")), true);
    return { ...row, note: `${unheard} messages of the refused filter were never sent to it; it said so` };
  },
);
