/**
 * A connection that stands and brings nothing, with a real broker: what it keeps back comes with the next connection,
 * probes are no messages, and rules that forbid them cost no connection.
 * @module
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { mqttPublishing, type ProbeOptions, type Publishing } from "../../src/ingest/mod.ts";
import { MqttProxy } from "../support/mqtt_proxy.ts";
import { until } from "../support/until.ts";
import { Bench, pubacksAt, QUICK, received, type Session } from "./ingest_kit.ts";

const TOPIC = "sluice/probe/sluice-test";

/** The second client, ended with the bench. */
function second(bench: Bench, url: string, protocol: 4 | 5): Publishing {
  const backoff = { initial: 40, max: 400 };
  const options = { url, clientId: "sluice-test-publisher", protocol, keepalive: 30_000, backoff };
  const client = mqttPublishing(options, systemClock, Math.random);
  bench.ending(() => client.close());
  return client;
}

/** Probes so often, ms, each with half of that for its answer. */
function probing(bench: Bench, url: string, protocol: 4 | 5, every = 1_000): ProbeOptions {
  const client = second(bench, url, protocol);
  return { every, echo: (topic, payload, signal) => client.echo(topic, payload, signal) };
}

/** Waits for an event. */
async function told(session: Session, kind: "stalled" | "unprobed", times = 1): Promise<void> {
  await until(`${times} × ${kind}`, () => session.of(kind).length >= times, {
    timeout: 30_000,
    state: () => [session.intake.status, session.events],
  });
}

for (const protocol of [5, 4] as const) {
  Deno.test(`protocol ${protocol}: a broker that answers and keeps messages back is connected anew, and all of them come`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto();
    if (broker === undefined) return;
    const proxy = await MqttProxy.open(broker.port);
    bench.ending(() => proxy[Symbol.asyncDispose]());
    const again: string[] = [];
    proxy.rule = (packet, clientId) => {
      if (packet.cmd !== "publish" || packet.qos === 0 || clientId !== QUICK.clientId) return "pass";
      if (proxy.connected.filter((id) => id === QUICK.clientId).length === 1) return "swallow";
      again.push(packet.topic);
      return "pass";
    };
    const probe = probing(bench, proxy.url, protocol);
    const session = await bench.subscribed(proxy.url, { protocol, probe });
    session.inbox.automatic = true;
    const device = await bench.publisher(broker.url());
    for (let n = 0; n < 10; n++) await device.publish("t/a", `${n}`);
    await told(session, "stalled");
    assertEquals(await received(session, 10), Array.from({ length: 10 }, (_, n) => `${n}`));
    await until("the probe has come again, too", () => again.includes(TOPIC));
    assertEquals(session.of("stalled").map(({ failure }) => failure.reason), ["stalled"]);
    assertEquals(session.of("connected").map(({ resumed }) => resumed), [false, true]);
    assertEquals(session.inbox.texts.length, 10);
    await until("nothing is left to acknowledge", () => session.intake.status.unacked === 0);
  });

  Deno.test(`protocol ${protocol}: access rules that forbid the topic cost no connection`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto({ acl: ["topic readwrite t/#", "topic read $SYS/#"] });
    if (broker === undefined) return;
    const session = await bench.subscribed(broker.url(), {
      protocol,
      probe: probing(bench, broker.url(), protocol, 2_000),
    });
    session.inbox.automatic = true;
    await told(session, "unprobed");
    assertStringIncludes(session.of("unprobed")[0]?.text ?? "", `"${TOPIC}"`);
    const device = await bench.publisher(broker.url());
    await device.publish("t/a", "still here");
    assertEquals(await received(session, 1), ["still here"]);
    // On a machine that is too busy to run the broker that is another matter: no answer to a ping.
    assertEquals(session.of("stalled").filter(({ failure }) => failure.reason !== "silent"), []);
  });

  Deno.test(`protocol ${protocol}: probes are no messages, also for a gateway that listens to everything`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto({ listeners: ["ws"] });
    if (broker === undefined) return;
    const url = broker.url(protocol === 4 ? "ws" : "mqtt");
    const probe = probing(bench, url, protocol);
    const session = await bench.subscribed(url, { protocol, probe, filters: ["#"] });
    session.inbox.automatic = true;
    const device = await bench.publisher(broker.url());
    await device.publish(TOPIC, "from somebody else");
    await device.publish("a", "message");
    await until("three probes have come back", async () => {
      return (await broker.log()).split(`'${TOPIC}', ... (`).length > 4 * 3;
    }, { timeout: 30_000 });
    assertEquals(session.inbox.texts, ["message"]);
    await until("the broker has a PUBACK for all that it sent", async () => {
      const sent = (await broker.log()).match(/Sending PUBLISH to sluice-test \(d0, q1/g)?.length ?? 0;
      return await pubacksAt(broker) >= sent;
    }, { timeout: 30_000 });
    assertEquals(session.of("stalled").filter(({ failure }) => failure.reason !== "silent"), []);
  });
}

Deno.test("a broker that stands still is noticed long before its keepalive, and connected to when it goes on", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const probe = probing(bench, broker.url(), 5);
  const session = await bench.subscribed(broker.url(), { probe, keepalive: 600_000 });
  session.inbox.automatic = true;
  broker.freeze();
  await told(session, "stalled");
  assertEquals(session.of("stalled")[0]?.failure.reason, "silent");
  await until("it is given up", () => !session.intake.status.connected);
  broker.thaw();
  await until("it is connected again", () => session.of("connected").length === 2, { timeout: 30_000 });
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "after");
  assertEquals(await received(session, 1), ["after"]);
});

Deno.test("an echo comes back over the second client, and over each of its connections", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const client = second(bench, broker.url(), 5);
  const echo = (topic: string, payload: string): Promise<void> =>
    client.echo(topic, payload, AbortSignal.timeout(30_000));
  await echo("e/1", "one");
  await echo("e/2", "two");
  await broker.kill();
  await assertRejects(() => echo("e/2", "three"), Error);
  await broker.start();
  await until(
    "an echo comes back again",
    () => echo("e/2", "four").then(() => true, () => false),
    {
      timeout: 30_000,
    },
  );
});

Deno.test("an echo that the broker keeps back is waited for until it is given up", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto({ acl: ["topic write e/#"] });
  if (broker === undefined) return;
  const client = second(bench, broker.url(), 4);
  const given = new AbortController();
  const echo = client.echo("e/1", "one", given.signal);
  await until(
    "it was published",
    async () => (await broker.log()).includes("Sending PUBACK to sluice-test-publisher"),
  );
  given.abort();
  await assertRejects(() => echo, Error, "broken off");
});
