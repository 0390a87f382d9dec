import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { lines, Rig } from "../support/forward_rig.ts";
import { refusal } from "../support/http_receiver.ts";
import { until } from "../support/until.ts";

const TIME = "1700000000000000000";
/** Adds a block that the database takes, again and again, as a running gateway does. */
async function feedUntil(rig: Rig, done: () => boolean): Promise<void> {
  let fed = 0;
  await until("the blocks are judged", () => {
    if (done()) return true;
    const sleeping = rig.clock.sleeping > 0;
    if (sleeping || rig.outbox.waitingBlocks <= 1) rig.outbox.add(lines(2, 100_000 + 2 * fed++));
    if (sleeping) rig.clock.advance(rig.clock.sleeps.at(-1) ?? 0);
    return false;
  }, { state: () => rig.forwarder.status });
}

const wrong = (): Response => refusal(400, "authorization header malformed");

Deno.test("F8: where everything is refused, nothing is emptied, few requests are made, and the alarm says why", async () => {
  await using rig = new Rig(wrong);
  for (let n = 0; n < 20; n++) rig.outbox.add(lines(1_000, 1_000 * n));
  rig.forwarder.start();
  for (let n = 0; n < 30; n++) await rig.clock.passSleep();
  await until("the forwarder waits", () => rig.clock.sleeping > 0);
  assertEquals([rig.outbox.waitingBlocks, rig.outbox.deadLetters.size, rig.outbox.settled], [20, 0, []]);
  const status = rig.forwarder.status;
  assertEquals([status.state, status.reason], ["holding", "configuration"]);
  assertStringIncludes(status.text ?? "", "the configuration is to blame");
  assertStringIncludes(status.text ?? "", "authorization header malformed");
  assertEquals(rig.clock.sleeps.at(-1), 60_000);
  // One search to its first line, then the suspect, another block and three of its lines each time.
  assertLessOrEqual(rig.server.writes.length, 30 + 31 * 5);
});

Deno.test("F8: when the configuration is put right, all that was held is delivered and nothing is a dead letter", async () => {
  await using rig = new Rig((_, number) => number <= 60 ? wrong() : undefined);
  for (let n = 0; n < 5; n++) rig.outbox.add(lines(100, 100 * n));
  await rig.settle();
  assertEquals(rig.outbox.deadLetters.size, 0);
  assertEquals(rig.forwarder.status.delivered, { blocks: 5, points: 500 });
  assertEquals(rig.forwarder.status.state, "idle");
});

Deno.test("F8: a block of which nothing is accepted becomes dead letters once other blocks are accepted", async () => {
  const stale = Array.from({ length: 50 }, (_, n) => `old,device=d${n % 5} x=${n} ${n}`);
  await using rig = new Rig((request) =>
    request.lines.some((line) => line.startsWith("old,"))
      ? refusal(422, `points beyond retention policy dropped=${request.lines.length}`)
      : undefined
  );
  const old = rig.outbox.add(stale);
  rig.forwarder.start();
  await rig.clock.passSleep();
  await until(
    "the forwarder holds",
    () => rig.forwarder.status.state === "holding" && rig.clock.sleeping > 0,
  );
  assertEquals(rig.outbox.deadLetters.size, 0);
  assertStringIncludes(rig.forwarder.status.text ?? "", "no other block is there to tell");

  // There was nobody to ask; the next block is asked at once, without waiting.
  const before = rig.clock.monotonic();
  rig.outbox.add(lines(10));
  await until("it is delivered", () => rig.outbox.settled.length === 1);
  assertEquals(rig.clock.monotonic(), before);
  await feedUntil(rig, () => rig.outbox.deadLetters.size === 1);
  assertEquals(rig.outbox.settled.includes(old), true);
  assertEquals(rig.dead, stale);
});

Deno.test("F9: a backlog that is too old for the database costs a few requests a block", async () => {
  await using rig = new Rig((request) =>
    request.lines.some((line) => line.startsWith("old,"))
      ? refusal(422, `points beyond retention policy dropped=${request.lines.length}`)
      : undefined
  );
  for (let block = 0; block < 30; block++) {
    rig.outbox.add(Array.from({ length: 500 }, (_, n) => `old,device=d${n % 5} x=${n} ${block * 500 + n}`));
  }
  rig.forwarder.start();
  await feedUntil(rig, () => rig.outbox.deadLetters.size === 30);
  assertEquals(rig.dead.length, 30 * 500);
  const old = rig.server.writes.filter((write) => write.lines[0]?.startsWith("old,")).length;
  assertLessOrEqual(old, 30 * 6 + 100);
});

Deno.test("F8: a probe block that has a bad line itself still proves that the database takes lines", async () => {
  const bad = (line: string): boolean => line.includes("bad=");
  await using rig = new Rig((request) => request.lines.some(bad) ? refusal(400, "type conflict") : undefined);
  rig.outbox.add([`m,device=a bad=1 ${TIME}`, `m,device=b bad=1 ${TIME}`], { correction: true });
  rig.outbox.add([...lines(9), `n,device=c bad=1 ${TIME}`], { correction: true });
  rig.outbox.add([...lines(9, 20), `n,device=e bad=1 ${TIME}`]);
  rig.forwarder.start();
  await feedUntil(rig, () => rig.outbox.deadLetters.size === 3);
  assertEquals(rig.dead.length, 4);
  assert(rig.dead.every(bad));
});

Deno.test("F8: known series do not empty the outbox when the configuration breaks afterwards", async () => {
  let broken = false;
  await using rig = new Rig((request) =>
    broken || request.lines.some((line) => line.includes("device=d1 "))
      ? refusal(400, "type conflict")
      : undefined
  );
  for (let n = 0; n < 4; n++) rig.outbox.add(lines(20));
  await rig.settle();
  assertEquals(rig.dead.length, 4);
  broken = true;
  rig.outbox.add(lines(1, 1));
  rig.outbox.add(lines(1, 1));
  await until("the forwarder holds", () => rig.forwarder.status.reason === "configuration");
  await rig.clock.passSleep();
  await until("and goes on holding", () => rig.clock.sleeping > 0);
  assertEquals([rig.dead.length, rig.outbox.waitingBlocks], [4, 2]);
  broken = false;
  await feedUntil(rig, () => rig.dead.length === 6);
});

Deno.test("F8: lines that were refused only while the configuration was broken are delivered, not dead letters", async () => {
  // Broken from the middle of a search on, so that something of the block was accepted before.
  const all = lines(256);
  const poison = all[40] ?? "";
  let requests = 0;
  let broken = false;
  await using rig = new Rig((request) => {
    broken = ++requests > 12 && requests < 60;
    return broken || request.lines.includes(poison) ? refusal(400, "type conflict") : undefined;
  });
  rig.outbox.add(all);
  rig.forwarder.start();
  await feedUntil(rig, () => rig.outbox.deadLetters.size === 1);
  assertEquals(rig.dead, [poison]);
});

Deno.test("F8: a held block that is evicted does not hold the others", async () => {
  await using rig = new Rig((request) =>
    request.lines.some((line) => line.startsWith("bad")) ? refusal(400, "type conflict") : undefined
  );
  const gone = rig.outbox.add([`bad,device=a x=1 ${TIME}`]);
  rig.forwarder.start();
  await until("the forwarder holds", () => rig.clock.sleeping > 0);
  rig.outbox.evict(gone);
  const next = rig.outbox.add(lines(3));
  await until("the next block is delivered", () => rig.outbox.waitingBlocks === 0);
  assertEquals(rig.outbox.settled, [next]);
  await until("the forwarder is idle", () => rig.forwarder.status.state === "idle");
});

Deno.test("F7: a series limit puts off the block that hits it, and no other", async () => {
  let room = false;
  await using rig = new Rig((request) =>
    !room && request.lines.some((line) => line.startsWith("new"))
      ? refusal(400, "partial write: max-series-per-database limit exceeded: (6) dropped=1")
      : undefined
  );
  const full = rig.outbox.add([...lines(5), `new,device=z x=1 ${TIME}`]);
  for (let n = 1; n <= 3; n++) rig.outbox.add(lines(5, 10 * n));
  rig.forwarder.start();
  await until("the other blocks are delivered", () => rig.outbox.settled.length === 3);
  await until("the forwarder sleeps", () => rig.clock.sleeping > 0);
  assertEquals([rig.outbox.waitingBlocks, rig.outbox.deadLetters.size], [1, 0]);
  assertEquals([rig.forwarder.status.state, rig.forwarder.status.reason], ["holding", "capacity"]);
  assertEquals(rig.forwarder.status.nextAttemptAt, rig.clock.wall() + 60_000);
  room = true;
  await rig.clock.passSleep();
  await until("the block is delivered", () => rig.outbox.settled.at(-1) === full);
});

Deno.test("F8: a probe that meets the series limit has met a database that reads lines", async () => {
  await using rig = new Rig((request) =>
    request.lines.some((line) => line.startsWith("bad"))
      ? refusal(400, "type conflict")
      : refusal(400, "partial write: max-series-per-database limit exceeded: (6) dropped=1")
  );
  rig.outbox.add([`bad,device=a x=1 ${TIME}`], { correction: true });
  rig.outbox.add(lines(3), { correction: true });
  rig.outbox.add(lines(3, 10));
  rig.forwarder.start();
  await until("the bad block is settled", () => rig.outbox.settled.length === 1);
  assertEquals(rig.dead, [`bad,device=a x=1 ${TIME}`]);
  await until("the forwarder sleeps", () => rig.clock.sleeping > 0);
  assertLessOrEqual(rig.server.writes.length, 6);
});

Deno.test("an outbox that cannot be read is reported and tried again", async () => {
  await using rig = new Rig();
  const { next } = rig.outbox;
  let failures = 2;
  rig.outbox.next = (lane) => failures-- > 0 ? Promise.reject(new Error("EIO")) : next.call(rig.outbox, lane);
  rig.outbox.add(lines(2));
  await rig.settle();
  assertEquals(
    rig.events.filter((event) => event.kind === "waiting" && event.reason === "internal").length,
    2,
  );
});
