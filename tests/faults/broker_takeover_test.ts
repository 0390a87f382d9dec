/** Another client under the gateway's client id: each throws the other out, and the session goes back and forth. */
import { assert, assertEquals } from "@std/assert";
import mqtt, { type MqttClient } from "mqtt";
import { until } from "../support/until.ts";
import { countOf, scenario, WatchedStand } from "./kit/mod.ts";

/**
 * A client that takes over the gateway's session and acknowledges nothing of what it is given. It goes as a dead one
 * does: without a word, so that the broker keeps the session.
 */
async function impostor(url: string, comesBackIn: number): Promise<MqttClient & AsyncDisposable> {
  const client = await mqtt.connectAsync(url, {
    clientId: "sluice-test",
    protocolVersion: 5,
    clean: false,
    properties: { sessionExpiryInterval: 3_600 },
    reconnectPeriod: comesBackIn,
  }, false);
  client.on("error", () => {});
  // Never called back: it takes the first message and no further one.
  client.handleMessage = () => {};
  return Object.assign(client, {
    [Symbol.asyncDispose]: async (): Promise<void> => await client.endAsync(true),
  });
}

/** Waits until the gateway was thrown out so many times. */
async function thrownOut({ stand }: WatchedStand, times: number): Promise<void> {
  await until(`it is thrown out ${times} times`, async () => {
    return await countOf(stand, "mqtt_disconnected") >= times;
  }, { timeout: 60_000, every: 100, state: () => stand.gateway.stderrNow() });
}

scenario("taken over by another client with its client id, once", {
  shows: ["P1", "P2", "P3"],
  always: true,
}, async () => {
  await using watched = await WatchedStand.open(371);
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const publishing = stand.load.publish(stand.share);
  await until("messages are under way", () => witness.pubacks > 0, { timeout: 30_000, every: 1 });
  await using _ = await impostor(stand.broker.url(), 0);
  await thrownOut(watched, 1);
  await watched.connected(2);
  await publishing;
  stand.faultOver();
  const row = await watched.accounted(`${witness.repeated} messages came again`);
  assertEquals(witness.connects, 2);
  return row;
});

scenario("a fight of two clients for one client id, 6 rounds", { shows: ["P1", "P2", "P3"] }, async () => {
  await using watched = await WatchedStand.open(372, { load: { pace: 800 } });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const publishing = stand.load.publish(stand.share);
  await until("messages are under way", () => witness.pubacks > 0, { timeout: 30_000, every: 1 });
  const rounds = 6;
  {
    await using _ = await impostor(stand.broker.url(), 300);
    await thrownOut(watched, rounds);
  }
  await stand.gateway.ready();
  await publishing;
  stand.faultOver();
  const row = await watched.accounted(`${witness.repeated} messages came again`);
  // No storm: one attempt for each time that it was thrown out, and none sooner than after a second.
  const outs = await countOf(stand, "mqtt_disconnected");
  assertEquals(witness.connects, outs + 1);
  const waits = (await stand.gateway.log("mqtt_disconnected")).map(({ retryIn }) => Number(retryIn));
  assert(waits.every((wait) => wait >= 1_000), waits.join());
  return row;
});
