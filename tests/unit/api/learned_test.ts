import { assertEquals, assertMatch } from "@std/assert";
import type { Api, AuditNote } from "../../../src/api/mod.ts";
import { fakeAudit } from "./fake_audit.ts";
import { api, get, LOCAL, localApi, TOKENS } from "./fake_gateway.ts";
import { fakeLearned } from "./fake_learned.ts";

const PAGE = { "x-sluice-request": "page" };

function send(
  on: Api,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Response> {
  const request = new Request(`http://localhost:8080${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return on.fetch(request, LOCAL);
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

Deno.test("what is learned comes in pages, with how to point a device at the gateway", async () => {
  const first = await (await get(localApi(), "/api/v1/learned?limit=1")).json();
  assertEquals(first.items.map(({ id }: { id: string }) => id), ["k1"]);
  assertEquals(first.how_to, {
    broker_url: "mqtt://127.0.0.1:1883",
    example_command: "mosquitto_pub -h 127.0.0.1",
  });
  const next = await (await get(localApi(), `/api/v1/learned?cursor=${first.next_cursor}`)).json();
  assertEquals([next.items.length, next.items[0].state, next.next_cursor], [1, "learning", null]);
});

Deno.test("an accepted proposal is told to the audit with its files and its actor", async () => {
  const notes: AuditNote[] = [];
  const learned = fakeLearned();
  const answer = await send(
    api({ learned, audit: fakeAudit(notes) }),
    "POST",
    "/api/v1/learned/k1/accept",
    bearer(TOKENS.admin),
    { profile_yaml: "profile: mine\n" },
  );
  assertEquals([answer.status, await answer.json()], [
    200,
    { profile: "climate", subscription: "hall/{device}/climate" },
  ]);
  assertEquals(learned.wishes, [{ profileYaml: "profile: mine\n", subscriptionYaml: null }]);
  assertEquals(notes.map(({ action, actor, target, detail }) => [action, actor, target, detail]), [[
    "learned_accepted",
    "admin-token",
    "k1",
    {
      profile: "climate",
      subscription: "hall/{device}/climate",
      files: "profiles/climate.yaml, gateway.yaml",
    },
  ]]);
});

Deno.test("without tokens whoever is at this machine may accept, from the page; an operator's token may not", async () => {
  const path = "/api/v1/learned/k1/accept";
  assertEquals((await send(localApi(), "POST", path, PAGE)).status, 200);
  assertEquals((await send(localApi(), "POST", path, {})).status, 403);
  assertEquals((await send(api(), "POST", path, bearer(TOKENS.operator))).status, 403);
  // It is this one route: the configuration stays the admin's.
  assertEquals((await send(localApi(), "POST", "/api/v1/config/reload", PAGE)).status, 403);
});

Deno.test("what is wrong with an acceptance is told with each place", async () => {
  const problems = [{
    file: "profile_yaml",
    line: 2,
    column: 3,
    path: "fields",
    message: "The value is empty",
  }];
  const on = localApi({ learned: fakeLearned({ kind: "refused", problems }) });
  const answer = await send(on, "POST", "/api/v1/learned/k1/accept", PAGE, {});
  const problem = await answer.json();
  assertEquals([answer.status, problem.reason], [422, "config_invalid"]);
  assertEquals(problem.errors, [{
    ...{ in: "file", name: "fields", detail: "The value is empty" },
    ...{ file: "profile_yaml", line: 2, column: 3 },
  }]);
});

const refusals: readonly [string, () => Promise<Response>, number, RegExp][] = [
  [
    "an id that is not known",
    () => send(localApi(), "POST", "/api/v1/learned/x/accept", PAGE),
    404,
    /known as "x"/,
  ],
  [
    "one that is not proposed",
    () => send(localApi(), "POST", "/api/v1/learned/k2/accept", PAGE),
    409,
    /more messages/,
  ],
  [
    "a file that cannot be written",
    () => {
      const learned = fakeLearned({
        kind: "not_writable",
        detail: 'This process cannot write "gateway.yaml"',
      });
      return send(localApi({ learned }), "POST", "/api/v1/learned/k1/accept", PAGE);
    },
    409,
    /cannot write "gateway.yaml"/,
  ],
  [
    "a gateway that starts",
    () => {
      const learned = fakeLearned({ kind: "unavailable", detail: "The gateway is replaying" });
      return send(localApi({ learned }), "POST", "/api/v1/learned/k1/accept", PAGE);
    },
    503,
    /replaying/,
  ],
  [
    "a key that is not known",
    () => send(localApi(), "POST", "/api/v1/learned/k1/accept", PAGE, { profile: "x" }),
    400,
    /profile_yaml and subscription_yaml/,
  ],
  [
    "an id to dismiss that is not known",
    () => send(localApi(), "DELETE", "/api/v1/learned/x", PAGE),
    404,
    /"x"/,
  ],
];

for (const [what, ask, status, words] of refusals) {
  Deno.test(`learned: ${what} is refused`, async () => {
    const answer = await ask();
    assertEquals(answer.status, status);
    const { detail, errors = [] } = await answer.json();
    assertMatch([detail, ...errors.map((one: { detail: string }) => one.detail)].join("\n"), words);
  });
}

Deno.test("what is dismissed is gone, and the audit knows its topic", async () => {
  const notes: AuditNote[] = [];
  const on = localApi({ learned: fakeLearned(), audit: fakeAudit(notes) });
  assertEquals((await send(on, "DELETE", "/api/v1/learned/k1", PAGE)).status, 204);
  assertEquals((await (await get(on, "/api/v1/learned")).json()).items.length, 1);
  assertEquals(notes.map(({ action, detail }) => [action, detail]), [
    ["learned_dismissed", { topic: "hall/{device}/climate" }],
  ]);
});
