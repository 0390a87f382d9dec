import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LiveHub } from "../../../src/api/live/live_hub.ts";
import { type Topic, TOPICS } from "../../../src/api/schemas/live.ts";
import type { ReadingTold } from "../../../src/api/mod.ts";
import { statusNow } from "../../../src/api/routes/status.ts";
import { fakeViews, HandClock, listen, sampleAlert, sampleStatus } from "./fake_gateway.ts";
import { fakeLive } from "./fake_live.ts";
import { EventReader } from "../../support/event_reader.ts";

const READING: ReadingTold = {
  device: "kiln-3",
  field: "temperature",
  tags: { site: "a" },
  value: 21.4,
  unit: "degC",
  time: "2026-07-01T14:12:29.000Z",
};

/** A hub with a clock of the test's own. */
function rig() {
  const live = fakeLive();
  const clock = new HandClock();
  const { events, onEvent } = listen();
  let looks = 0;
  const views = fakeViews({ status: { status: () => (looks++, sampleStatus()) } });
  const hub = new LiveHub({ live, clock, onEvent, status: () => statusNow(views) });
  const open = (change: { topics?: readonly Topic[]; device?: string; seen?: number } = {}): EventReader => {
    const stream = hub.open({
      topics: new Set(change.topics ?? TOPICS),
      device: change.device ?? null,
      seen: change.seen ?? null,
      address: "10.0.0.9",
    });
    if (stream === undefined) throw new Error("there is no room");
    return new EventReader(stream);
  };
  return { live, clock, hub, open, events, looks: () => looks };
}

const learn = (id: string): Parameters<ReturnType<typeof fakeLive>["happen"]>[0] => {
  return { kind: "learned", data: { id } };
};

Deno.test("a client begins with where it is, and is told what happens from then on", async () => {
  const { live, open } = rig();
  live.happen(learn("before"));
  const client = open();
  live.happen({ kind: "alert", data: sampleAlert() });
  live.happen({
    kind: "device",
    data: { id: "kiln-3", liveness: "late", last_seen_at: "2026-07-01T14:12:29.000Z" },
  });
  live.happen({ kind: "config", data: { since: "2026-07-01T14:12:29.000Z" } });
  assertEquals(await client.next(3), [
    { event: "alert", id: "1002", data: sampleAlert() },
    {
      event: "device",
      id: "1003",
      data: { id: "kiln-3", liveness: "late", last_seen_at: "2026-07-01T14:12:29.000Z" },
    },
    { event: "config", id: "1004", data: { since: "2026-07-01T14:12:29.000Z" } },
  ]);
  assertEquals(client.firstId, "1001", "it can come back before anything has happened");
  await client.close();
});

Deno.test("one hears only of the topics that one asked for", async () => {
  const { live, clock, open } = rig();
  live.read(READING);
  const client = open({ topics: ["learned"] });
  live.happen({ kind: "alert", data: sampleAlert() });
  clock.advance(1_000);
  live.happen(learn("l1"));
  assertEquals(await client.next(1), [{ event: "learned", id: "1002", data: { id: "l1" } }]);
  await client.close();
});

Deno.test("the status is made once a second for all who listen, and not at all where nobody does", async () => {
  const { clock, open, looks, hub } = rig();
  clock.advance(5_000);
  const others = open({ topics: ["alerts"] });
  clock.advance(1_000);
  assertEquals(looks(), 0);
  const clients = Array.from({ length: 50 }, () => open({ topics: ["status"] }));
  clock.advance(1_000);
  assertEquals(looks(), 1);
  for (const client of clients) assertEquals((await client.next(1))[0]?.event, "status");
  clock.advance(1_000);
  assertEquals(looks(), 2);
  for (const client of [...clients, others]) await client.close();
  assertEquals([hub.size, clock.pending], [0, 0], "no timer runs where nobody looks on");
});

Deno.test("readings are looked at once a second for each device that someone follows", async () => {
  const { live, clock, open } = rig();
  live.read(READING, { ...READING, device: "press-2" });
  const first = open({ topics: ["readings"], device: "kiln-3" });
  const second = open({ topics: ["readings"], device: "kiln-3" });
  const all = open({ topics: ["readings"] });
  assertEquals(live.watched, ["kiln-3", null]);
  clock.advance(1_000);
  assertEquals(live.looks, 2);
  assertEquals(await first.next(1), [{ event: "reading", id: undefined, data: READING }]);
  assertEquals((await second.next(1)).length, 1);
  assertEquals((await all.next(2)).map(({ data }) => data.device), ["kiln-3", "press-2"]);
  for (const client of [first, second, all]) await client.close();
  const again = open({ topics: ["readings"], device: "kiln-3" });
  assertEquals(live.watched, ["kiln-3", null, "kiln-3"], "what nobody follows is forgotten");
  await again.close();
});

Deno.test("who comes back is told what they have missed of their topics", async () => {
  const { live, open } = rig();
  for (const id of ["a", "b", "c"]) live.happen(learn(id));
  live.happen({ kind: "alert", data: sampleAlert() });
  const client = open({ seen: 1_001, topics: ["learned"] });
  live.happen(learn("d"));
  assertEquals((await client.next(3)).map(({ id, data }) => [id, data.id]), [
    ["1002", "b"],
    ["1003", "c"],
    ["1005", "d"],
  ]);
  await client.close();
});

Deno.test("a gap is said: an id of another process, one that is no longer kept, one that was never given", async () => {
  const { live, open } = rig();
  const reset = async (seen: number): Promise<unknown> => {
    const client = open({ seen });
    live.happen(learn("next"));
    const [first] = await client.next(1);
    await client.close();
    return first?.event;
  };
  assertEquals(await reset(999), "reset");
  assertEquals(await reset(4_000), "reset");
  assertEquals(await reset(1_002), "learned");
  for (let index = 0; index < 1_000; index++) live.happen(learn(`${index}`));
  assertEquals(await reset(1_002), "reset");
  const newest = 1_000 + 3 + 1_000 + 1;
  const whole = open({ seen: newest - 1_000 });
  assertEquals((await whole.next(1_000)).map(({ id }) => Number(id)).at(-1), newest);
  await whole.close();
  assertEquals(await reset(newest - 1_001), "reset");
});

Deno.test("more than can be told one by one is a gap for everyone, also for who is away", async () => {
  const { live, open } = rig();
  live.happen(learn("a"));
  const here = open({ topics: ["alerts"] });
  live.happen({ kind: "reset" });
  assertEquals(await here.next(1), [{ event: "reset", id: "1002", data: {} }]);
  const back = open({ seen: 1_001 });
  assertEquals((await back.next(1))[0]?.event, "reset");
  const known = open({ seen: 1_002, topics: ["learned"] });
  live.happen(learn("b"));
  assertEquals((await known.next(1))[0]?.data.id, "b");
  for (const client of [here, back, known]) await client.close();
});

Deno.test("a client for whom too much waits is dropped, at once and by itself", async () => {
  const { live, open, hub, events } = rig();
  const reader = open({ topics: ["learned"] });
  const sleeper = open({ topics: ["learned"] });
  let sent = 0;
  while (hub.size === 2 && sent < 10_000) {
    live.happen(learn(`${sent++}`.padEnd(1_000, "-"))), await reader.next(1);
  }
  assert(sent > 200 && sent < 400, `${sent} events of 1,000 bytes`);
  assertEquals(events, [{
    name: "api_stream_dropped",
    level: "warning",
    facts: { reason: "too_much_waits", address: "10.0.0.9" },
  }]);
  live.happen(learn("on"));
  assertEquals((await reader.next(1))[0]?.data.id, "on");
  assertStringIncludes(await sleeper.end(), "too_much_waits");
  await reader.close();
});

Deno.test("a client that takes nothing is dropped after 20 s, one that takes little by little is not", async () => {
  const { clock, open, hub, events } = rig();
  const sleeper = open({ topics: ["status"] });
  const slow = open({ topics: ["status"] });
  for (let second = 0; second < 30; second++) {
    clock.advance(1_000);
    if (second % 10 === 9) await slow.read();
  }
  assertEquals([hub.size, events.map(({ facts }) => facts)], [1, [{
    reason: "takes_nothing",
    address: "10.0.0.9",
  }]]);
  assertStringIncludes(await sleeper.end(), "takes_nothing");
  await slow.close();
});

Deno.test("a heartbeat comes every 15 s, and a stream ends in order after 15 minutes", async () => {
  const { clock, open, hub } = rig();
  const client = open({ topics: ["alerts"] });
  for (let second = 0; second < 900; second++) {
    clock.advance(1_000);
    await client.read(0);
  }
  assertEquals(hub.size, 0);
  assertEquals(await client.end(), "");
  assertEquals(client.comments, 60);
});

Deno.test("there is room for 120, and for another one when one goes", async () => {
  const { open, hub } = rig();
  const clients = Array.from({ length: 120 }, () => open());
  const wish = { topics: new Set(TOPICS), device: null, seen: null, address: "" };
  assertEquals(hub.open(wish), undefined);
  await clients.pop()?.close();
  clients.push(open());
  assertEquals(hub.size, 120);
  for (const client of clients) await client.close();
});
