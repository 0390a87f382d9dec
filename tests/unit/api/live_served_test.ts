import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sampleAlert } from "./fake_gateway.ts";
import { type FakeLive, fakeLive } from "./fake_live.ts";
import { patientApi, type Served, served } from "./served.ts";
import { EventReader } from "../../support/event_reader.ts";
import { until } from "../../support/until.ts";

const HELLO = { kind: "learned", data: { id: "hello" } } as const;

/** A client as a program would be one. */
async function look(on: Served, query = "", headers: Record<string, string> = {}): Promise<EventReader> {
  const answer = await fetch(`http://127.0.0.1:${on.port}/api/v1/events${query}`, { headers });
  assertEquals([answer.status, answer.headers.get("content-type")], [200, "text/event-stream"]);
  if (answer.body === null) throw new Error("the answer has no body");
  return new EventReader(answer.body);
}

/** Serves an API over a gateway in which things happen. */
async function site(): Promise<{ on: Served; live: FakeLive }> {
  const live = fakeLive();
  return { on: await served({}, patientApi({ live })), live };
}

/** A client that asks and never reads. */
async function sleep(on: Served, query = ""): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: on.port });
  const request = `GET /api/v1/events${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return connection;
}

/** Reads what the system still holds for a client, until the other side has gone. */
async function cutOff(connection: Deno.TcpConn): Promise<void> {
  const into = new Uint8Array(1_048_576);
  while (await connection.read(into).catch(() => null) !== null);
}

Deno.test("100 clients are told, one that never reads is dropped, and the others go on", async () => {
  const live = fakeLive();
  const events: Served["events"] = [];
  const api = patientApi({ live }, { onEvent: (name, level, facts) => events.push({ name, level, facts }) });
  // As many connections as there may be: one more needs the place of one that is gone.
  await using on = await served({ connections: 100 }, api);
  const clients = await Promise.all(Array.from({ length: 99 }, () => look(on, "?topics=alerts")));
  using sleeper = await sleep(on, "?topics=alerts");
  const summary = "x".repeat(20_000);
  let sent = 0;
  // The system takes megabytes for a client that does not read, before anything waits here: 20 MB are far beyond that.
  while (events.every(({ name }) => name !== "api_stream_dropped")) {
    assert(++sent < 1_000, "the one that does not read is still there");
    live.happen({ kind: "alert", data: sampleAlert({ summary, id: `${sent}` }) });
    await Promise.all(clients.map((client) => client.next(1)));
  }
  assertStringIncludes(JSON.stringify(events), "too_much_waits");
  live.happen({ kind: "alert", data: sampleAlert({ id: "after" }) });
  for (const client of clients) assertEquals((await client.next(1))[0]?.data.id, "after");
  await until("its connection is another's", async () => {
    const answer = await fetch(`http://127.0.0.1:${on.port}/healthz`).catch(() => undefined);
    return await answer?.text();
  });
  await cutOff(sleeper);
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("who returns with Last-Event-ID is told what they have missed", async () => {
  const { on, live } = await site();
  await using _ = on;
  const first = await look(on);
  live.happen(HELLO);
  const [seen] = await first.next(1);
  await first.close();
  live.happen({ kind: "learned", data: { id: "missed" } });
  const back = await look(on, "", { "Last-Event-ID": seen?.id ?? "" });
  assertEquals((await back.next(1)).map(({ data }) => data.id), ["missed"]);
  const lost = await look(on, "", { "Last-Event-ID": "of-another-program" });
  assertEquals((await lost.next(1))[0]?.event, "reset");
  await Promise.all([back.close(), lost.close()]);
});

Deno.test("there is no room for the 121st, and there is when one has gone", async () => {
  const { on } = await site();
  await using _ = on;
  const clients = await Promise.all(Array.from({ length: 120 }, () => look(on)));
  const refused = await fetch(`http://127.0.0.1:${on.port}/api/v1/events`);
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "15"]);
  assertEquals((await refused.json()).reason, "too_many_streams");
  await clients.pop()?.close();
  clients.push(
    await until("there is room", async () => {
      const answer = await fetch(`http://127.0.0.1:${on.port}/api/v1/events`);
      if (answer.status === 200 && answer.body !== null) return new EventReader(answer.body);
      await answer.body?.cancel();
      return undefined;
    }),
  );
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("closing ends streams at once and in order, also of a client that does not read", async () => {
  const { on, live } = await site();
  const client = await look(on);
  using sleeper = await sleep(on);
  live.happen(HELLO);
  await client.next(1);
  await on[Symbol.asyncDispose]();
  assertEquals(await client.end(), "");
  await cutOff(sleeper);
});

Deno.test("HEAD takes no place, a wrong topic is said, and a stream is kept by nobody on the way", async () => {
  const { on } = await site();
  await using _ = on;
  for (let time = 0; time < 130; time++) {
    const head = await fetch(`http://127.0.0.1:${on.port}/api/v1/events`, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
  }
  const wrong = await fetch(`http://127.0.0.1:${on.port}/api/v1/events?topics=status,alarms`);
  assertEquals(wrong.status, 400);
  assertMatch((await wrong.json()).detail, /status, alerts, devices, readings, config, learned/);
  const client = await look(on);
  await client.close();
  await using raw = await on.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until("the stream has begun", () => raw.text.includes("id: "));
  assertMatch(raw.text, /cache-control: no-store/i);
  assertMatch(raw.text, /x-accel-buffering: no/i);
});
