import { assertEquals } from "@std/assert";
import type { Answer, PagesPort } from "../../../src/api/mod.ts";
import { api, get, localApi, TOKENS } from "./fake_gateway.ts";

/** One page for viewers that says what some routes answered it. */
function asking(paths: readonly string[]): PagesPort {
  return {
    policy: "default-src 'none'",
    asset: () => undefined,
    routes: [{
      path: "/things/{id}",
      role: "viewer",
      summary: "A page",
      async render({ ask, params, query, viewer, open }) {
        const answers: Answer<unknown>[] = [];
        for (const path of paths) answers.push(await ask(path));
        const told = answers.map((answer) => answer.ok ? "ok" : `${answer.status} ${answer.detail}`);
        return { status: 200, html: JSON.stringify({ told, params, query: query.get("q"), viewer, open }) };
      },
    }],
  };
}

const PATHS = ["/api/v1/status", "/api/v1/config", "/api/v1/devices/nobody", "/api/v1/nowhere"];

Deno.test("a page asks the routes as whoever looks at it, and is told of every refusal in words", async () => {
  const on = api({}, { pages: asking(PATHS) });
  const missing = [
    '404 The device "nobody" is not known',
    "404 There is nothing at this path",
  ];
  const viewer = await (await get(on, "/things/kiln%2F3?q=a+b", TOKENS.viewer)).json();
  assertEquals(viewer, {
    told: [
      "ok",
      '403 The token "viewer-token" has the role "viewer"; this needs a token with the role "admin"',
      ...missing,
    ],
    params: { id: "kiln/3" },
    query: "a b",
    viewer: { name: "viewer-token", role: "viewer", local: false },
    open: false,
  });
  const admin = await (await get(on, "/things/1", TOKENS.admin)).json();
  assertEquals(admin.told, ["ok", "ok", ...missing]);
  const refused = await get(on, "/things/1");
  assertEquals(refused.status, 401);
  await refused.body?.cancel();
});

Deno.test("what a page asks counts as no request of its own", async () => {
  const many = Array.from({ length: 20 }, () => "/api/v1/status");
  const on = localApi({}, { pages: asking(many), rateLimit: { perSecond: 0.001, burst: 2 } });
  const first = await (await get(on, "/things/1")).json();
  assertEquals(first.told, many.map(() => "ok"));
  assertEquals(first.viewer, { name: "local", role: "operator", local: true });
  await (await get(on, "/things/1")).body?.cancel();
  const third = await get(on, "/things/1");
  assertEquals(third.status, 429);
  await third.body?.cancel();
});
