/**
 * P9 on a running gateway: every route of its OpenAPI document with every kind of caller, and the table of it. Where a
 * route was added on purpose, `SLUICE_WRITE_TABLE=1` writes the table anew.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatToken, type Role } from "../../src/api/mod.ts";
import { covers } from "../../src/api/auth/role.ts";
import { tokenHash } from "../../src/cli/token.ts";
import { type Answer, GatewayProcess, ROOT } from "../support/gateway_process.ts";
import { fromFreshAddress } from "../support/from_address.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher } from "../support/publisher.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";

const TABLE = new URL("route_roles.md", import.meta.url);
const ROLES = ["viewer", "operator", "admin"] as const;
const TOKENS = Object.fromEntries(
  ROLES.map((role) => [role, formatToken(crypto.getRandomValues(new Uint8Array(32)))]),
);
const ADMIN = `${TOKENS.admin}`;

/** Who asks, with which headers, and the role that this gives. */
interface Caller {
  readonly who: string;
  readonly role: Role | null;
  readonly headers: HeadersInit;
  readonly query?: string;
  /** A session by which another site makes the browser ask: what changes something is refused. */
  readonly forged?: boolean;
}

const EXPIRED = formatToken(crypto.getRandomValues(new Uint8Array(32)));

const BEARERS: readonly Caller[] = [
  { who: "nobody", role: null, headers: {} },
  ...ROLES.map((role) => ({ who: role, role, headers: { authorization: `Bearer ${TOKENS[role]}` } })),
  { who: "expired token", role: null, headers: { authorization: `Bearer ${EXPIRED}` } },
  {
    who: "unknown token",
    role: null,
    headers: { authorization: `Bearer ${formatToken(new Uint8Array(32))}` },
  },
  { who: "malformed token", role: null, headers: { authorization: `Bearer ${ADMIN} ${ADMIN}` } },
  { who: "token cut short", role: null, headers: { authorization: `Bearer ${ADMIN.slice(0, -1)}` } },
  { who: "empty token", role: null, headers: { authorization: "Bearer " } },
  { who: "no scheme", role: null, headers: { authorization: ADMIN } },
  { who: "wrong scheme", role: null, headers: { authorization: `Basic ${btoa(`admin:${ADMIN}`)}` } },
  {
    who: "two headers",
    role: null,
    headers: [["authorization", `Bearer ${ADMIN}`], ["authorization", "Bearer x"]],
  },
  { who: "its hash", role: null, headers: { authorization: `Bearer ${tokenHash(ADMIN)}` } },
  { who: "in a cookie", role: null, headers: { cookie: `token=${ADMIN}; sluice_session=${ADMIN}` } },
  { who: "in the query", role: null, headers: {}, query: `?access_token=${ADMIN}&token=${ADMIN}` },
  { who: "as a proxy's header", role: null, headers: { "proxy-authorization": `Bearer ${ADMIN}` } },
];

/** Signs in with the token of a role; the cookie of the session. */
async function signIn(gateway: GatewayProcess, role: Role): Promise<string> {
  return await fromFreshAddress(async (client) => {
    const answer = await gateway.get("/api/v1/session", {
      client,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: TOKENS[role] }),
    });
    assertEquals([answer.status, answer.text.includes(`${TOKENS[role]}`)], [200, false], answer.text);
    return `${answer.headers.get("set-cookie")?.split(";")[0]}`;
  });
}

/** The session of each role: as our page uses it, without the page's header, and by a page of another site. */
async function sessions(gateway: GatewayProcess): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const role of ROLES) {
    const cookie = await signIn(gateway, role);
    const page = { cookie, "x-sluice-request": "page" };
    callers.push({ who: `session of ${role}, no header`, role, headers: { cookie }, forged: true });
    const foreign = { ...page, origin: "https://evil.example" };
    callers.push({ who: `session of ${role}, other site`, role, headers: foreign, forged: true });
    // Last, since it may sign out.
    callers.push({ who: `session of ${role}`, role, headers: page });
  }
  return callers;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly role: Role | "none";
}

/** A gateway that knows a device and has refused a message, so that every route has something to answer. */
async function start(stack: AsyncDisposableStack): Promise<GatewayProcess> {
  const broker = freePort();
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  await gateway.configure(siteConfig(`embedded://127.0.0.1:${broker}`, undefined, {
    api: {
      listen: `127.0.0.1:${gateway.port}`,
      tokens: [
        ...ROLES.map((role) => ({ name: role, role, hash: tokenHash(`${TOKENS[role]}`) })),
        { name: "expired", role: "admin", hash: tokenHash(EXPIRED), expires: "2020-01-01" },
      ],
    },
  }));
  await gateway.start();
  await gateway.ready();
  const device = await connectPublisher(`mqtt://127.0.0.1:${broker}`, { protocol: 4 });
  await device.publish(
    "site/north/power/p1",
    JSON.stringify({ time: Math.floor(Date.now() / 1_000), power: 1 }),
  );
  await device.publish("site/north/power/p1", "{");
  await device.close();
  return gateway;
}

/** Asks until it is not told that it asks too often. */
async function ask(gateway: GatewayProcess, path: string, init: RequestInit): Promise<Answer> {
  return await until(`${path} is answered`, async () => {
    const answer = await gateway.get(path, init);
    return answer.status === 429 ? undefined : answer;
  }, { timeout: 60_000, every: 100 });
}

/**
 * The same of what may never end, a stream of events; from another address, so that guesses lock out nobody else.
 *
 * @returns status, headers and what came of the body at once
 */
async function reach(
  gateway: GatewayProcess,
  path: string,
  init: RequestInit,
): Promise<Omit<Answer, "body">> {
  return await until(`${path} is answered`, async () => {
    return await fromFreshAddress(async (client) => {
      const response = await fetch(`${gateway.url}${path}`, { redirect: "manual", ...init, client });
      const { status, headers } = response;
      if (status === 429) return void await response.body?.cancel();
      const endless = headers.get("content-type")?.startsWith("text/event-stream") === true;
      if (endless) await response.body?.cancel();
      const text = endless ? "" : await response.text();
      return { status, headers, text };
    });
  }, { timeout: 60_000, every: 100 });
}

const asAdmin = { headers: { authorization: `Bearer ${ADMIN}` } };

/** Every route of the document; one without a role that there is fails. */
async function routesOf(gateway: GatewayProcess): Promise<Route[]> {
  const { body } = await ask(gateway, "/openapi.json", asAdmin);
  const paths: Record<string, Record<string, Record<string, unknown>>> = body.paths;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => {
      const role = ["none", ...ROLES].find((each) => each === operation["x-role"]);
      assert(role !== undefined, `${method} ${path} declares no role: "${operation["x-role"]}"`);
      assertEquals(
        operation.security,
        role === "none" ? [] : [{ bearer: [] }, { session: [] }],
        `${method} ${path}`,
      );
      return {
        method: method.toUpperCase(),
        path,
        role: role === "none" ? role : ROLES.find((each) => each === role) ?? "none",
      };
    })
  );
}

/** What a caller is answered: that it must say who it is, that it may not, or whatever the route says. */
function expectedOf({ method, role: needed }: Route, { role: has, forged }: Caller): string {
  if (needed === "none") return "in";
  if (has === null) return "401";
  if (!covers(has, needed)) return "403";
  return forged === true && method !== "GET" ? "403" : "in";
}

Deno.test("P9: each route of a running gateway answers each caller as the role that it declares says", async () => {
  await using stack = new AsyncDisposableStack();
  const gateway = await start(stack);
  const routes = await routesOf(gateway);
  assert(routes.length >= 17, `only ${routes.length} routes`);
  const { items } = (await until("something is in the quarantine", async () => {
    const answer = await ask(gateway, "/api/v1/quarantine", asAdmin);
    return answer.body.items.length > 0 ? answer : undefined;
  })).body;
  const ids: Readonly<Record<string, string>> = { devices: "p1", quarantine: String(items[0].id) };
  const rows: string[] = [];
  let callers = [...BEARERS, ...await sessions(gateway)];
  for (const { method, path, role } of routes) {
    const real = path.replaceAll(/\{\w+\}/g, ids[path.split("/")[3] ?? ""] ?? "x");
    const cells: string[] = [];
    // Signing out ends the sessions, so others are begun for what comes behind it.
    if (method === "DELETE" && path === "/api/v1/session") callers = [...BEARERS, ...await sessions(gateway)];
    for (const caller of callers) {
      const { who, headers, query = "" } = caller;
      const answer = await reach(gateway, real + query, { method, headers });
      // What the query says wrong is told to those who may ask, and to nobody else.
      const status = answer.status === 401 || answer.status === 403 ? String(answer.status) : "in";
      const what = `${who} asks ${method} ${path}, which needs ${role}`;
      assertEquals(status, expectedOf({ method, path, role }, caller), `${what}: ${answer.text}`);
      assert(answer.status < 500 || path === "/readyz", `${what}: ${answer.status} ${answer.text}`);
      if (status === "401") {
        assertMatch(answer.headers.get("www-authenticate") ?? "", /^Bearer realm="sluice"/);
      }
      // A page says in its own words that there is nothing.
      const isPage = answer.status === 404 && !path.startsWith("/api/");
      if (answer.status >= 400 && !isPage) {
        assertEquals(answer.headers.get("content-type"), "application/problem+json", what);
      }
      assertEquals(answer.text.includes(ADMIN), false);
      cells.push(status);
    }
    if (method === "DELETE" && path === "/api/v1/session") callers = [...BEARERS, ...await sessions(gateway)];
    rows.push(`| ${method} | \`${path}\` | ${role} | ${cells.join(" | ")} |`);
  }
  const head = ["method", "route", "role", ...callers.map(({ who }) => who)];
  const table = [
    "# Who reaches which route",
    "",
    "As a running gateway answered in `route_roles_test.ts`: 401, 403, or whatever the route itself says (in).",
    "",
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
  ].join("\n");
  if (Deno.env.get("SLUICE_WRITE_TABLE") === "1") await Deno.writeTextFile(TABLE, table);
  const kept = (await Deno.readTextFile(TABLE)).replaceAll(/ {2,}/g, " ").replaceAll(/-{3,}/g, "---");
  assertEquals(kept, table, "route_roles.md is stale: run this test with SLUICE_WRITE_TABLE=1");

  // No other method opens a route, to anybody.
  for (const path of new Set(routes.map((route) => route.path))) {
    const known = routes.filter((route) => route.path === path).map(({ method }) => method);
    const real = path.replaceAll(/\{\w+\}/g, "x");
    for (
      const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((one) => !known.includes(one))
    ) {
      const { status } = await ask(gateway, real, { method, ...asAdmin });
      assertEquals(status, 405, `${method} ${path}`);
    }
  }
  const { status } = await ask(gateway, "/api/v1/secret", asAdmin);
  assertEquals(status, 404);
});

Deno.test("no route is added past its declaration", async () => {
  for await (const { name } of Deno.readDir(`${ROOT}src/api/routes`)) {
    const text = await Deno.readTextFile(`${ROOT}src/api/routes/${name}`);
    assertEquals(/\bapp\.(get|post|put|patch|delete|options|all|on|route|mount)\(/.test(text), false, name);
    if (text.includes("app.openapi(")) assertMatch(text, /\bdeclare\(/, name);
  }
});
