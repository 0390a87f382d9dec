import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { DestinationStatus } from "../../src/forward/mod.ts";
import { lines, Rig, TOKEN } from "../support/forward_rig.ts";
import { refusal } from "../support/http_receiver.ts";
import { until } from "../support/until.ts";

interface Case {
  readonly name: string;
  readonly answer: () => Response;
  readonly state: DestinationStatus["state"];
  readonly reason: DestinationStatus["reason"];
  /** Wait before the next attempt with dice that show the highest number, ms. */
  readonly wait: number;
  readonly says: string;
}

const page = "<!DOCTYPE html><html><head><title>Guest network</title></head><body>Log in</body></html>";
const html = { "content-type": "text/html; charset=utf-8" };

/** Every answer that says nothing about the lines: the block is kept and delivered later. */
const CASES: readonly Case[] = [
  ...[401, 403].map((status): Case => ({
    name: `${status}`,
    answer: () => refusal(status, "unauthorized access"),
    state: "holding",
    reason: "unauthorised",
    wait: 30_500,
    says: "does not accept the token",
  })),
  {
    name: "404",
    answer: () => refusal(404, 'bucket "telemetry" not found'),
    state: "holding",
    reason: "not_found",
    wait: 500,
    says: 'does not know the bucket "telemetry"',
  },
  ...[408, 425, 500, 502, 504].map((status): Case => ({
    name: `${status}`,
    answer: () => refusal(status, "something broke"),
    state: "waiting",
    reason: "unavailable",
    wait: 500,
    says: `failed (status ${status}): "something broke"`,
  })),
  ...[429, 503].map((status): Case => ({
    name: `${status} with Retry-After in seconds`,
    answer: () => refusal(status, "slow down", { "retry-after": "7" }),
    state: "waiting",
    reason: "overloaded",
    wait: 7_700,
    says: "asks for patience",
  })),
  {
    name: "503 with Retry-After as a date",
    answer: () => refusal(503, "slow down", { "retry-after": "Wed, 01 Jan 2025 00:02:00 GMT" }),
    state: "waiting",
    reason: "overloaded",
    wait: 132_000,
    says: "asks for patience",
  },
  {
    name: "429 with an endless Retry-After",
    answer: () => refusal(429, "slow down", { "retry-after": "86400" }),
    state: "waiting",
    reason: "overloaded",
    wait: 990_000,
    says: "asks for patience",
  },
  {
    name: "503 without Retry-After",
    answer: () => refusal(503, "slow down"),
    state: "waiting",
    reason: "overloaded",
    wait: 500,
    says: "asks for patience",
  },
  {
    name: "a redirect",
    answer: () => new Response(null, { status: 302, headers: { location: "http://login.example/" } }),
    state: "holding",
    reason: "wrong_address",
    wait: 500,
    says: 'answers with a redirect (status 302): "http://login.example/"',
  },
  ...[200, 400, 511].map((status): Case => ({
    name: `${status} with a web page`,
    answer: () => new Response(page, { status, headers: html }),
    state: "holding",
    reason: "wrong_address",
    wait: 500,
    says: `answers with a web page (status ${status})`,
  })),
  {
    name: "405",
    answer: () => new Response("Method Not Allowed", { status: 405 }),
    state: "holding",
    reason: "wrong_address",
    wait: 500,
    says: "answers with status 405",
  },
  {
    name: "a series limit",
    answer: () => refusal(400, "partial write: max-series-per-database limit exceeded: (6) dropped=7"),
    state: "holding",
    reason: "capacity",
    wait: 60_000,
    says: "takes no more series",
  },
];

for (const one of CASES) {
  Deno.test(`F3 F4 F7: after ${one.name} the block is kept, the reason is said, and it is delivered later`, async () => {
    await using rig = new Rig((_, number) => number === 1 ? one.answer() : undefined);
    rig.outbox.add(lines(3));
    rig.forwarder.start();
    await until("the forwarder waits", () => rig.clock.sleeping > 0);
    const status = rig.forwarder.status;
    assertEquals([status.state, status.reason], [one.state, one.reason]);
    assertStringIncludes(status.text ?? "", one.says);
    assertEquals([rig.outbox.waitingBlocks, rig.outbox.deadLetters.size, rig.server.writes.length], [
      1,
      0,
      1,
    ]);
    assertEquals(await rig.clock.passSleep(), one.wait);
    await until("the block is delivered", () => rig.outbox.waitingBlocks === 0);
    assertEquals(rig.server.writes[1]?.lines, lines(3));
    assertEquals(rig.forwarder.status.resent, 0);
    assert(!rig.said.includes(TOKEN));
  });
}

Deno.test("F1: lines go out gzip'd, with bucket, precision and token, and nothing else carries the token", async () => {
  await using rig = new Rig();
  rig.outbox.add(lines(3));
  await rig.settle();
  const [write] = rig.server.writes;
  assertEquals(write?.gzipped, true);
  assertEquals(write?.path, "/api/v2/write");
  assertEquals(write?.query.toString(), "org=plant&bucket=telemetry&precision=ns");
  assertEquals(write?.headers.get("authorization"), `Token ${TOKEN}`);
  assertEquals(write?.lines, lines(3));
  assertEquals(rig.server.requests.length, 1);
});

Deno.test("F4: failures in a row wait longer and longer up to retry.max, and one success begins anew", async () => {
  await using rig = new Rig((_, number) => number <= 9 ? refusal(500, "down") : undefined);
  rig.outbox.add(lines(1));
  await rig.settle();
  assertEquals(rig.clock.sleeps.slice(0, 9), [
    ...[500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000],
    ...[60_000, 60_000],
  ]);
  assertEquals(rig.forwarder.status.attempts, 0);
  assertEquals(rig.events.at(-2), { kind: "recovered", attempts: 9 });
});

Deno.test("F4: a refused token is read again, and a token that cannot be read is waited for", async () => {
  const tokens = ["old", "new"];
  let reads = 0;
  const read = (): string => {
    const token = tokens[reads++ === 0 ? 0 : 1] ?? "";
    if (reads === 2) throw new Error("No such file: influx-token");
    return token;
  };
  await using rig = new Rig(
    (request) =>
      request.headers.get("authorization") === "Token new" ? undefined : refusal(401, "unauthorized access"),
    { credentials: { kind: "token", read } },
  );
  rig.outbox.add(lines(1));
  await rig.settle();
  assertEquals(rig.server.writes.map((write) => write.headers.get("authorization")), [
    "Token old",
    "Token new",
  ]);
  const texts = rig.events.map((event) => event.kind === "waiting" ? event.text : "");
  assertStringIncludes(texts.join("\n"), 'cannot be read: "No such file: influx-token"');
  assert(rig.clock.sleeps.slice(0, 2).every((wait) => wait >= 30_000));
});

Deno.test("F14: a block that timed out is sent again and counted, and a refused connection is not", async () => {
  const hung = Promise.withResolvers<Response>();
  await using rig = new Rig((_, number) => number === 1 ? hung.promise : undefined);
  rig.outbox.add(lines(2));
  rig.forwarder.start();
  await until("the request has arrived", () => rig.server.writes.length === 1);
  rig.clock.advance(10_000);
  await until("the forwarder waits", () => rig.clock.sleeping > 0);
  assertEquals(rig.forwarder.status.reason, "no_answer");
  assertStringIncludes(rig.forwarder.status.text ?? "", "did not answer in time");
  hung.resolve(new Response(null, { status: 204 }));
  await rig.settle();
  assertEquals(rig.forwarder.status.resent, 1);
  assertEquals(rig.events.filter((event) => event.kind === "resent").length, 1);

  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  await using refused = new Rig(undefined, { url: `http://127.0.0.1:${port}` });
  refused.outbox.add(lines(1));
  refused.forwarder.start();
  await refused.clock.passSleep();
  await until("the second attempt failed as well", () => refused.clock.sleeps.length === 2);
  assertStringIncludes(refused.forwarder.status.text ?? "", "cannot be reached");
  assertEquals(refused.forwarder.status.resent, 0);
});

Deno.test("F14: a connection that is cut after the request counts as sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cutting = (async (): Promise<void> => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1));
      connection.close();
    }
  })();
  await using rig = new Rig(undefined, { url: `http://127.0.0.1:${listener.addr.port}` });
  rig.outbox.add(lines(1));
  rig.forwarder.start();
  await rig.clock.passSleep();
  await until("the block went out again", () => rig.forwarder.status.resent === 1);
  await until("that failed as well", () => rig.clock.sleeping > 0);
  listener.close();
  await cutting;
});

Deno.test("F14: a success that breaks off in its body is none: the block is kept and counts as sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cutting = (async (): Promise<void> => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4_096));
      await connection.write(
        new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n<!doct"),
      );
      connection.close();
    }
  })();
  await using rig = new Rig(undefined, { url: `http://127.0.0.1:${listener.addr.port}` });
  rig.outbox.add(lines(1));
  rig.forwarder.start();
  await rig.clock.passSleep();
  await until("the block went out again", () => rig.forwarder.status.resent === 1);
  await until("that failed as well", () => rig.clock.sleeping > 0);
  assertEquals([rig.forwarder.status.reason, rig.outbox.waitingBlocks], ["no_answer", 1]);
  assertStringIncludes(rig.forwarder.status.text ?? "", "The answer broke off");
  listener.close();
  await cutting;
});

Deno.test("stop sends what waits, gives up what fails, and keeps the rest", async () => {
  await using rig = new Rig((_, number) => number === 3 ? refusal(500, "down") : undefined);
  for (let n = 0; n < 4; n++) rig.outbox.add(lines(1, n));
  rig.forwarder.start();
  await rig.forwarder.stop(10_000);
  assertEquals(rig.outbox.settled.length, 2);
  assertEquals(rig.outbox.waitingBlocks, 2);
});

Deno.test("stop gives up the request in flight at its deadline", async () => {
  const hung = Promise.withResolvers<Response>();
  await using rig = new Rig(() => hung.promise);
  rig.outbox.add(lines(1));
  rig.forwarder.start();
  await until("the request has arrived", () => rig.server.writes.length === 1);
  const stopped = rig.forwarder.stop(2_000);
  rig.clock.advance(2_000);
  await stopped;
  assertEquals(rig.outbox.waitingBlocks, 1);
  hung.resolve(new Response(null, { status: 204 }));
});

Deno.test("F4: a reload ends every wait and tries at once", async () => {
  await using rig = new Rig((_, number) => number === 1 ? refusal(401, "unauthorized access") : undefined);
  rig.outbox.add(lines(1));
  rig.forwarder.start();
  await until("the forwarder waits", () => rig.clock.sleeping > 0);
  rig.forwarder.reload();
  await until("the block is delivered", () => rig.outbox.waitingBlocks === 0);
  assertEquals(rig.clock.monotonic(), 0);
});

Deno.test("P8: a server that repeats the token does not bring it into a text", async () => {
  await using rig = new Rig((request, number) =>
    number === 1 ? refusal(403, `no access with ${request.headers.get("authorization")}`) : undefined
  );
  rig.outbox.add(lines(1));
  await rig.settle();
  assertStringIncludes(rig.said, "no access with Token ***");
  assert(!rig.said.includes(TOKEN));
});
