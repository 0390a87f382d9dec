import { assertEquals } from "@std/assert";
import { MemoryInbox } from "../support/memory_inbox.ts";
import { until } from "../support/until.ts";
import { Bench, pubacksAt, received, subscribed } from "./ingest_kit.ts";

/** Three messages of this size are above the bound of the tests, two are not. */
const SIZE = 1_000;
const BOUND = 2_500;

function text(n: number): string {
  return `${n}`.padEnd(SIZE, ".");
}

Deno.test("un-synced bytes are bounded: above the bound a message is held until the disk has caught up", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { maxPendingBytes: BOUND });
  const device = await bench.publisher(broker.url());
  for (let n = 0; n < 8; n++) await device.publish("t/a", text(n));
  // The first that finds more than the bound waiting is held: 3 × 1,000 and their topics are above 2,500.
  assertEquals((await received(session, 3)).length, 3);
  for (const count of [6, 8]) {
    session.inbox.sync();
    assertEquals((await received(session, count)).length, count);
  }
  session.inbox.sync();
  await until("all are acknowledged", async () => await pubacksAt(broker) === 8);
  assertEquals(session.inbox.texts, Array.from({ length: 8 }, (_, n) => text(n)));
  assertEquals(session.of("connected").length, 1);
});

Deno.test("a disk that stays behind for half a keepalive costs the connection, not the session", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { maxPendingBytes: BOUND, keepalive: 1_000 });
  const device = await bench.publisher(broker.url());
  for (let n = 0; n < 6; n++) await device.publish("t/a", text(n));
  await until("intake stands still", () => session.intake.status.blocked && !session.intake.status.connected);
  assertEquals(session.of("blocked").map((event) => event.cause), ["backlog"]);
  assertEquals((await broker.log()).includes("Received DISCONNECT from sluice-test"), true);
  assertEquals([session.inbox.texts.length, session.of("disconnected")], [3, []]);
  assertEquals(session.intake.status.reason?.includes("disk"), true);

  session.inbox.automatic = true;
  session.inbox.sync();
  await subscribed(session);
  // What was not acknowledged comes again; the pipeline removes the twins.
  await received(session, 9);
  await until("everything is acknowledged", () => session.intake.status.unacked === 0);
  assertEquals(session.inbox.texts.slice(3), Array.from({ length: 6 }, (_, n) => text(n)));
  assertEquals(session.inbox.messages.slice(3).map((message) => message.dup), [
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
  assertEquals(session.inbox.sessions.map((record) => record.resumed), [false, true]);
});

Deno.test("an inbox that cannot be written stops intake at once; nothing is lost when it can", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url());
  session.inbox.automatic = true;
  const device = await bench.publisher(broker.url());
  await device.publish("t/a", "1");
  await received(session, 1);
  session.inbox.writable = false;
  await device.publish("t/a", "2");
  await until("intake stands still", () => session.intake.status.blocked && !session.intake.status.connected);
  await device.publish("t/a", "3");
  assertEquals(session.inbox.texts, ["1"]);
  session.inbox.writable = true;
  assertEquals(await received(session, 3), ["1", "2", "3"]);
  assertEquals(session.events.map((event) => event.kind).filter((kind) => kind !== "subscribed"), [
    "connected",
    "blocked",
    "unblocked",
    "connected",
  ]);
});

Deno.test("an inbox that cannot be written when the session is accepted waits, and still tells of the new session", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const inbox = new MemoryInbox();
  inbox.writable = false;
  const session = await bench.session(broker.url(), { lastConnectedAt: 5 }, inbox);
  await until("intake stands still", () => session.intake.status.blocked && !session.intake.status.connected);
  assertEquals(session.of("session_lost").map((event) => event.from), [5]);
  inbox.writable = true;
  await subscribed(session);
  assertEquals(inbox.sessions, [{ connection: 1, resumed: false }]);
});
