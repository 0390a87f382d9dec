import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { notificationId } from "../../../src/notify/mod.ts";
import { event, later, queue, Recorder, resolution } from "./build.ts";

Deno.test("an event goes to every notifier that its rule names, once each", async () => {
  const [ops, bus] = [new Recorder(), new Recorder()];
  const { queue: q, clock, kinds } = queue({ ops, bus });
  q.add(event({ notify: ["ops", "bus", "ops"] }));
  q.start();
  await clock.pass(0);
  assertEquals([ops.said, bus.said], [["kiln-1 firing"], ["kiln-1 firing"]]);
  assertEquals(kinds(), ["sent", "sent"]);
  assertEquals(q.snapshot(), { entries: [] });
  await q.stop(1_000);
});

Deno.test("nothing goes out before start, so that a replay sends only the latest states", async () => {
  const ops = new Recorder();
  const { queue: q, clock, kinds } = queue({ ops });
  q.add(event());
  q.add(resolution());
  await clock.pass(1_000);
  assertEquals(ops.said, []);
  q.start();
  await clock.pass(0);
  assertEquals(ops.said, ["kiln-1 resolved"]);
  assertEquals(kinds(), ["superseded", "sent"]);
  await q.stop(1_000);
});

Deno.test("the key is the same for every attempt and differs for every other news", async () => {
  const ops = new Recorder((n) => n.attempt < 3 ? later : { kind: "sent" });
  const { queue: q, clock } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(60_000);
  assertEquals(ops.seen.map((n) => n.attempt), [1, 2, 3]);
  assertEquals(new Set(ops.seen.map((n) => n.id)), new Set([notificationId(event())]));
  const ids = [event(), resolution(), event({ firedAt: 1 }), event({ device: "kiln-2" })].map(notificationId);
  assertEquals(new Set(ids).size, 4);
  assertEquals(notificationId(event({ value: 99, at: 5, receivedAt: 6, summary: "other" })), ids[0]);
  await q.stop(1_000);
});

Deno.test("waits double from 1 s to 5 min", async () => {
  const ops = new Recorder(() => later);
  const { queue: q, clock, events } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(3_600_000);
  const waits = events.flatMap((e) => e.kind === "retry" ? [e.wait] : []);
  assertEquals(waits.slice(0, 11), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((s) => s * 1_000));
  await q.stop(1_000);
});

Deno.test("a Retry-After is obeyed for the whole lane, instead of the usual wait", async () => {
  const ops = new Recorder(() => ({ kind: "retry", after: 900_000, text: "Busy" }));
  const { queue: q, clock } = queue({ ops });
  q.start();
  q.add(event({ device: "a" }));
  q.add(event({ device: "b" }));
  await clock.pass(899_999);
  assertEquals(ops.said, ["a firing"]);
  ops.answer = () => ({ kind: "sent" });
  await clock.pass(1);
  assertEquals(ops.said, ["a firing", "b firing", "a firing"]);
  await q.stop(1_000);
});

Deno.test("a slow notifier holds no other", async () => {
  const [slow, quick] = [new Recorder(), new Recorder()];
  slow.hold = true;
  const { queue: q, clock } = queue({ slow, quick });
  q.start();
  for (const device of ["a", "b", "c"]) q.add(event({ device, notify: ["slow", "quick"] }));
  await clock.pass(0);
  assertEquals([slow.seen.length, quick.seen.length], [1, 3]);
  assertEquals(q.status().map((s) => [s.name, s.pending, s.sent]), [["slow", 3, 0], ["quick", 0, 3]]);
  slow.release();
  await clock.pass(0);
  assertEquals(slow.said, ["a firing", "b firing", "c firing"]);
  await q.stop(1_000);
});

Deno.test("one that is always refused delays itself and no other", async () => {
  const ops = new Recorder((n) => n.event.device === "poison" ? later : { kind: "sent" });
  const { queue: q, clock } = queue({ ops });
  q.start();
  q.add(event({ device: "poison" }));
  await clock.pass(600_000);
  q.add(event({ device: "good" }));
  await clock.pass(0);
  assertEquals(ops.said.at(-1), "good firing");
  assertEquals(q.status()[0]?.pending, 1);
  await q.stop(1_000);
});

Deno.test("while the other side is down the whole lane waits: no request per alert and wait", async () => {
  const ops = new Recorder(() => later);
  const { queue: q, clock } = queue({ ops });
  q.start();
  for (let n = 0; n < 100; n++) q.add(event({ device: `d${n}` }));
  await clock.pass(3_600_000);
  assert(ops.seen.length < 25, `${ops.seen.length} requests in an hour`);
  ops.answer = () => ({ kind: "sent" });
  await clock.pass(300_000);
  assertEquals(q.status()[0]?.pending, 0);
  // And a success forgets the outage: the next failure holds nothing else back.
  ops.answer = (n) => n.event.device === "poison" ? later : { kind: "sent" };
  q.add(event({ device: "poison" }));
  await clock.pass(0);
  q.add(event({ device: "good" }));
  await clock.pass(0);
  assertEquals(ops.said.at(-1), "good firing");
  await q.stop(1_000);
});

Deno.test("a resolution that comes while its firing is on its way is sent after it", async () => {
  const ops = new Recorder();
  ops.hold = true;
  const { queue: q, clock } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(0);
  q.add(resolution());
  await clock.pass(0);
  assertEquals(ops.said, ["kiln-1 firing"]);
  assertEquals(q.snapshot().entries.map((e) => e.event.transition), ["resolved"]);
  ops.release();
  await clock.pass(0);
  assertEquals(ops.said, ["kiln-1 firing", "kiln-1 resolved"]);
  await q.stop(1_000);
});

Deno.test("a firing that failed on its way is not sent again once its resolution is known", async () => {
  const ops = new Recorder();
  ops.hold = true;
  const { queue: q, clock, kinds } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(0);
  q.add(resolution());
  ops.release(later);
  await clock.pass(0);
  assertEquals(ops.said, ["kiln-1 firing", "kiln-1 resolved"]);
  assertEquals(kinds(), ["superseded", "sent"]);
  await q.stop(1_000);
});

Deno.test("what is refused for good is given up, said and shown", async () => {
  const ops = new Recorder(() => ({ kind: "give_up", text: "The webhook answered 400" }));
  const { queue: q, clock, events } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(3_600_000);
  assertEquals(ops.seen.length, 1);
  const { id } = ops.seen[0] ?? { id: "" };
  assertEquals(events, [{
    kind: "gave_up",
    notifier: "ops",
    id,
    alert: "too-hot:kiln-1",
    transition: "firing",
    attempt: 1,
    text: "The webhook answered 400",
  }]);
  const [status] = q.status();
  assertEquals([status?.pending, status?.failed, status?.lost], [0, 1, 1]);
  assertEquals(status?.lastError?.text, "The webhook answered 400");
  await q.stop(1_000);
});

Deno.test("the queue is bounded: beyond its capacity the oldest goes, and that is said", async () => {
  const ops = new Recorder();
  const { queue: q, events } = queue({ ops }, { capacity: 3 });
  for (const device of ["a", "b", "c", "d"]) q.add(event({ device }));
  q.add(resolution({ device: "b" }));
  assertEquals(q.snapshot().entries.map((e) => e.event.device), ["b", "c", "d"]);
  assertEquals(events.map((e) => [e.kind, e.alert]), [["dropped", "too-hot:a"], ["superseded", "too-hot:b"]]);
  assertEquals(q.status()[0]?.lost, 1);
  await q.stop(1_000);
});

Deno.test("a name that no notifier has is said, not fatal", () => {
  const { queue: q, events } = queue({});
  q.add(event({ notify: ["nobody"] }));
  assertEquals(events.map((e) => [e.kind, e.notifier, "reason" in e && e.reason]), [[
    "dropped",
    "nobody",
    "unknown_notifier",
  ]]);
});

Deno.test("what is pending or on its way is in the snapshot and goes out after a restart under its key", async () => {
  const before = new Recorder();
  const first = queue({ ops: before });
  before.hold = true;
  first.queue.start();
  first.queue.add(event({ device: "a" }));
  await first.clock.pass(0);
  first.queue.add(event({ device: "b" }));
  const snapshot = first.queue.snapshot();
  assertEquals(snapshot.entries.map((e) => [e.notifier, e.event.device, e.attempts]), [
    ["ops", "a", 1],
    ["ops", "b", 0],
  ]);
  const stopping = first.queue.stop(0);
  await first.clock.pass(0);
  await stopping;
  const after = new Recorder();
  const pending = structuredClone(snapshot);
  const second = queue({ ops: after }, { pending });
  assertEquals(second.queue.snapshot(), snapshot);
  second.queue.add(event({ device: "b" }));
  assertEquals(second.events, [], "the replay gives the same event again: it supersedes nothing");
  second.queue.start();
  await second.clock.pass(0);
  assertEquals(after.said, ["a firing", "b firing"]);
  assertEquals(after.seen[0]?.id, before.seen[0]?.id);
  assertEquals(after.seen[0]?.attempt, 2);
  await second.queue.stop(1_000);
});

Deno.test("stop sends what can be sent now and leaves what waits for another try", async () => {
  const ops = new Recorder((n) => n.event.device === "bad" ? later : { kind: "sent" });
  const { queue: q, clock } = queue({ ops });
  q.add(event({ device: "bad" }));
  q.add(event({ device: "good" }));
  q.start();
  await q.stop(10_000);
  assertEquals(ops.said, ["bad firing", "good firing"]);
  assertEquals(q.snapshot().entries.map((e) => e.event.device), ["bad"]);
  assertEquals(clock.timers, 0);
});

Deno.test("stop breaks off a notifier that hangs, and keeps what it had", async () => {
  const ops = new Recorder();
  ops.hold = true;
  const { queue: q, clock, kinds } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(0);
  const stopped = q.stop(10_000);
  await clock.pass(10_000);
  await stopped;
  assertEquals(q.snapshot().entries.length, 1);
  assertEquals(kinds(), []);
});

Deno.test("a notifier that breaks its contract and throws is tried again", async () => {
  const ops = new Recorder(() => {
    throw new TypeError("secret-token");
  });
  const { queue: q, clock, events } = queue({ ops });
  q.start();
  q.add(event());
  await clock.pass(0);
  assertEquals(events.map((e) => e.kind), ["retry"]);
  assert(!JSON.stringify([events, q.status()]).includes("secret-token"));
  await q.stop(1_000);
});

Deno.test("a reload keeps what waits for a name that stays, tries it at once, and drops what waits for one that goes", async () => {
  const [ops, gone] = [new Recorder(() => later), new Recorder(() => later)];
  const { queue: q, clock, events } = queue({ ops, gone });
  q.start();
  q.add(event({ notify: ["ops", "gone"] }));
  await clock.pass(100_000);
  const [other, added] = [new Recorder(), new Recorder()];
  q.replaceNotifiers(new Map(Object.entries({ ops: other, added })));
  q.add(event({ device: "kiln-2", notify: ["added"] }));
  await clock.pass(0);
  assertEquals([other.said, added.said], [["kiln-1 firing"], ["kiln-2 firing"]]);
  assertEquals(events.filter((e) => e.kind === "dropped").map((e) => e.notifier), ["gone"]);
  const calls = gone.seen.length;
  await clock.pass(3_600_000);
  assertEquals(gone.seen.length, calls);
  await q.stop(1_000);
});

Deno.test("status tells the oldest event time and forgets the last error after a success", async () => {
  const ops = new Recorder(() => later);
  const { queue: q, clock } = queue({ ops });
  q.start();
  q.add(event({ at: 7 }));
  await clock.pass(0);
  assertNotEquals(q.status()[0]?.lastError, null);
  assertEquals(q.status()[0]?.oldest, 7);
  ops.answer = () => ({ kind: "sent" });
  await clock.pass(1_000);
  assertEquals(q.status()[0], {
    name: "ops",
    kind: "recorder",
    pending: 0,
    oldest: null,
    sent: 1,
    failed: 1,
    lost: 0,
    lastError: null,
  });
  await q.stop(1_000);
});
