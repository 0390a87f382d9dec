/** A broker that says nothing, is not there yet, or does not want: the gateway tries for ever, says why, and loses nothing. */
import { assertEquals, assertGreater } from "@std/assert";
import { createServer, type Server } from "node:net";
import { until } from "../support/until.ts";
import { countOf, scenario, type Stand, WatchedStand } from "./kit/mod.ts";

/** Waits until the gateway has said something of its connection so many times, and is not ready for that reason. */
async function saysWhy(stand: Stand, event: string, times: number, why: RegExp): Promise<void> {
  await until(`it says "${event}" ${times} times`, async () => await countOf(stand, event) >= times, {
    timeout: 60_000,
    every: 100,
    state: () => stand.gateway.stderrNow(),
  });
  await stand.gateway.logged(event, ({ text }) => why.test(String(text)));
  const { status, text } = await stand.gateway.get("/readyz");
  assertEquals([status, why.test(text)], [503, true], text);
}

scenario(
  "broker frozen for longer than the keep-alive × 2",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    await using watched = await WatchedStand.open(351, {
      mqtt: { keepalive: "1s" },
      load: { each: 50, returns: true },
    });
    if (watched === undefined) return;
    const { stand, witness } = watched;
    const { broker, load } = stand;
    for (let n = 1; n <= 2; n++) {
      const publishing = load.publish(Math.round(stand.share * n / 2));
      const { pubacks } = witness;
      await watched.reconnected(async () => {
        await until("messages are under way", () => witness.pubacks > pubacks, { timeout: 30_000, every: 1 });
        broker.freeze();
        await saysWhy(stand, "mqtt_disconnected", n, /silent|does not answer/);
        broker.thaw();
      });
      await publishing;
    }
    stand.faultOver();
    return await watched.accounted(`${witness.repeated.toLocaleString("en-US")} messages came again`);
  },
);

scenario("broker not there at the gateway's start, devices full of messages", {
  shows: ["P2", "P3"],
}, async () => {
  await using watched = await WatchedStand.open(352, {
    broker: { persistence: true },
    load: { each: 60, returns: true },
  });
  if (watched === undefined) return;
  const { stand } = watched;
  const { broker, gateway, load } = stand;
  const half = Math.round(stand.share / 2);
  await load.publish(half);
  await load.settled();
  // The session is the broker's to keep, with half of the load in it that the gateway has hardly begun to take.
  assertEquals(await gateway.stop(), 0);
  await broker.stop();
  const publishing = load.publish(stand.share);
  await gateway.start();
  await saysWhy(stand, "mqtt_unreachable", 3, /Nothing listens|reset|closed/);
  await broker.start();
  await gateway.ready();
  await publishing;
  stand.faultOver();
  const row = await watched.accounted("3 attempts in vain");
  assertEquals((await gateway.log("mqtt_connected")).map(({ resumed }) => resumed), [false, true]);
  return row;
});

/** A server that answers every CONNECT with the same CONNACK of MQTT 5 and waits for the other side to leave. */
async function refusing(code: number): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    // No session, the code, no properties (MQTT 5.0 §3.2).
    socket.once("data", () => socket.end(new Uint8Array([0x20, 3, 0, code, 0])));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return { server, port: address.port };
}

scenario("broker unavailable, busy, banned, over its quota: CONNACK 136, 137, 138, 151 in turn", {
  shows: ["P2", "P3"],
}, async () => {
  await using watched = await WatchedStand.open(353);
  if (watched === undefined) return;
  const { stand } = watched;
  const { broker, brokerLine, load, gateway } = stand;
  const publishing = load.publish(stand.share);
  for (const [n, code] of [136, 137, 138, 151].entries()) {
    const { server, port } = await refusing(code);
    await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())) };
    brokerLine.target = port;
    brokerLine.cut();
    await saysWhy(stand, "mqtt_refused", 2 * (n + 1), /./);
    await gateway.logged("mqtt_refused", (line) => line.code === code);
  }
  brokerLine.target = broker.port;
  await gateway.ready();
  await publishing;
  stand.faultOver();
  const refusals = await countOf(stand, "mqtt_refused");
  assertGreater(refusals, 7);
  return await watched.accounted(`${refusals} refusals`);
});
