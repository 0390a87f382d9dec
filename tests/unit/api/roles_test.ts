import { assert, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { covers } from "../../../src/api/auth/role.ts";
import { type Api, type ApiToken, hashToken, type Role } from "../../../src/api/mod.ts";
import { CONTRACT } from "./contract.ts";
import { api, get, HandClock, HASHED, listen, LOCAL, TOKENS } from "./fake_gateway.ts";

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ "x-role": z.enum(["none", "viewer", "operator", "admin"]) }).loose()),
  ),
});

/** What stands in for the parameters of a path; `1` for those that are not here. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "/api/v1/devices/{id}": "/api/v1/devices/kiln-3",
  "/api/v1/quarantine/{id}": "/api/v1/quarantine/4",
};

interface Route {
  readonly method: string;
  /** As it is declared. */
  readonly path: string;
  readonly role: Role | "none";
}

/** Every route of the OpenAPI document with the role that it declares; one without a role fails. */
async function routes(): Promise<Route[]> {
  const answer = await get(api(), "/openapi.json", TOKENS.viewer);
  const document = Document.parse(await answer.json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      role: operation["x-role"],
    }))
  );
}

const EXPIRED = "sluice_expired-secret-4";
const WITH_EXPIRED: readonly ApiToken[] = [
  ...HASHED,
  { name: "expired-token", role: "admin", hash: hashToken(EXPIRED), expires: new HandClock().began },
];

/** Who may ask, with which headers, and the role that this gives. */
interface Caller {
  readonly who: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly role: Role | null;
  /** Whether what changes something is refused although the role would do. */
  readonly forgery?: boolean;
}

const bearer = (who: string, authorization: string, role: Role | null = null): Caller => {
  return { who, headers: { Authorization: authorization }, role };
};

const BEARERS: readonly Caller[] = [
  { who: "nobody", headers: {}, role: null },
  bearer("a viewer", `Bearer ${TOKENS.viewer}`, "viewer"),
  bearer("an operator", `Bearer ${TOKENS.operator}`, "operator"),
  bearer("an admin", `Bearer ${TOKENS.admin}`, "admin"),
  bearer("an admin who writes bearer small", `bearer ${TOKENS.admin}`, "admin"),
  bearer("an expired token", `Bearer ${EXPIRED}`),
  bearer("an unknown token", "Bearer sluice_guessed"),
  bearer("a token with a tail", `Bearer ${TOKENS.admin}x`),
  bearer("a hash in place of its token", "Bearer sha256:00"),
  bearer("two tokens", `Bearer ${TOKENS.admin} ${TOKENS.admin}`),
  bearer("an empty token", "Bearer "),
  bearer("a password", `Basic ${btoa(`admin:${TOKENS.admin}`)}`),
  bearer("a bare token", TOKENS.admin),
  { who: "a token as a session", headers: { Cookie: `sluice_session=${TOKENS.admin}` }, role: null },
];

const PAGE = { "x-sluice-request": "page" };

/** Sessions of each role, as our own pages and as pages of other sites would use them. */
async function cookies(on: Api): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const role of ["viewer", "operator", "admin"] as const) {
    const answer = await on.fetch(
      new Request("http://10.0.0.1/api/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: TOKENS[role] }),
      }),
      LOCAL,
    );
    assertEquals(answer.status, 200);
    const Cookie = `${answer.headers.get("set-cookie")?.split(";")[0]}`;
    const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "without the header of a page": {},
      "with another value of that header": { "x-sluice-request": "fetch" },
      "from a page of another site": { ...PAGE, Origin: "https://evil.example" },
      "from a page in a sandbox": { ...PAGE, Origin: "null" },
    };
    callers.push({ who: `the session of ${role}`, headers: { Cookie, ...PAGE }, role });
    callers.push({
      who: `the session of ${role} from our page`,
      headers: { Cookie, ...PAGE, Origin: "http://10.0.0.1" },
      role,
    });
    for (const [how, headers] of Object.entries(wrong)) {
      callers.push({
        who: `the session of ${role} ${how}`,
        headers: { Cookie, ...headers },
        role,
        forgery: true,
      });
    }
    // A wrong token is never better than none: the session does not help it.
    callers.push({
      who: `the session of ${role} beside a wrong token`,
      headers: { Cookie, ...PAGE, Authorization: "Bearer sluice_guessed" },
      role: null,
    });
  }
  return callers;
}

/** What is expected: a status, or `let in`: whatever the route then says. */
function expected(route: Route, caller: Caller): number | "let in" {
  if (route.role === "none") return "let in";
  if (caller.role === null) return 401;
  if (!covers(caller.role, route.role)) return 403;
  return caller.forgery === true && route.method !== "GET" ? 403 : "let in";
}

Deno.test("P9: each route answers each caller as its declared role says", async () => {
  const on = api({}, { tokens: () => WITH_EXPIRED });
  const all = await routes();
  // Signing out would end the sessions of the others; it has a test of its own.
  const asked = all.filter(({ method, path }) => method !== "DELETE" || path !== "/api/v1/session");
  assert(all.length >= 19, `only ${all.length} routes in the document`);
  const callers = [...BEARERS, ...await cookies(on)];
  let address = 0;
  for (const route of asked) {
    const { method, path, role } = route;
    const real = (EXAMPLES[path] ?? path).replaceAll(/\{\w+\}/g, "1");
    for (const caller of callers) {
      const request = new Request(`http://10.0.0.1${real}`, { method, headers: caller.headers });
      // Each from an address of its own: nobody is locked out for the guesses of the others.
      const answer = await on.fetch(request, {
        address: `10.${++address >> 16}.${address >> 8 & 255}.${address & 255}`,
      });
      await answer.body?.cancel();
      const what = `${caller.who} asks ${method} ${path}, which needs ${role}`;
      const wanted = expected(route, caller);
      if (wanted !== "let in") assertEquals(answer.status, wanted, what);
      else if (role !== "none") {
        assert(![401, 403, 405, 429].includes(answer.status), `${what}: ${answer.status}`);
      }
      if (wanted === 401) {
        assertMatch(answer.headers.get("www-authenticate") ?? "", /^Bearer realm="sluice"/, what);
      }
    }
  }
  on.close();
});

Deno.test("the roles are those of the contract", async () => {
  for (const { method, path, role } of await routes()) {
    assertEquals(
      role,
      CONTRACT[`${method} ${path}`],
      `${method} ${path}: add it to contract.ts with its role`,
    );
  }
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
