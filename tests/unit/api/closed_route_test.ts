import { OpenAPIHono } from "@hono/zod-openapi";
import { assertEquals } from "@std/assert";
import { Doorkeeper } from "../../../src/api/auth/doorkeeper.ts";
import type { Environment } from "../../../src/api/environment.ts";
import { authorise } from "../../../src/api/guard/authorise.ts";
import { failure } from "../../../src/api/guard/failure.ts";
import { RateLimiter } from "../../../src/api/guard/rate_limit.ts";
import { HandClock, LOCAL } from "./fake_gateway.ts";

Deno.test("a route that declares no role is closed even to anyone on this machine", async () => {
  const app = new OpenAPIHono<Environment>();
  app.onError(failure(() => {}, { note: () => {} }));
  app.use(authorise({
    doorkeeper: new Doorkeeper({
      tokens: () => [],
      onLoopback: true,
      clock: new HandClock(),
      randomId: () => "id",
      onLockedOut: () => {},
    }),
    roles: new Map([["GET /open", { role: "viewer" as const, local: false }]]),
    limiter: new RateLimiter({ perSecond: 1, burst: 10 }, () => 0),
  }));
  app.get("/open", (c) => c.text("open"));
  app.get("/forgotten", (c) => c.text("forgotten"));
  assertEquals((await app.fetch(new Request("http://localhost/open"), LOCAL)).status, 200);
  assertEquals((await app.fetch(new Request("http://localhost/forgotten"), LOCAL)).status, 403);
});
