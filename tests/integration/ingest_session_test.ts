import { assertEquals, assertStringIncludes } from "@std/assert";
import { Aedes } from "aedes";
import { createServer } from "node:net";
import { systemClock } from "../../src/clock.ts";
import { type IntakeEvent, mqttIntake } from "../../src/ingest/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryInbox } from "../support/memory_inbox.ts";
import { refusingBroker } from "../support/refusing_broker.ts";
import { until } from "../support/until.ts";
import { Bench, pubacksAt, QUICK, received, subscribed } from "./ingest_kit.ts";

Deno.test("a broker that restarts with its memory resumes the session and delivers what came meanwhile", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto({ persistence: true });
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url());
  session.inbox.automatic = true;
  await broker.restart();
  await until("it is connected again", () => session.of("connected").length === 2);
  assertEquals(session.of("connected").map((event) => event.resumed), [false, true]);
  assertEquals(session.of("session_lost"), []);
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "after");
  assertEquals(await received(session, 1), ["after"]);
});

Deno.test("a broker that restarts without its memory is subscribed again, and the loss is told with its times", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url());
  session.inbox.automatic = true;
  const before = Date.now();
  await broker.kill();
  await until("it is noticed", () => !session.intake.status.subscribed);
  await broker.start();
  await subscribed(session);
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "after");
  assertEquals(await received(session, 1), ["after"]);
  const [loss] = session.of("session_lost");
  if (loss === undefined) throw new Error("no session_lost");
  assertEquals([loss.from >= before, loss.to >= loss.from, loss.to <= Date.now()], [true, true, true]);
  assertEquals(session.inbox.sessions.map((record) => record.resumed), [false, false]);
});

Deno.test("a session that an earlier process had and the broker lost is told", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { lastConnectedAt: 1_000 });
  assertEquals(session.of("session_lost")[0]?.from, 1_000);
});

Deno.test("journal time runs while the session is subscribed: each change is told", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const changes: boolean[] = [];
  const session = await bench.session(broker.url());
  session.intake.onSubscribed((subscribed) => changes.push(subscribed));
  await subscribed(session);
  await broker.restart();
  await until("it has come and gone and come", () => changes.length === 3);
  await session.intake.stop();
  assertEquals(changes, [true, false, true, false]);
});

for (const protocol of [5, 4] as const) {
  Deno.test(`protocol ${protocol}: a filter that the broker refuses is reported, and the others are listened to`, async () => {
    await using bench = new Bench();
    const folder = await Deno.makeTempDir();
    bench.ending(() => Deno.remove(folder, { recursive: true }));
    const options = await refusingBroker(folder, "secret/#");
    if (options === undefined) return;
    const broker = await bench.mosquitto(options);
    if (broker === undefined) return;
    const session = await bench.subscribed(broker.url(), { protocol, filters: ["secret/#", "t/#"] });
    const code = protocol === 5 ? 135 : 128;
    assertEquals(session.intake.status.refusedFilters, [{ filter: "secret/#", code }]);
    const [event] = session.of("subscription_refused");
    assertStringIncludes(event?.text ?? "", '"secret/#"');
    const device = await bench.publisher(broker.url());
    await device.publish("t/a", "x");
    assertEquals(await received(session, 1), ["x"]);
  });
}

Deno.test("a session whose every filter is refused is connected and not subscribed", async () => {
  await using bench = new Bench();
  const folder = await Deno.makeTempDir();
  bench.ending(() => Deno.remove(folder, { recursive: true }));
  const options = await refusingBroker(folder, "secret/#");
  if (options === undefined) return;
  const broker = await bench.mosquitto(options);
  if (broker === undefined) return;
  const session = await bench.session(broker.url(), { filters: ["secret/#"] });
  await until("the refusal has come", () => session.of("subscription_refused").length === 1);
  assertEquals([session.intake.status.connected, session.intake.status.subscribed], [true, false]);
});

Deno.test("a reload changes the filters without dropping the session or a message", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { filters: ["t/old", "t/both"] });
  session.inbox.automatic = true;
  const device = await bench.publisher(broker.url());
  await session.intake.setSubscriptions(["t/both", "t/new"]);
  await device.publish("t/old", "old");
  await device.publish("t/both", "both");
  await device.publish("t/new", "new");
  assertEquals(await received(session, 2), ["both", "new"]);
  assertEquals(session.of("connected").length, 1);
  assertEquals(session.of("unsubscribed"), [{ kind: "unsubscribed", filters: ["t/old"] }]);
});

Deno.test("what an earlier process listened to and the configuration no longer names is unsubscribed", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const first = await bench.subscribed(broker.url(), { filters: ["t/old", "t/both"] });
  await first.intake.stop();
  const second = await bench.subscribed(broker.url(), {
    filters: ["t/both"],
    formerFilters: ["t/old", "t/both"],
  });
  await until("it is unsubscribed", () => second.of("unsubscribed").length === 1);
  const device = await bench.publisher(broker.url());
  await device.publish("t/old", "old");
  await device.publish("t/both", "both");
  assertEquals(await received(second, 1), ["both"]);
});

for (const protocol of [5, 4] as const) {
  Deno.test(`protocol ${protocol}: a message that several filters match counts once, and each copy is acknowledged`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto();
    if (broker === undefined) return;
    const filters = ["t/a", "t/+", "+/a", "x/+", "+/y"];
    const session = await bench.subscribed(broker.url(), { protocol, filters });
    session.inbox.automatic = true;
    const device = await bench.publisher(broker.url());
    for (const text of ["same", "same", "other"]) await device.publish("t/a", text);
    await device.publish("x/y", "end");
    await until("the last has come", () => session.inbox.texts.includes("end"));
    assertEquals(session.inbox.texts, ["same", "same", "other", "end"]);
    await until("everything is acknowledged", () => session.intake.status.unacked === 0);
    const copies = protocol === 5 ? 2 : 1;
    await until("the broker has its PUBACKs", async () => await pubacksAt(broker) === 4 * copies);
  });
}

Deno.test("a broker that closes the connection when $SYS is asked for is not asked for ever", async () => {
  await using bench = new Bench();
  const broker = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(subscription.topic.startsWith("$SYS/") ? new Error("forbidden") : null, subscription),
  });
  const server = createServer((socket) => void broker.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  bench.ending(async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const session = await bench.session(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  session.inbox.automatic = true;
  await until("the third connection stands", () => session.of("connected").length === 3);
  await subscribed(session);
  const device = await bench.publisher(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  await device.publish("t/a", "1");
  assertEquals(await received(session, 1), ["1"]);
  assertEquals([session.of("disconnected").length, session.intake.status.brokerDropped], [2, undefined]);
});

for (const protocol of [5, 4] as const) {
  Deno.test(`protocol ${protocol}: two gateways under one client id do not throw each other out without a pause`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto();
    if (broker === undefined) return;
    const clock = new ManualClock();
    const events: IntakeEvent[] = [];
    const backoff = { initial: 2_000, max: 30_000 };
    const options = { ...QUICK, protocol, backoff, url: broker.url() };
    const intake = mqttIntake(options, new MemoryInbox(), clock, () => 1, (event) => events.push(event));
    bench.ending(() => intake.stop());
    await intake.start();
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      await until("the gateway is connected", () => intake.status.subscribed, { state: () => events });
      const other = mqttIntake(options, new MemoryInbox(), systemClock, Math.random, () => {});
      await other.start();
      await until("the gateway is thrown out", () => !intake.status.connected);
      await other.stop();
      const last = events.findLast((event) => event.kind === "disconnected");
      if (last?.kind !== "disconnected") throw new Error("no disconnected event");
      // mosquitto 2.0 gives no reason; brokers that do send code 142.
      assertEquals(last.failure.reason, "closed_by_broker");
      waits.push(last.retryIn);
      clock.advance(last.retryIn);
    }
    assertEquals(waits, [2_000, 4_000, 8_000, 16_000]);
  });
}
