import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HttpTransport, influxDestination } from "../../../src/forward/mod.ts";
import type { Point } from "../../../src/model/mod.ts";
import { Delivery, type DeliveryNews, ReplayProblem } from "../../../src/replay/mod.ts";
import { type AnswerRule, HttpReceiver } from "../../support/http_receiver.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";

const STREAM = {
  deviceIndex: 0,
  device: "d1",
  profile: "p",
  measurement: "m",
  tags: [["device", "d1"]] as const,
};

function point(ms: number, value = ms, name = "x"): Point {
  const fields = [{ name, type: "float", value } as const];
  return { stream: STREAM, fields, ms, ns: 0, readings: 1, correction: false };
}

/** A delivery over real HTTP, two points a block, with a clock that the test moves. */
class Rig implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly server: HttpReceiver;
  readonly news: DeliveryNews[] = [];
  readonly delivery: Delivery;

  constructor(answer?: AnswerRule) {
    this.server = new HttpReceiver(answer);
    const target = { version: 2, org: "plant", bucket: "telemetry" } as const;
    const destination = influxDestination(
      { url: this.server.url, timeout: 10_000, credentials: { kind: "none" }, target },
      new HttpTransport({ clock: this.clock }),
      this.clock,
    );
    this.delivery = new Delivery({
      destination,
      maxPoints: 2,
      retry: { initial: 500, max: 60_000 },
      clock: this.clock,
      random: () => 0.99,
      onNews: (news) => this.news.push(news),
    });
  }

  /** The lines of all requests, one text a request. */
  get sent(): string[] {
    return this.server.writes.map(({ lines }) => lines.join(" "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delivery.close();
    await this.server.close();
  }
}

Deno.test("H8: points are sent in order, in blocks, and settled when all of them are there", async () => {
  await using rig = new Rig();
  for (let ms = 1; ms <= 5; ms++) rig.delivery.point(point(ms));
  await rig.delivery.settled();
  assertEquals(rig.sent, [
    "m,device=d1 x=1 1000000 m,device=d1 x=2 2000000",
    "m,device=d1 x=3 3000000 m,device=d1 x=4 4000000",
    "m,device=d1 x=5 5000000",
  ]);
  await rig.delivery.settled();
  assertEquals(rig.sent.length, 3, "and nothing is sent twice");
});

Deno.test("H8: two values of one series and time never share a block: the later one is sent later", async () => {
  await using rig = new Rig();
  for (const value of [1, 2, 3]) rig.delivery.point(point(1, value));
  rig.delivery.point(point(1, 4, "y"));
  await rig.delivery.settled();
  assertEquals(rig.server.writes.map(({ text }) => text), [
    "m,device=d1 x=1 1000000",
    "m,device=d1 x=2 1000000",
    "m,device=d1 x=3 1000000\nm,device=d1 y=4 1000000",
  ]);
});

Deno.test("H8: reading waits while eight blocks wait, and goes on when one is delivered", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  let writes = 0;
  await using rig = new Rig(() => writes++ === 0 ? promise : undefined);
  for (let ms = 0; ms < 20; ms++) rig.delivery.point(point(ms));
  let room = false;
  const waiting = rig.delivery.room().then(() => room = true);
  await until("the first block is on its way", () => rig.server.writes.length === 1);
  assertEquals(room, false, "ten blocks wait");
  resolve(new Response(null, { status: 204 }));
  await waiting;
  await rig.delivery.settled();
});

Deno.test("H8: a database that comes back gets everything, in the order of the blocks", async () => {
  await using rig = new Rig((_request, number) =>
    number <= 3 ? new Response(null, { status: 503 }) : undefined
  );
  for (let ms = 1; ms <= 4; ms++) rig.delivery.point(point(ms));
  const settled = rig.delivery.settled();
  for (let n = 0; n < 3; n++) await rig.clock.passSleep();
  await settled;
  assertEquals(rig.server.writes.slice(-2).map(({ lines }) => lines.length), [2, 2]);
  assertEquals(rig.news.map(({ kind }) => kind), ["waiting", "waiting", "waiting"]);
});

Deno.test("H8: when nothing was delivered for five minutes the replay ends, and says why", async () => {
  await using rig = new Rig(() => new Response("no such token", { status: 401 }));
  // Idle time before the first point does not count.
  rig.clock.advance(3_600_000);
  rig.delivery.point(point(1));
  const ended = assertRejects(() => rig.delivery.settled(), ReplayProblem);
  let slept = 0;
  while (slept < 300_000) slept += await rig.clock.passSleep();
  const error = await ended;
  assertStringIncludes(error.message, "The database has taken nothing for five minutes: ");
  assertStringIncludes(error.message, "run the replay again");
  assertEquals(rig.server.writes.length > 2, true);
});

Deno.test("a line that the database refuses is told of and the rest delivered", async () => {
  await using rig = new Rig(({ text }) =>
    text.includes("x=13") ? new Response("bad value 13", { status: 400 }) : undefined
  );
  for (const value of [12, 13, 14, 15]) rig.delivery.point(point(value));
  await rig.delivery.settled();
  assertEquals(rig.news.filter(({ kind }) => kind === "refused").length, 1);
  assertEquals(rig.delivery.refusedLines, 1);
});
