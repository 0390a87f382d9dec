import { assertEquals } from "@std/assert";
import { until } from "../support/until.ts";
import { Bench, pubacksAt, received, subscribed } from "./ingest_kit.ts";

for (const protocol of [5, 4] as const) {
  const version = protocol === 5 ? "MQTT 5" : "MQTT 3.1.1";

  Deno.test(`${version}: no message is acknowledged before it is durable, then all are, in order`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto();
    if (broker === undefined) return;
    const session = await bench.subscribed(broker.url(), { protocol });
    const device = await bench.publisher(broker.url());
    for (const text of ["1", "2", "3"]) await device.publish("t/a", text);
    assertEquals(await received(session, 3), ["1", "2", "3"]);
    assertEquals([await pubacksAt(broker), session.intake.status.unacked], [0, 3]);

    const last = session.inbox.entries.length;
    session.inbox.sync(last - 1);
    await until("two PUBACKs have arrived", async () => await pubacksAt(broker) === 2);
    session.inbox.sync();
    await until("the third PUBACK has arrived", async () => await pubacksAt(broker) === 3);
    assertEquals(session.intake.status.unacked, 0);
    const ids = [...(await broker.log()).matchAll(/Received PUBACK from sluice-test \(Mid: (\d+)/g)];
    assertEquals(
      ids.map((found) => Number(found[1])),
      session.inbox.messages.map((message) => message.packetId),
    );
  });

  Deno.test(`${version}: what was not durable at a crash of the gateway comes again with DUP`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto();
    if (broker === undefined) return;
    const first = await bench.subscribed(broker.url(), { protocol });
    const device = await bench.publisher(broker.url());
    for (const text of ["1", "2", "3"]) await device.publish("t/a", text);
    await received(first, 3);
    const [one] = first.inbox.entries.filter((entry) => "message" in entry);
    first.inbox.sync(one?.position);
    await until("one PUBACK has arrived", async () => await pubacksAt(broker) === 1);

    // Another process takes the session over, as after a crash; the first never comes back.
    await first.intake.stop();
    const second = await bench.subscribed(broker.url(), { protocol });
    assertEquals(await received(second, 2), ["2", "3"]);
    assertEquals(second.inbox.messages.map((message) => message.dup), [true, true]);
    assertEquals(second.inbox.sessions, [{ connection: 1, resumed: true }]);
    const before = first.inbox.messages.map((message) => message.packetId).slice(1);
    assertEquals(second.inbox.messages.map((message) => message.packetId), before);
  });
}

Deno.test("an acknowledgement that becomes due after a reconnect is not sent for the older connection", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto({ persistence: true });
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url());
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "1");
  await received(session, 1);
  await device.close();

  await broker.restart();
  assertEquals(await received(session, 2), ["1", "1"]);
  const [old, again] = session.inbox.messages;
  assertEquals([old?.connection, again?.connection, again?.dup], [1, 2, true]);
  assertEquals(old?.packetId, again?.packetId);

  const position = session.inbox.entries.find((entry) => "message" in entry)?.position;
  session.inbox.sync(position);
  const later = await bench.publisher(broker.url());
  await later.publish("t/marker", "2");
  await received(session, 3);
  assertEquals(await pubacksAt(broker), 0);
  session.inbox.sync();
  await until(
    "the second delivery and the marker are acknowledged",
    async () => await pubacksAt(broker) === 2,
  );
  assertEquals(session.inbox.sessions, [
    { connection: 1, resumed: false },
    { connection: 2, resumed: true },
  ]);
});

for (const receiveMaximum of [1, 500]) {
  Deno.test(`2,000 messages arrive in order with a receive maximum of ${receiveMaximum}`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto({ lines: ["max_queued_messages 100000"] });
    if (broker === undefined) return;
    const session = await bench.subscribed(broker.url(), { receiveMaximum });
    session.inbox.automatic = true;
    const device = await bench.publisher(broker.url());
    const expected = Array.from({ length: 2_000 }, (_, n) => `${n}`);
    await Promise.all(expected.map((text) => device.publish("t/a", text)));
    assertEquals(await received(session, 2_000), expected);
    assertEquals(session.inbox.messages.every((message) => !message.dup), true);
    await until("everything is acknowledged", () => session.intake.status.unacked === 0);
  });
}

Deno.test("QoS 0 is journalled without an identifier and owes no acknowledgement", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url());
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "x", { qos: 0 });
  await received(session, 1);
  assertEquals([session.inbox.messages[0]?.packetId, session.intake.status.unacked], [0, 0]);
});

Deno.test("retained messages are marked, and user properties kept", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "old", { qos: 1, retain: true });
  const session = await bench.subscribed(broker.url());
  await device.publish("t/b", "live", { qos: 1, properties: { userProperties: { unit: "bar" } } });
  await received(session, 2);
  const found = session.inbox.messages.map((message) => [message.retain, message.userProperties]);
  assertEquals(found, [[true, []], [false, [["unit", "bar"]]]]);
});

Deno.test("of a payload above the limit the beginning is journalled, and it is acknowledged", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { maxPayload: 100_000 });
  session.inbox.automatic = true;
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", new Uint8Array(300_000).fill(65));
  await received(session, 1);
  const [message] = session.inbox.messages;
  assertEquals([message?.payload.length, message?.originalBytes], [65_536, 300_000]);
  await until("it is acknowledged", async () => await pubacksAt(broker) === 1);
  assertEquals(session.of("oversized"), [{ kind: "oversized", topic: "t/a", bytes: 300_000 }]);
});

Deno.test("stop takes nothing more, acknowledges what becomes durable, and leaves the rest to the broker", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { stopTimeout: 10_000 });
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "1");
  await received(session, 1);
  const stopping = session.intake.stop();
  await device.publish("t/a", "2");
  session.inbox.sync();
  await stopping;
  assertEquals([session.inbox.texts, await pubacksAt(broker)], [["1"], 1]);
  assertEquals(session.intake.status.connected, false);

  const next = await bench.subscribed(broker.url());
  assertEquals(await received(next, 1), ["2"]);
  assertEquals(next.inbox.sessions[0]?.resumed, true);
});

Deno.test("what the broker dropped is shown, and stays out of the inbox", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto({ lines: ["max_inflight_messages 1", "max_queued_messages 1"] });
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { receiveMaximum: 1 });
  await until("the broker has said its figure", () => session.intake.status.brokerDropped === 0, {
    state: () => session.intake.status,
  });
  const device = await bench.publisher(broker.url());
  await Promise.all(["1", "2", "3", "4", "5"].map((text) => device.publish("t/a", text)));
  await until("drops are counted", () => (session.intake.status.brokerDropped ?? 0) > 0);
  assertEquals(session.of("broker_dropped").length > 0, true);
  assertEquals(session.inbox.messages.every((message) => message.topic === "t/a"), true);
  await subscribed(session);
});

Deno.test("what the broker dropped while nobody was connected is counted at the next connection", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto({ lines: ["max_queued_messages 1"] });
  if (broker === undefined) return;
  const first = await bench.subscribed(broker.url());
  await until("the broker has said its figure", () => first.intake.status.brokerFigure === 0);
  await first.intake.stop();
  const device = await bench.publisher(broker.url());
  await Promise.all(["1", "2", "3", "4", "5"].map((text) => device.publish("t/a", text)));
  const observer = await bench.subscribed(broker.url(), { clientId: "observer" });
  await until("the broker's figure is 4", () => observer.intake.status.brokerFigure === 4);
  // Neither has the figure changed since, nor is the filter new to the session.
  const second = await bench.subscribed(broker.url(), { formerDropped: 0 });
  await until("it is counted", () => second.intake.status.brokerDropped === 4, {
    state: () => second.intake.status,
  });
  assertEquals(second.of("broker_dropped"), [{ kind: "broker_dropped", more: 4 }]);
});
