import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { hashToken } from "../../../src/api/mod.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { RawConnection } from "../../support/raw_connection.ts";
import { until } from "../../support/until.ts";
import { api as tokenApi, fakeViews, TOKENS } from "./fake_gateway.ts";
import { ask, patientApi, type Served, served, takingApi } from "./served.ts";

/** Short enough to be waited for. */
const QUICK = { headWithin: 300, requestWithin: 600, takenWithin: 300, idle: 300 };

function refusals(api: Served): unknown[] {
  return api.events.filter(({ name }) => name === "api_refused").map(({ facts }) => facts);
}

Deno.test("a head that comes byte by byte is answered 408 and the connection closed", async () => {
  await using api = await served(QUICK);
  await using slow = await api.say("");
  const dribbling = slow.dribble(ask(`X-Slow: ${"x".repeat(5_000)}`));
  await slow.end();
  await dribbling;
  assertEquals(slow.statuses, [408]);
  assertEquals(refusals(api), [{ reason: "too_slow", address: "127.0.0.1" }]);
});

Deno.test("a second request's head that comes byte by byte is answered 408, too", async () => {
  await using api = await served({ ...QUICK, idle: 60_000 });
  await using slow = await api.say(ask());
  await slow.answers();
  const dribbling = slow.dribble(ask(`X-Slow: ${"x".repeat(5_000)}`));
  await slow.end();
  await dribbling;
  assertEquals(slow.statuses, [200, 408]);
});

Deno.test("a body that comes byte by byte is answered 408", async () => {
  await using api = await served(QUICK, takingApi());
  for (
    const [length, part] of [["Content-Length: 9999", "x"], ["Transfer-Encoding: chunked", "1\r\nx\r\n"]]
  ) {
    await using slow = await api.say(ask(`${length}`).replace("GET /healthz", "POST /take"));
    const dribbling = slow.dribble(`${part}`.repeat(2_000));
    await slow.end();
    await dribbling;
    assertEquals(slow.statuses, [408]);
  }
});

Deno.test("a body that nobody wants is not waited for, and keeps no connection", async () => {
  await using api = await served(QUICK, tokenApi());
  await using slow = await api.say(ask("Content-Length: 9999").replace("GET", "POST"));
  const dribbling = slow.dribble("x".repeat(9_999));
  await slow.answers();
  assertEquals(slow.statuses, [405]);
  await slow.end();
  await dribbling;
  assertEquals(slow.statuses, [405]);
});

Deno.test("connections that say nothing, before a request or after one, are closed in silence", async () => {
  await using api = await served(QUICK);
  await using silent = await api.say("");
  assertEquals(await silent.end(), "");
  await using idle = await api.say(ask());
  await idle.end();
  assertEquals(idle.statuses, [200]);
  assertEquals(refusals(api), []);
});

Deno.test("a client that does not take its answer is cut off", async () => {
  const exposition = (): string => "x".repeat(50_000_000);
  await using api = await served(QUICK, patientApi({ metrics: { exposition } }));
  await using greedy = await RawConnection.open(api.port, false);
  await greedy.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until("the connection is cut", async () => !await greedy.write("x"), { timeout: 30_000, every: 50 });
});

Deno.test("an unending stream lasts as long as its parts are taken, and ends with its client", async () => {
  let ended = false;
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let n = 0; n < 100_000; n++) {
        yield new TextEncoder().encode(`data: ${n}\n\n`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      ended = true;
    }
  };
  const stream = (): Promise<Response> =>
    Promise.resolve(
      new Response(ReadableStream.from(parts()), { headers: { "content-type": "text/event-stream" } }),
    );
  await using api = await served(QUICK, { fetch: stream });
  {
    await using listener = await api.say(ask());
    // Longer than an answer may take.
    await until("thirty parts have come", () => listener.text.includes("data: 30\n"), { timeout: 30_000 });
    assertEquals(listener.closed, false);
  }
  await until("the stream has ended", () => ended, { timeout: 30_000 });
});

Deno.test("a crowd of idle and slow connections keeps nobody out: the longest waiting goes", async () => {
  const most = 8;
  await using api = await served({ connections: most });
  await using stack = new AsyncDisposableStack();
  const crowd: RawConnection[] = [];
  for (let n = 0; n < 40; n++) {
    crowd.push(stack.use(await api.say(n % 2 === 0 ? "" : "GET /healthz HTTP/1.1\r\nHost: lo")));
    if (n % 10 !== 9) continue;
    await using client = await api.say(ask("Connection: close"));
    await client.end();
    assertEquals(client.statuses, [200]);
  }
  const open = (): number => crowd.filter(({ closed }) => !closed).length;
  await until("no more than the limit is open", () => open() <= most, { state: open });
  assertEquals(crowd.slice(-most + 1).every(({ closed }) => !closed), true, "the newest are kept");
  assert(api.events.some(({ name, facts }) => {
    return name === "api_crowded" && JSON.stringify(facts).includes("an_older_one");
  }));
});

Deno.test("a connection that is being answered is never given up for a new one; the new one goes", async () => {
  const { promise: asked, resolve: begun } = Promise.withResolvers<void>();
  const { promise: held, resolve: finish } = Promise.withResolvers<undefined>();
  let under = 0;
  const quarantine = {
    ...fakeViews().quarantine,
    entry: (): Promise<undefined> => (++under === 2 && begun(), held),
  };
  await using api = await served({ connections: 2 }, patientApi({ quarantine }));
  const slow = "GET /api/v1/quarantine/9 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  await using first = await api.say(slow);
  await using second = await api.say(slow);
  await asked;
  await using third = await api.say(ask());
  await third.end();
  assertLessOrEqual(third.statuses.length, 0);
  finish(undefined);
  await first.answers();
  await second.answers();
  assertEquals([first.status, second.status], [404, 404]);
  // Answered, they wait for their clients again, and the older one makes room.
  await using fourth = await api.say(ask());
  await fourth.answers();
  assertEquals(fourth.status, 200);
});

Deno.test("over HTTPS the same limits hold, from the handshake on", async () => {
  const certificates = await makeCertificates();
  if (certificates === undefined) return;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => certificates.remove());
  const { cert, key } = certificates.server;
  const api = stack.use(await served({ ...QUICK, connections: 4 }, patientApi(), { tls: { cert, key } }));
  const client = Deno.createHttpClient({ caCerts: [certificates.ca.cert], poolMaxIdlePerHost: 0 });
  stack.defer(() => client.close());
  const health = async (): Promise<number> => {
    const answer = await fetch(`https://localhost:${api.port}/healthz`, { client });
    await answer.body?.cancel();
    return answer.status;
  };
  assertEquals(await health(), 200);
  const silent = stack.use(await api.say(""));
  assertEquals(await silent.end(), "");
  const half = stack.use(await api.say(new Uint8Array([0x16, 3, 1, 2, 0, 1])));
  assertEquals(await half.end(), "");
  const crowd: RawConnection[] = [];
  for (let n = 0; n < 12; n++) crowd.push(stack.use(await api.say("")));
  assertEquals(await health(), 200);
  await until("the crowd is within the limit", () => crowd.filter(({ closed }) => !closed).length <= 4);
  const plain = stack.use(await api.say(ask()));
  assertEquals((await plain.end()).includes("HTTP/1.1 200"), false);
});

Deno.test("a key that is another certificate's is said before anybody listens", async () => {
  const certificates = await makeCertificates();
  if (certificates === undefined) return;
  try {
    const tls = { cert: certificates.server.cert, key: certificates.client.key };
    const error = await served({}, patientApi(), { tls }).then(() => undefined, (reason) => reason);
    assert(error instanceof Error && error.message.includes("does not belong to the certificate"));
  } finally {
    await certificates.remove();
  }
});

Deno.test("a stranger's and a known client's buckets are apart: a flood of one leaves the other's", async () => {
  await using api = await served(
    {},
    tokenApi({}, {
      rateLimit: { perSecond: 0.001, burst: 5 },
      tokens: () => [{ name: "v", role: "viewer", hash: hashToken(TOKENS.viewer) }],
    }),
  );
  await using flood = await api.say("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50));
  await flood.answers(50);
  assertEquals(flood.statuses.filter((status) => status === 429).length, 45);
  await using known = await api.say(
    `GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKENS.viewer}\r\n\r\n`,
  );
  await known.answers();
  assertEquals(known.status, 200);
});
