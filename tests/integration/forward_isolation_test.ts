import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { lines, Rig } from "../support/forward_rig.ts";
import { accepted, type AnswerRule, type Received, refusal } from "../support/http_receiver.ts";
import { until } from "../support/until.ts";

/** A database that refuses a request with a bad line in it, and remembers the lines of the others. */
class Picky {
  readonly stored = new Set<string>();
  /** How many lines of a request it takes; more are too large for it. */
  most = Infinity;

  constructor(
    readonly bad: (line: string) => boolean,
    readonly words: (bad: readonly string[], request: Received) => string = () =>
      "partial write: type conflict",
  ) {}

  readonly answer: AnswerRule = (request) => {
    if (request.method === "GET") return accepted();
    if (request.lines.length > this.most) return refusal(413, "Request Entity Too Large");
    const bad = request.lines.filter(this.bad);
    if (bad.length > 0) return refusal(400, this.words(bad, request));
    for (const line of request.lines) this.stored.add(line);
    return undefined;
  };
}

const TIME = "1700000000000000000";

Deno.test("F5: one poison line among 5,000 is found alone in about 2·log2(n) requests, all others are stored", async () => {
  const all = lines(5_000);
  const poison = all[3_217] ?? "";
  const database = new Picky((line) => line === poison);
  await using rig = new Rig(database.answer);
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.dead, [poison]);
  assertEquals(rig.outbox.deadLetters.get(1)?.[0], {
    index: 3_217,
    line: poison,
    whole: true,
    words: "partial write: type conflict",
    status: 400,
  });
  assertEquals(database.stored.size, 4_999);
  assertLessOrEqual(rig.server.writes.length, 2 * Math.ceil(Math.log2(5_000)) + 1);
  assert(rig.server.writes.some((write) => write.lines.length === 1 && write.lines[0] === poison));
  assertEquals(rig.clock.sleeps, []);
});

Deno.test("F5: a line that the server names costs one request alone, one for the rest, and one to be sure", async () => {
  const all = lines(1_000);
  const [poison, other] = [all[10] ?? "", all[700] ?? ""];
  const database = new Picky(
    (line) => line === poison || line === other,
    (bad) => bad.map((line) => `unable to parse '${line}': invalid boolean`).join("\n"),
  );
  await using rig = new Rig(database.answer);
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.dead, [poison, other]);
  assertEquals(database.stored.size, 998);
  assertEquals(rig.server.writes.map((write) => write.lines.length), [1_000, 998, 1, 1, 1]);
});

Deno.test("F5: a line that the server names by number, as InfluxDB 3 and Cloud do, is tried alone", async () => {
  const all = lines(100);
  const poison = all[41] ?? "";
  await using rig = new Rig((request) => {
    const at = request.lines.indexOf(poison);
    if (at < 0) return undefined;
    const data = [{ error_message: "invalid column type", line_number: at + 1, original_line: "cut off…" }];
    return Response.json({ error: "partial write of line protocol occurred", data }, { status: 400 });
  });
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.dead, [poison]);
  assertEquals(rig.server.writes.map((write) => write.lines.length), [100, 99, 1, 1]);
  assertStringIncludes(rig.outbox.deadLetters.get(1)?.[0]?.words ?? "", "invalid column type");
});

Deno.test("F11: a server that names the wrong line is not believed", async () => {
  const all = lines(64);
  const [poison, innocent] = [all[50] ?? "", all[3] ?? ""];
  const database = new Picky((line) => line === poison, () => `unable to parse '${innocent}': nonsense`);
  await using rig = new Rig(database.answer);
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.dead, [poison]);
  assertEquals(database.stored.size, 63);
});

Deno.test("F6: one field's conflict does not cost the line's other fields", async () => {
  const all = lines(50).map((line, n) => n === 20 ? `m,device=d20 a=1i,b=2,c="x y, z=",d=4 ${TIME}` : line);
  const database = new Picky((line) => line.includes("c="));
  await using rig = new Rig(database.answer);
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.outbox.deadLetters.get(1), [{
    index: 20,
    line: `m,device=d20 c="x y, z=" ${TIME}`,
    whole: false,
    words: "partial write: type conflict",
    status: 400,
  }]);
  const kept = [...database.stored].filter((line) => line.includes("device=d20 ")).join("\n");
  for (const field of ["a=1i", "b=2", "d=4"]) assertStringIncludes(kept, field);
  // The point counts as delivered: part of it is in the database.
  assertEquals(rig.forwarder.status.delivered, { blocks: 1, points: 50 });
  assertEquals(rig.forwarder.status.refused, 1);
});

Deno.test("F9: a field that conflicts for every device is learned once and then costs two requests a block", async () => {
  const block = (n: number): string[] =>
    Array.from({ length: 600 }, (_, d) => `climate,device=d${d} t=${d},label="${n}" ${TIME}`);
  const database = new Picky((line) => line.includes("label="));
  await using rig = new Rig(database.answer);
  for (let n = 0; n < 5; n++) rig.outbox.add(block(n));
  await rig.settle();
  assertEquals(rig.outbox.settled.length, 5);
  assertEquals(rig.dead.length, 5 * 600);
  assert(rig.dead.every((line) => /^climate,device=d\d+ label="\d" \d+$/.test(line)));
  assertEquals(database.stored.size, 600);
  // Learning it takes one search; the other four blocks need the block and the rest of it.
  assertLessOrEqual(rig.server.writes.length, 100);
  assertEquals(rig.forwarder.status.delivered.points, 5 * 600);
});

Deno.test("F9: a series that is always refused stops costing searches, and is tried again after five minutes", async () => {
  let healed = false;
  const database = new Picky((line) => !healed && line.includes("device=d7 "));
  await using rig = new Rig(database.answer);
  const send = async (): Promise<number> => {
    const before = rig.server.writes.length;
    rig.outbox.add(lines(1_000));
    await rig.settle();
    return rig.server.writes.length - before;
  };
  const costs = [await send(), await send(), await send(), await send(), await send()];
  assert(costs.slice(0, 3).every((cost) => cost > 10), `${costs}`);
  assertEquals(costs.slice(3), [2, 2]);
  rig.clock.advance(5 * 60_000);
  assert(await send() > 10);
  // A block is always tried as a whole first, so a series that is healed is noticed at once.
  healed = true;
  assertEquals(await send(), 1);
  assertEquals(rig.dead.length, 6);
});

Deno.test("F9: a reload forgets what was learned", async () => {
  const database = new Picky((line) => line.includes("device=d7 "));
  await using rig = new Rig(database.answer);
  for (let n = 0; n < 3; n++) rig.outbox.add(lines(200));
  await rig.settle();
  const before = rig.server.writes.length;
  rig.forwarder.reload();
  rig.outbox.add(lines(200));
  await rig.settle();
  assert(rig.server.writes.length - before > 5);
});

Deno.test("F10: a block with many bad lines pauses when its requests are spent, the fresh lane goes on meanwhile", async () => {
  // Every third series of another measurement each, so that nothing can be learned.
  const bad = Array.from(
    { length: 240 },
    (_, n) => `m${n},device=d${n} x=${n % 3 === 0 ? "1i" : "1"} ${TIME}`,
  );
  const database = new Picky((line) => line.includes("x=1i"));
  await using rig = new Rig(database.answer, { dice: 0.5 });
  const heavy = rig.outbox.add(bad);
  for (let n = 0; n < 10; n++) rig.outbox.add(lines(10, 1_000 + 10 * n));
  await rig.settle();
  assertEquals(rig.dead.length, 80);
  assertEquals(database.stored.size, 160 + 100);
  assertEquals(rig.outbox.settled.at(-1), heavy);
  const pauses = rig.events.filter((event) => event.kind === "waiting" && event.reason === "isolating");
  assert(pauses.length >= 3, `${pauses.length} pauses for ${rig.server.writes.length} requests`);
  assertLessOrEqual(rig.server.writes.length - 10, 65 * (pauses.length + 1));
});

Deno.test("F5: a request that is too large is halved, and a line too large by itself is a dead letter", async () => {
  const all = lines(40);
  const giant = `m,device=giant text="${"x".repeat(3_000)}" ${TIME}`;
  const database = new Picky(() => false);
  await using rig = new Rig((request, number) =>
    request.text.length > 2_000 ? refusal(413, "Request Entity Too Large") : database.answer(request, number)
  );
  rig.outbox.add([...all.slice(0, 30), giant, ...all.slice(30)]);
  await rig.settle();
  assertEquals(rig.dead, [giant]);
  assertEquals(rig.outbox.deadLetters.get(1)?.[0]?.status, 413);
  assertEquals(database.stored.size, 40);
});

Deno.test("F5: a search goes on where it was after the server was away in the middle of it", async () => {
  const all = lines(512);
  const poison = all[99] ?? "";
  const database = new Picky((line) => line === poison);
  await using rig = new Rig((request, number) =>
    number === 6 || number === 9 ? refusal(503, "busy") : database.answer(request, number)
  );
  rig.outbox.add(all);
  await rig.settle();
  assertEquals(rig.dead, [poison]);
  assertEquals(database.stored.size, 511);
  assertEquals(rig.clock.sleeps.length, 2);
});

Deno.test("F13: while both lanes have blocks, at least a quarter of the sends is the backlog's", async () => {
  await using rig = new Rig();
  for (let n = 0; n < 40; n++) rig.outbox.add(lines(1, n));
  let added = 40;
  rig.server.answer = () => {
    // The fresh lane never runs dry.
    if (added < 80) rig.outbox.add(lines(1, added++));
    return undefined;
  };
  rig.forwarder.start();
  await until("everything is sent", () => rig.outbox.waitingBlocks === 0);
  const lanes = rig.events.flatMap((event) => event.kind === "delivered" ? [event.lane] : []);
  for (let from = 0; from + 20 <= 60; from += 20) {
    const backlog = lanes.slice(from, from + 20).filter((lane) => lane === "backlog").length;
    assertEquals(backlog, 5);
  }
});
