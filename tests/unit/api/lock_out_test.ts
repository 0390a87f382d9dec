/**
 * The end of guessing, and what the audit tells of refusals.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Refusals } from "../../../src/api/guard/refusals.ts";
import { type Api, type AuditNote, hashToken } from "../../../src/api/mod.ts";
import { fakeAudit } from "./fake_audit.ts";
import { api, HandClock, HASHED, listen, localApi, TOKENS } from "./fake_gateway.ts";

const MINUTE = 60_000;

async function ask(
  on: Api,
  address: string,
  headers: Record<string, string> = {},
  path = "/api/v1/status",
): Promise<Response> {
  const answer = await on.fetch(new Request(`http://10.0.0.1${path}`, { headers }), { address });
  await answer.body?.cancel();
  return answer;
}

async function signIn(on: Api, address: string, token: string): Promise<Response> {
  const init = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  };
  const answer = await on.fetch(new Request("http://10.0.0.1/api/v1/session", init), { address });
  await answer.body?.cancel();
  return answer;
}

const guess = { Authorization: "Bearer sluice_guessed" };
const right = { Authorization: `Bearer ${TOKENS.admin}` };

Deno.test("ten refused tokens lock an address out for ten minutes, and no other, whatever it brings", async () => {
  const clock = new HandClock();
  const notes: AuditNote[] = [];
  const { events, onEvent } = listen();
  const on = api({ audit: fakeAudit(notes) }, { clock, onEvent });
  for (let i = 0; i < 10; i++) assertEquals((await ask(on, "10.0.0.66", guess)).status, 401);
  for (const headers of [guess, right, {}]) {
    const answer = await ask(on, "10.0.0.66", headers);
    assertEquals([answer.status, answer.headers.get("retry-after")], [429, "600"]);
  }
  assertEquals((await signIn(on, "10.0.0.66", TOKENS.admin)).status, 429);
  assertEquals((await ask(on, "10.0.0.66", {}, "/healthz")).status, 200);
  assertEquals((await ask(on, "10.0.0.67", right)).status, 200);
  clock.advance(10 * MINUTE - 1);
  assertEquals((await ask(on, "10.0.0.66", right)).status, 429);
  clock.advance(1);
  assertEquals((await ask(on, "10.0.0.66", right)).status, 200);
  const locked = notes.filter(({ action }) => action === "locked_out");
  assertEquals(locked.map(({ actor, address, detail }) => ({ actor, address, detail })), [
    { actor: "anonymous", address: "10.0.0.66", detail: { tokens: 10, minutes: 10 } },
  ]);
  assertEquals(events.filter(({ name }) => name === "api_locked_out").length, 1);
  on.close();
});

Deno.test("guesses at the door and at signing in count together, on this machine, too", async () => {
  const on = api({}, { listenHost: "127.0.0.1" });
  for (let i = 0; i < 5; i++) {
    assertEquals((await ask(on, "127.0.0.1", guess)).status, 401);
    assertEquals((await signIn(on, "127.0.0.1", "sluice_guessed")).status, 401);
  }
  assertEquals((await ask(on, "127.0.0.1", right)).status, 429);
  assertEquals((await signIn(on, "127.0.0.1", TOKENS.admin)).status, 429);
  on.close();
});

Deno.test("nine in ten minutes lock nobody out, and a right token in between changes nothing", async () => {
  const clock = new HandClock();
  const on = api({}, { clock });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 9; i++) assertEquals((await ask(on, "10.0.0.5", guess)).status, 401);
    assertEquals((await ask(on, "10.0.0.5", right)).status, 200);
    clock.advance(10 * MINUTE);
  }
  for (let i = 0; i < 10; i++) await ask(on, "10.0.0.5", i % 2 === 0 ? guess : right);
  for (let i = 0; i < 5; i++) await ask(on, "10.0.0.5", guess);
  assertEquals((await ask(on, "10.0.0.5", right)).status, 429);
  on.close();
});

Deno.test("neither an expired token, nor none, nor a session that is over is a guess", async () => {
  const clock = new HandClock();
  const tokens = [...HASHED, {
    name: "old",
    role: "viewer" as const,
    hash: hashToken("old"),
    expires: clock.wall(),
  }];
  const on = api({}, { clock, tokens: () => tokens });
  for (let i = 0; i < 30; i++) {
    for (const headers of [{ Authorization: "Bearer old" }, {}, { Cookie: "sluice_session=gone" }]) {
      assertEquals((await ask(on, "10.0.0.5", headers)).status, 401);
    }
  }
  assertEquals((await ask(on, "10.0.0.5", right)).status, 200);
  on.close();
});

Deno.test("who has signed in goes on, though someone behind the same address guesses", async () => {
  const on = api();
  const Cookie = `${(await signIn(on, "10.0.0.5", TOKENS.viewer)).headers.get("set-cookie")?.split(";")[0]}`;
  for (let i = 0; i < 10; i++) await ask(on, "10.0.0.5", guess);
  assertEquals((await ask(on, "10.0.0.5", right)).status, 429);
  assertEquals((await ask(on, "10.0.0.5", { Cookie })).status, 200);
  on.close();
});

Deno.test("refusals of a minute and an address are two entries, the second with their count", async () => {
  const clock = new HandClock();
  const notes: AuditNote[] = [];
  const on = api({ audit: fakeAudit(notes) }, { clock });
  const viewer = { Authorization: `Bearer ${TOKENS.viewer}` };
  for (let i = 0; i < 500; i++) await ask(on, "10.0.0.9", viewer, "/api/v1/config");
  await ask(on, "10.0.0.8", {});
  await signIn(on, "10.0.0.8", "sluice_guessed");
  clock.advance(MINUTE);
  assertEquals(
    notes.map(({ action, actor, role, address, target, detail }) =>
      [action, actor, role, address, target, JSON.stringify(detail)].join(" ")
    ),
    [
      'refused viewer-token viewer 10.0.0.9 /api/v1/config {"reason":"forbidden","method":"GET"}',
      'refused anonymous  10.0.0.8 /api/v1/status {"reason":"unauthenticated","method":"GET"}',
      'sign_in_failed anonymous  10.0.0.8 /api/v1/session {"reason":"unauthenticated","method":"POST"}',
      'refused viewer-token viewer 10.0.0.9 /api/v1/config {"reason":"forbidden","method":"GET","count":499}',
    ],
  );
  on.close();
});

Deno.test("a flood from many addresses cannot fill the log, and everyone in it is counted", () => {
  const clock = new HandClock();
  const notes: AuditNote[] = [];
  const refusals = new Refusals((note) => notes.push(note), clock);
  const minutes = 60;
  for (let minute = 0; minute < minutes; minute++) {
    for (let i = 0; i < 1_000; i++) {
      refusals.note({
        ...{ action: "refused", actor: "anonymous", role: null, request_id: `${minute} ${i}`, target: "/" },
        address: `10.${minute}.${i >> 8}.${i & 255}`,
        detail: { reason: "unauthenticated" },
      });
    }
    clock.advance(MINUTE);
  }
  refusals.close();
  assertEquals(clock.pending, 0);
  assert(notes.length <= 20 + 2 * minutes + 1, `${notes.length} entries`);
  const counted = notes.reduce((sum, { detail }) => sum + Number(detail.count ?? 1), 0);
  assertEquals(counted, 1_000 * minutes);
});

Deno.test("what was only counted is told when the API ends", async () => {
  const clock = new HandClock();
  const notes: AuditNote[] = [];
  const on = localApi({ audit: fakeAudit(notes) }, { clock });
  for (let i = 0; i < 3; i++) await ask(on, "127.0.0.1", { Host: "evil.example" });
  on.close();
  assertEquals(notes.map(({ detail }) => detail), [
    { reason: "foreign_host", method: "GET" },
    { reason: "foreign_host", method: "GET", count: 2 },
  ]);
  assertEquals(clock.pending, 0);
});
