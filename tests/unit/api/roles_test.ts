import { assert, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { covers } from "../../../src/api/auth/role.ts";
import type { Role } from "../../../src/api/mod.ts";
import { api, get, listen, LOCAL, TOKENS } from "./fake_gateway.ts";

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ "x-role": z.enum(["none", "viewer", "operator", "admin"]) }).loose()),
  ),
});

/** What stands in for the parameters of a path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "/api/v1/devices/{id}": "/api/v1/devices/kiln-3",
  "/api/v1/quarantine/{id}": "/api/v1/quarantine/4",
};

/** Every route of the OpenAPI document with the role that it declares. */
async function routes(): Promise<{ method: string; path: string; role: Role | "none" }[]> {
  const answer = await get(api(), "/openapi.json", TOKENS.viewer);
  const document = Document.parse(await answer.json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: EXAMPLES[path] ?? path,
      role: operation["x-role"],
    }))
  );
}

/** Who may ask, and the role that this gives. */
const CALLERS: readonly { who: string; authorization: string | null; role: Role | null }[] = [
  { who: "nobody", authorization: null, role: null },
  { who: "a viewer", authorization: `Bearer ${TOKENS.viewer}`, role: "viewer" },
  { who: "an operator", authorization: `Bearer ${TOKENS.operator}`, role: "operator" },
  { who: "an admin", authorization: `Bearer ${TOKENS.admin}`, role: "admin" },
  { who: "an admin who writes bearer small", authorization: `bearer ${TOKENS.admin}`, role: "admin" },
  { who: "an unknown token", authorization: "Bearer sluice_guessed", role: null },
  { who: "a token with a tail", authorization: `Bearer ${TOKENS.admin}x`, role: null },
  { who: "a hash in place of its token", authorization: "Bearer sha256:00", role: null },
  { who: "two tokens", authorization: `Bearer ${TOKENS.admin} ${TOKENS.admin}`, role: null },
  { who: "an empty token", authorization: "Bearer ", role: null },
  { who: "a password", authorization: `Basic ${btoa(`admin:${TOKENS.admin}`)}`, role: null },
  { who: "a bare token", authorization: TOKENS.admin, role: null },
];

Deno.test("P9: each route answers each caller as its declared role says", async () => {
  const on = api();
  const all = await routes();
  assert(all.length >= 15, `only ${all.length} routes in the document`);
  for (const { method, path, role } of all) {
    for (const { who, authorization, role: has } of CALLERS) {
      const headers: Record<string, string> = authorization === null ? {} : { Authorization: authorization };
      const answer = await on.fetch(new Request(`http://10.0.0.1${path}`, { method, headers }), LOCAL);
      await answer.text();
      const expected = role === "none" ? 200 : has === null ? 401 : covers(has, role) ? 200 : 403;
      assertEquals(answer.status, expected, `${who} asks ${method} ${path}, which needs ${role}`);
      if (expected !== 401) continue;
      assertMatch(answer.headers.get("www-authenticate") ?? "", /^Bearer realm="sluice"/, `${who} ${path}`);
    }
  }
});

Deno.test("the roles are those of the contract", async () => {
  const declared = Object.fromEntries((await routes()).map(({ path, role }) => [path, role]));
  assertEquals(declared, {
    "/healthz": "none",
    "/readyz": "none",
    "/metrics": "viewer",
    "/api/v1/status": "viewer",
    "/api/v1/ledger": "viewer",
    "/api/v1/delivered": "viewer",
    "/api/v1/notifiers": "viewer",
    "/api/v1/devices": "viewer",
    "/api/v1/devices/kiln-3": "viewer",
    "/api/v1/series": "viewer",
    "/api/v1/alerts": "viewer",
    "/api/v1/rules": "viewer",
    "/api/v1/quarantine": "viewer",
    "/api/v1/quarantine/4": "viewer",
    "/api/v1/config": "admin",
    "/openapi.json": "viewer",
    "/": "viewer",
  });
});

Deno.test("HEAD needs the same role as GET", async () => {
  const on = api();
  const ask = (token: string | null): Promise<Response> => {
    const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
    return on.fetch(new Request("http://10.0.0.1/api/v1/config", { method: "HEAD", headers }), LOCAL);
  };
  assertEquals((await ask(null)).status, 401);
  assertEquals((await ask(TOKENS.operator)).status, 403);
  const allowed = await ask(TOKENS.admin);
  assertEquals([allowed.status, await allowed.text()], [200, ""]);
});

Deno.test("what was refused is an event with the caller's address and without the token", async () => {
  const { events, onEvent } = listen();
  await (await get(api({}, { onEvent }), "/api/v1/status", "sluice_guessed")).text();
  const refused = events.find((event) => event.name === "api_refused");
  assertEquals(refused?.level, "warning");
  assertEquals(refused?.facts, {
    reason: "unauthenticated",
    method: "GET",
    path: "/api/v1/status",
    address: "127.0.0.1",
  });
});
