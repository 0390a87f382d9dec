import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  type EmbeddedIntake,
  embeddedIntake,
  type EmbeddedIntakeOptions,
  type IntakeEvent,
} from "../../src/ingest/mod.ts";
import { MemoryInbox } from "../support/memory_inbox.ts";
import { until } from "../support/until.ts";
import { Bench } from "./ingest_kit.ts";

interface Site {
  readonly intake: EmbeddedIntake;
  readonly inbox: MemoryInbox;
  readonly events: IntakeEvent[];
  readonly url: string;
}

async function site(bench: Bench, options: Partial<EmbeddedIntakeOptions> = {}): Promise<Site> {
  const inbox = new MemoryInbox();
  const events: IntakeEvent[] = [];
  const intake = embeddedIntake(
    { host: "127.0.0.1", port: 0, filters: ["t/#"], maxPayload: 1_000, stopTimeout: 50, ...options },
    inbox,
    systemClock,
    (event) => events.push(event),
  );
  bench.ending(() => intake.stop());
  await intake.start();
  return { intake, inbox, events, url: `mqtt://127.0.0.1:${intake.port}` };
}

Deno.test("embedded: a device has its PUBACK only when its message is durable", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench);
  const device = await bench.publisher(url, { protocol: 4 });
  let acknowledged = 0;
  const sent = ["1", "2"].map((text) => device.publish("t/a", text).then(() => acknowledged++));
  await until("both are in the inbox", () => inbox.texts.length === 2);
  // Another device's message, which nobody journals, comes back at once: the broker is not merely slow.
  const other = await bench.publisher(url, { protocol: 4 });
  await other.publish("elsewhere", "x");
  assertEquals([acknowledged, intake.status.unacked], [0, 2]);
  inbox.sync(inbox.entries.length - 1);
  await until("the first is acknowledged", () => acknowledged === 1);
  inbox.sync();
  await Promise.all(sent);
  assertEquals(inbox.sessions, [{ connection: 1, resumed: false }]);
  assertEquals(inbox.messages.map((message) => [message.connection, message.packetId]), [[1, 0], [1, 0]]);
});

Deno.test("embedded: many devices wait for one group together, and none for another's", async () => {
  await using bench = new Bench();
  const { inbox, url } = await site(bench);
  const devices = await Promise.all(Array.from({ length: 20 }, () => bench.publisher(url, { protocol: 4 })));
  let acknowledged = 0;
  const sent = devices.flatMap((device, n) =>
    Array.from({ length: 10 }, (_, k) => device.publish(`t/${n}`, `${k}`).then(() => acknowledged++))
  );
  await until("200 messages are in the inbox", () => inbox.texts.length === 200);
  assertEquals(acknowledged, 0);
  inbox.sync();
  await Promise.all(sent);
  for (const [n] of devices.entries()) {
    const own = inbox.entries.filter((entry) => "message" in entry && entry.message.topic === `t/${n}`);
    assertEquals(own.map((entry) => "text" in entry ? entry.text : ""), [..."0123456789"]);
  }
});

Deno.test("embedded: a device that leaves while it waits harms nobody", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench);
  const leaving = await bench.publisher(url, { protocol: 4 });
  const staying = await bench.publisher(url, { protocol: 4 });
  leaving.client.publish("t/a", "leaves", { qos: 1 });
  const stays = staying.publish("t/b", "stays");
  await until("both are in the inbox", () => inbox.texts.length === 2);
  await leaving.close();
  await until("the broker has noticed", () => intake.status.clients === 1);
  inbox.sync();
  await stays;
  assertEquals(intake.status.unacked, 0);
});

Deno.test("embedded: QoS 0 is journalled without waiting; topics of no subscription are only passed on", async () => {
  await using bench = new Bench();
  const { inbox, url } = await site(bench);
  const listener = await bench.publisher(url, { protocol: 4 });
  const heard: string[] = [];
  listener.client.on("message", (topic, payload) => heard.push(`${topic}=${payload}`));
  await listener.client.subscribeAsync(["t/#", "other"], { qos: 1 });
  const device = await bench.publisher(url, { protocol: 4 });
  await device.publish("t/a", "zero", { qos: 0 });
  await device.publish("other", "aside");
  await until("both are heard", () => heard.length === 2);
  assertEquals(heard.toSorted(), ["other=aside", "t/a=zero"]);
  assertEquals(inbox.texts, ["zero"]);
});

Deno.test("embedded: $SYS cannot be published to, and nothing of it is journalled", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench, { filters: ["#", "$SYS/#"] });
  const device = await bench.publisher(url, { protocol: 4 });
  device.client.publish("$SYS/broker/x", "1", { qos: 1 });
  await until("the device is cut off", () => intake.status.clients === 0);
  assertEquals(inbox.entries, []);
});

Deno.test("embedded: of an oversized payload the beginning is journalled", async () => {
  await using bench = new Bench();
  const { inbox, events, url } = await site(bench);
  inbox.automatic = true;
  const device = await bench.publisher(url, { protocol: 4 });
  await device.publish("t/a", new Uint8Array(5_000));
  const [message] = inbox.messages;
  assertEquals([message?.payload.length, message?.originalBytes], [1_000, 5_000]);
  assertEquals(events.filter((event) => event.kind === "oversized").length, 1);
});

Deno.test("embedded: the gateway's own messages go out and are not journalled", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench);
  const listener = await bench.publisher(url, { protocol: 4 });
  const heard: string[] = [];
  listener.client.on("message", (_topic, payload) => heard.push(payload.toString()));
  await listener.client.subscribeAsync("t/alert", { qos: 1 });
  await intake.publish({ topic: "t/alert", payload: "too hot", qos: 1, retain: false });
  await until("it is heard", () => heard.length === 1);
  assertEquals([heard, inbox.texts], [["too hot"], []]);
});

Deno.test("embedded: an inbox that cannot be written cuts devices off; they come back and lose nothing", async () => {
  await using bench = new Bench();
  const { intake, inbox, events, url } = await site(bench);
  inbox.automatic = true;
  const device = await bench.publisher(url, { protocol: 4 });
  inbox.writable = false;
  device.client.publish("t/a", "1", { qos: 1 });
  await until("the device is cut off", () => intake.status.clients === 0);
  assertEquals([intake.status.blocked, intake.status.subscribed], [true, false]);
  await assertRejects(() => bench.publisher(url, { protocol: 4 }), Error, "Server unavailable");
  inbox.writable = true;
  const again = await bench.publisher(url, { protocol: 4 });
  await again.publish("t/a", "1");
  assertEquals(inbox.texts, ["1"]);
  assertEquals(events.map((event) => event.kind), ["subscribed", "blocked", "unblocked"]);
});

Deno.test("embedded: above the bound devices wait, and go on in order when the disk has caught up", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench, { maxPendingBytes: 250 });
  const device = await bench.publisher(url, { protocol: 4 });
  const texts = Array.from({ length: 5 }, (_, n) => `${n}`.padEnd(100, "."));
  const sent = texts.map((text) => device.publish("t/a", text));
  await until("all have arrived", () => intake.status.unacked === 5);
  assertEquals(inbox.texts.length, 3);
  inbox.automatic = true;
  inbox.sync();
  await Promise.all(sent);
  assertEquals(inbox.texts, texts);
});

Deno.test("embedded: what waits above the bound is bounded too: the device that overdoes it is cut off", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench, { maxPendingBytes: 250 });
  const device = await bench.publisher(url, { protocol: 4 });
  for (let n = 0; n < 8; n++) device.client.publish("t/a", `${n}`.padEnd(100, "."), { qos: 1 });
  await until("the device is cut off", () => intake.status.clients === 0);
  assertEquals([inbox.texts.length, intake.status.blocked], [3, false]);
});

Deno.test("embedded: a disk that stays behind cuts devices off", async () => {
  await using bench = new Bench();
  const { intake, inbox, events, url } = await site(bench, { maxPendingBytes: 8, patience: 50 });
  const device = await bench.publisher(url, { protocol: 4 });
  for (const text of ["0123456789", "2"]) device.client.publish("t/a", text, { qos: 1 });
  await until("intake stands still", () => intake.status.blocked && intake.status.clients === 0);
  inbox.sync();
  assertEquals([intake.status.blocked, inbox.texts], [false, ["0123456789"]]);
  assertEquals(events.flatMap((event) => event.kind === "blocked" ? [event.cause] : []), ["backlog"]);
});

Deno.test("embedded: a wrong password is refused, and not shown", async () => {
  await using bench = new Bench();
  const { events, url } = await site(bench, { username: "device", password: "right" });
  const wrong = { protocol: 4, username: "device", password: "wrong", clientId: "d1" } as const;
  await assertRejects(() => bench.publisher(url, wrong), Error, "Bad username or password");
  await assertRejects(() => bench.publisher(url, { protocol: 4 }), Error, "Bad username or password");
  await bench.publisher(url, { ...wrong, password: "right" });
  assertEquals(events.filter((event) => event.kind === "client_refused").length, 2);
  assertStringIncludes(JSON.stringify(events), '"d1\\"');
  assertEquals(/wrong"|right"/.test(JSON.stringify(events)), false);
});

Deno.test("embedded: stop acknowledges what becomes durable and closes every connection", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench, { stopTimeout: 10_000 });
  const device = await bench.publisher(url, { protocol: 4 });
  const sent = device.publish("t/a", "1");
  await until("it is in the inbox", () => inbox.texts.length === 1);
  const stopping = intake.stop();
  inbox.sync();
  await Promise.all([sent, stopping]);
  assertEquals([intake.status.connected, intake.status.subscribed, intake.status.clients], [false, false, 0]);
});

Deno.test("embedded: filters change without dropping a device", async () => {
  await using bench = new Bench();
  const { intake, inbox, url } = await site(bench);
  inbox.automatic = true;
  const device = await bench.publisher(url, { protocol: 4 });
  await intake.setSubscriptions(["u/#"]);
  await device.publish("t/a", "old");
  await device.publish("u/a", "new");
  assertEquals([inbox.texts, intake.status.clients], [["new"], 1]);
});

Deno.test("embedded: a port that is taken is said", async () => {
  await using bench = new Bench();
  const { intake } = await site(bench);
  const other = embeddedIntake(
    { host: "127.0.0.1", port: intake.port, filters: [], maxPayload: 10 },
    new MemoryInbox(),
    systemClock,
    () => {},
  );
  await assertRejects(() => other.start(), Error, "another program listens there");
});
