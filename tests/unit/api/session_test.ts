/**
 * Signing in and out, what ends a session, and what pages of other sites cannot do.
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type Api, type ApiToken, type AuditNote, hashToken } from "../../../src/api/mod.ts";
import { fakeAudit } from "./fake_audit.ts";
import { fakeLive } from "./fake_live.ts";
import { api, get, HandClock, HASHED, LOCAL, localApi, TOKENS } from "./fake_gateway.ts";

const HOUR = 3_600_000;

/** Asks to sign in. */
export function signIn(
  on: Api,
  token: unknown,
  headers: Record<string, string> = {},
  url = "http://10.0.0.1",
): Promise<Response> {
  const body = JSON.stringify({ token });
  const request = new Request(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
  return on.fetch(request, LOCAL);
}

/** The cookie that an answer sets, with its attributes. */
function cookieOf(answer: Response): string {
  return answer.headers.get("set-cookie") ?? "";
}

/** The cookie of a new session, as a browser sends it. */
async function session(on: Api, token: string = TOKENS.operator): Promise<string> {
  const answer = await signIn(on, token);
  assertEquals(answer.status, 200);
  return `${cookieOf(answer).split(";")[0]}`;
}

async function statusOf(on: Api, Cookie: string, path = "/api/v1/session"): Promise<number> {
  const answer = await get(on, path, undefined, { Cookie });
  await answer.body?.cancel();
  return answer.status;
}

Deno.test("a token is changed for a session that no script reads and no other site sends", async () => {
  const on = api();
  const answer = await signIn(on, TOKENS.operator);
  assertEquals(await answer.json(), { name: "operator-token", role: "operator", local: false });
  assertMatch(
    cookieOf(answer),
    /^sluice_session=[^;]{8,}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const shown = await get(on, "/api/v1/session", undefined, { Cookie: cookieOf(answer).split(";")[0] ?? "" });
  assertEquals(await shown.json(), { name: "operator-token", role: "operator", local: false });
});

Deno.test("over HTTPS, ours or a proxy's, the cookie never goes out in clear", async () => {
  const on = api();
  assertMatch(cookieOf(await signIn(on, TOKENS.viewer, {}, "https://10.0.0.1")), /; Secure/);
  assertMatch(cookieOf(await signIn(on, TOKENS.viewer, { "X-Forwarded-Proto": "https" })), /; Secure/);
  assertEquals(cookieOf(await signIn(on, TOKENS.viewer)).includes("Secure"), false);
});

Deno.test("two sessions have two ids, and signing in again ends the former", async () => {
  const on = api();
  const first = await session(on);
  assertNotEquals(await session(on), first);
  assertEquals(await statusOf(on, first), 200);
  assertEquals((await signIn(on, TOKENS.admin, { Cookie: first })).status, 200);
  assertEquals(await statusOf(on, first), 401);
});

Deno.test("signing out ends the session, here and at the browser, and no other", async () => {
  const on = api();
  const [mine, other] = [await session(on), await session(on)];
  const request = new Request("http://10.0.0.1/api/v1/session", {
    method: "DELETE",
    headers: { Cookie: mine, "x-sluice-request": "page" },
  });
  const answer = await on.fetch(request, LOCAL);
  assertEquals(answer.status, 204);
  assertMatch(cookieOf(answer), /^sluice_session=; Max-Age=0; Path=\//);
  assertEquals([await statusOf(on, mine), await statusOf(on, other)], [401, 200]);
});

Deno.test("a session that is used lives on, its cookie is renewed, and after a day it ends", async () => {
  const clock = new HandClock();
  const on = api({}, { clock });
  const Cookie = await session(on);
  for (let hours = 11; hours < 24; hours += 11) {
    clock.advance(11 * HOUR);
    const answer = await get(on, "/api/v1/session", undefined, { Cookie });
    assertEquals(answer.status, 200);
    // 12 h from now on, or what is left of the day.
    assertMatch(cookieOf(answer), new RegExp(`; Max-Age=${Math.min(12, 24 - hours) * 3_600};`));
    await answer.body?.cancel();
  }
  clock.advance(2 * HOUR + 1);
  assertEquals(await statusOf(on, Cookie), 401);
});

Deno.test("a session that is not used for twelve hours ends", async () => {
  const clock = new HandClock();
  const on = api({}, { clock });
  const Cookie = await session(on);
  clock.advance(12 * HOUR + 1);
  const answer = await get(on, "/api/v1/session", undefined, { Cookie });
  assertEquals([answer.status, (await answer.json()).detail], [401, "The session is over; sign in again"]);
});

Deno.test("a reload changes who gets in at once: new tokens, new roles, sessions of tokens that are gone", async () => {
  let tokens: readonly ApiToken[] = HASHED;
  const on = api({}, { tokens: () => tokens });
  const Cookie = await session(on, TOKENS.admin);
  assertEquals(await statusOf(on, Cookie, "/api/v1/config"), 200);
  tokens = HASHED.map((token) => token.role === "admin" ? { ...token, role: "viewer" } : token);
  assertEquals(await statusOf(on, Cookie, "/api/v1/config"), 403);
  tokens = HASHED.map((token) => token.role === "admin" ? { ...token, hash: hashToken("another") } : token);
  assertEquals(await statusOf(on, Cookie, "/api/v1/status"), 401);
  assertEquals((await get(on, "/api/v1/status", "another")).status, 200);
  assertEquals((await get(on, "/api/v1/status", TOKENS.admin)).status, 401);
  tokens = HASHED;
  // Once it has ended it does not come back.
  assertEquals(await statusOf(on, Cookie, "/api/v1/status"), 401);
});

Deno.test("a token holds until the moment it expires, and so does its session", async () => {
  const clock = new HandClock();
  const expires = clock.wall() + HOUR;
  const on = api({}, {
    clock,
    tokens: () => [{ name: "visitor", role: "viewer", hash: hashToken("v"), expires }],
  });
  const Cookie = await session(on, "v");
  clock.advance(HOUR - 1);
  assertEquals([await statusOf(on, Cookie), (await get(on, "/api/v1/status", "v")).status], [200, 200]);
  clock.advance(1);
  assertEquals(await statusOf(on, Cookie), 401);
  const answer = await get(on, "/api/v1/status", "v");
  assertMatch((await answer.json()).detail, /^The token has expired; /);
  assertEquals((await signIn(on, "v")).status, 401);
});

Deno.test("a token has at most 50 sessions; one more ends the one that was not used for longest", async () => {
  const clock = new HandClock();
  const on = api({}, { clock });
  const cookies: string[] = [];
  for (let i = 0; i < 50; i++) {
    clock.advance(10_000);
    cookies.push(await session(on));
  }
  const other = await session(on, TOKENS.viewer);
  assertEquals(await statusOf(on, `${cookies[0]}`), 200);
  clock.advance(20_000);
  cookies.push(await session(on));
  const over = await Promise.all(cookies.map((cookie) => statusOf(on, cookie)));
  assertEquals(over.map((status, index) => status === 401 ? index : -1).filter((index) => index >= 0), [1]);
  assertEquals(await statusOf(on, other), 200);
});

Deno.test("what changes something by a session, or from this machine without tokens, needs our page's header", async () => {
  const [withTokens, open] = [api(), localApi()];
  const Cookie = await session(withTokens);
  const ask = async (on: Api, headers: Record<string, string>): Promise<unknown> => {
    const url = `http://localhost:8080/api/v1/session`;
    const answer = await on.fetch(new Request(url, { method: "DELETE", headers }), LOCAL);
    return answer.status === 204 ? 204 : (await answer.json()).reason;
  };
  for (const [on, own] of [[withTokens, { Cookie }], [open, {}]] as const) {
    const page = { ...own, "x-sluice-request": "page" };
    assertEquals(await ask(on, { ...own }), "not_from_page");
    assertEquals(await ask(on, { ...own, "x-sluice-request": "1" }), "not_from_page");
    assertEquals(await ask(on, { ...page, Origin: "https://evil.example" }), "foreign_origin");
    assertEquals(await ask(on, { ...page, Origin: "http://localhost:9999" }), "foreign_origin");
    assertEquals(await ask(on, { ...page, Origin: "null" }), "foreign_origin");
    assertEquals(await ask(on, { ...page, Origin: "http://localhost:8080" }), 204);
  }
  const token = { Authorization: `Bearer ${TOKENS.viewer}`, Origin: "https://evil.example" };
  assertEquals(await ask(withTokens, token), 204);
});

Deno.test("signing in is not for pages of other sites, and takes JSON with one token", async () => {
  const on = api();
  assertEquals((await signIn(on, TOKENS.viewer, { Origin: "https://evil.example" })).status, 403);
  assertEquals((await signIn(on, TOKENS.viewer, { Origin: "http://10.0.0.1" })).status, 200);
  for (const wrong of [1, "", "x".repeat(513), null, [TOKENS.viewer]]) {
    assertEquals((await signIn(on, wrong)).status, 400, JSON.stringify(wrong));
  }
  const form = await signIn(on, TOKENS.viewer, { "Content-Type": "application/x-www-form-urlencoded" });
  assertEquals(form.status >= 400, true, `${form.status}`);
  await form.body?.cancel();
});

Deno.test("a person without a session is sent to sign in and then on; a program is told so", async () => {
  const page = { Accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
  const sent = await get(api(), "/metrics?a=1&b=/x", undefined, page);
  assertEquals(sent.status, 303);
  assertEquals(sent.headers.get("location"), "/sign-in?next=%2Fmetrics%3Fa%3D1%26b%3D%2Fx");
  assert(sent.headers.has("content-security-policy"));
  assertEquals((await get(api(), "/metrics")).status, 401);
  assertEquals((await get(api(), "/api/v1/status", undefined, page)).status, 401);
  assertEquals((await get(api(), "/metrics", "sluice_guessed", page)).status, 401);
  assertEquals((await get(localApi(), "/metrics", undefined, page)).status, 200);
  const old = await get(api(), "/metrics", undefined, { ...page, Cookie: "sluice_session=gone" });
  assertEquals(old.status, 303);
});

Deno.test("where no tokens are configured everyone here is local, and nobody signs in", async () => {
  const on = localApi();
  const shown = await (await get(on, "/api/v1/session")).json();
  assertEquals(shown, { name: "local", role: "operator", local: true });
  const answer = await signIn(on, "sluice_any", {}, "http://localhost");
  assertEquals([answer.status, cookieOf(answer)], [401, ""]);
});

Deno.test("who signs in and out is in the audit, with address and request, without the token", async () => {
  const notes: AuditNote[] = [];
  const on = api({ audit: fakeAudit(notes) });
  const Cookie = await session(on, TOKENS.admin);
  await get(on, "/api/v1/session", undefined, { Cookie });
  const headers = { Cookie, "x-sluice-request": "page" };
  await on.fetch(new Request("http://10.0.0.1/api/v1/session", { method: "DELETE", headers }), LOCAL);
  // Who brings a token has no session to end.
  const bearer = { Authorization: `Bearer ${TOKENS.admin}` };
  await on.fetch(new Request("http://10.0.0.1/api/v1/session", { method: "DELETE", headers: bearer }), LOCAL);
  assertEquals(notes.map(({ action, actor, role, address }) => [action, actor, role, address]), [
    ["sign_in", "admin-token", "admin", "127.0.0.1"],
    ["sign_out", "admin-token", "admin", "127.0.0.1"],
  ]);
  const text = JSON.stringify(notes);
  assertEquals([text.includes(TOKENS.admin), text.includes(`${Cookie.split("=")[1]}`)], [false, false]);
});

Deno.test("nobody is told that they have signed in before it is in the audit, on disk", async () => {
  const disk = Promise.withResolvers<void>();
  const notes: AuditNote[] = [];
  const on = api({ audit: { ...fakeAudit(notes), settled: () => disk.promise } });
  let answered = false;
  const answer = signIn(on, TOKENS.viewer).then((response) => {
    answered = true;
    return response;
  });
  while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals([answered, notes[0]?.action], [false, "sign_in"]);
  disk.resolve();
  assertEquals((await answer).status, 200);
});

Deno.test("a stream of events ends with the session, or the token, that it was begun with", async () => {
  const clock = new HandClock();
  let tokens: readonly ApiToken[] = HASHED;
  const on = api({ live: fakeLive() }, { clock, tokens: () => tokens });
  const Cookie = await session(on);
  const bearer = { Authorization: `Bearer ${TOKENS.viewer}` };
  const open = async (headers: Record<string, string>): Promise<() => Promise<boolean>> => {
    const answer = await on.fetch(
      new Request("http://10.0.0.1/api/v1/events?topics=status", { headers }),
      LOCAL,
    );
    assertEquals(answer.status, 200);
    const reader = answer.body?.getReader();
    // Looks of the hub until what was said before is read; whether the stream is over then.
    return async () => {
      for (let look = 0; look < 5; look++) {
        const next = reader?.read();
        clock.advance(1_000);
        if ((await next)?.done === true) return true;
      }
      return false;
    };
  };
  const [bySession, byToken] = [await open({ Cookie }), await open(bearer)];
  assertEquals([await bySession(), await byToken()], [false, false]);
  const headers = { Cookie, "x-sluice-request": "page" };
  await on.fetch(new Request("http://10.0.0.1/api/v1/session", { method: "DELETE", headers }), LOCAL);
  assertEquals([await bySession(), await byToken()], [true, false]);
  tokens = HASHED.filter(({ role }) => role !== "viewer");
  assertEquals(await byToken(), true);
});
