import { assertEquals } from "@std/assert";
import { RateLimiter } from "../../../src/api/guard/rate_limit.ts";
import { api, fakeViews, get, HandClock, LOCAL, localApi, TOKENS } from "./fake_gateway.ts";

Deno.test("who asks too often waits as long as the answer says, others do not", async () => {
  const clock = new HandClock();
  const on = api({}, { clock, rateLimit: { perSecond: 2, burst: 3 } });
  const status = async (token?: string): Promise<number> => (await get(on, "/healthz", token)).status;
  assertEquals([await status(), await status(), await status(), await status()], [200, 200, 200, 429]);
  const refused = await get(on, "/healthz");
  assertEquals(refused.headers.get("retry-after"), "1");
  assertEquals((await refused.json()).reason, "rate_limited");
  const elsewhere = await on.fetch(new Request("http://10.0.0.1/healthz"), { address: "10.0.0.9" });
  assertEquals(elsewhere.status, 200);
  clock.advance(500);
  assertEquals([await status(), await status()], [200, 429]);
});

Deno.test("a token has a bucket of its own, wherever its bearer is; wrong tokens share their address's", async () => {
  const on = api({}, { rateLimit: { perSecond: 1, burst: 2 } });
  const ask = async (token: string, address: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await on.fetch(new Request("http://10.0.0.1/metrics", { headers }), { address })).status;
  };
  assertEquals([await ask("guess1", "a"), await ask("guess2", "a"), await ask("guess3", "a")], [
    401,
    401,
    429,
  ]);
  assertEquals([await ask(TOKENS.viewer, "a"), await ask(TOKENS.viewer, "b")], [200, 200]);
  assertEquals([await ask(TOKENS.viewer, "c"), await ask(TOKENS.operator, "c")], [429, 200]);
});

Deno.test("a busy program on its machine does not use up the rate of a supervisor's questions", async () => {
  const on = api({}, { rateLimit: { perSecond: 1, burst: 2 } });
  const ask = async (path: string): Promise<number> => (await get(on, path)).status;
  assertEquals([await ask("/api/v1/status"), await ask("/metrics"), await ask("/metrics")], [401, 401, 429]);
  assertEquals([await ask("/healthz"), await ask("/readyz"), await ask("/healthz")], [200, 200, 429]);
});

Deno.test("a limiter remembers a bounded number of callers and forgets the stalest", () => {
  const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => 0);
  assertEquals(limiter.take("first"), 0);
  assertEquals(limiter.take("first"), 1);
  for (let index = 0; index < 9_999; index++) limiter.take(`other ${index}`);
  assertEquals(limiter.take("first"), 1);
  for (let index = 0; index < 10_000; index++) limiter.take(`more ${index}`);
  assertEquals(limiter.take("first"), 0);
});

Deno.test("an answer that takes too long is a problem, and no timer stays behind", async () => {
  const clock = new HandClock();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { promise: asked, resolve: begun } = Promise.withResolvers<void>();
  const views = fakeViews();
  const on = localApi({
    quarantine: {
      ...views.quarantine,
      entry() {
        begun();
        return promise;
      },
    },
  }, { clock, answerWithin: 5_000 });
  const answering = get(on, "/api/v1/quarantine/4");
  await asked;
  clock.advance(4_999);
  assertEquals(clock.pending, 1);
  clock.advance(1);
  const answer = await answering;
  assertEquals([answer.status, (await answer.json()).reason], [503, "timed_out"]);
  assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
  resolve(undefined);
  await on.fetch(new Request("http://localhost/healthz"), LOCAL);
  assertEquals(clock.pending, 0);
});
