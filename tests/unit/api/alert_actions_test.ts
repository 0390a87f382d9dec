import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AlertActionsView, AuditNote, Unavailable } from "../../../src/api/mod.ts";
import { fakeAudit } from "./fake_audit.ts";
import { fakeAlertActions } from "./fake_alert_actions.ts";
import { api, LOCAL, localApi, sampleAlert, TOKENS } from "./fake_gateway.ts";

const ID = encodeURIComponent("too-hot/kiln-3/temperature");
const ACK = `/api/v1/alerts/${ID}/ack`;

/** A gateway with tokens, and what its audit holds. */
function watched(change: Partial<AlertActionsView> = {}): {
  notes: AuditNote[];
  ask: (method: string, path: string, body?: unknown, token?: string, type?: string) => Promise<Response>;
} {
  const notes: AuditNote[] = [];
  const on = api({
    alertActions: { ...fakeAlertActions(sampleAlert()), ...change },
    audit: fakeAudit(notes),
  });
  return {
    notes,
    ask(method, path, body, token = TOKENS.operator, type = "application/json") {
      const headers = {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": type }),
      };
      const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
      return on.fetch(new Request(`http://10.0.0.1${path}`, { method, headers, body: text }), LOCAL);
    },
  };
}

Deno.test("an alert is acknowledged by the name of the token, once, and the audit says who", async () => {
  const { ask, notes } = watched();
  const first = await ask("POST", ACK, { note: "on my way" });
  assertEquals(first.status, 200);
  const acknowledged = { by: "operator-token", at: "2026-07-01T14:12:30.000Z", note: "on my way" };
  assertEquals((await first.json()).acknowledged, acknowledged);
  const second = await ask("POST", ACK, undefined, TOKENS.admin);
  assertEquals(
    [second.status, (await second.json()).acknowledged],
    [200, acknowledged],
    "the first one stays",
  );
  const [note, ...more] = notes;
  assertEquals(more, []);
  assertEquals(
    [note?.action, note?.actor, note?.role, note?.address, note?.request_id, note?.target, note?.detail],
    [
      ...["alert_acknowledged", "operator-token", "operator", "127.0.0.1", first.headers.get("x-request-id")],
      ...["too-hot/kiln-3/temperature", { rule: "too-hot", device: "kiln-3", note: "on my way" }],
    ],
  );
});

Deno.test("what does not fire is not acknowledged: unknown is 404, pending is 409", async () => {
  const { ask, notes } = watched();
  for (
    const [id, status, reason] of [
      ["nobody:knows", 404, "not_found"],
      ["too-hot/kiln-3/temperature@1", 404, "not_found"],
      [encodeURIComponent("slow/kiln-3"), 409, "conflict"],
    ]
  ) {
    const answer = await ask("POST", `/api/v1/alerts/${id}/ack`);
    assertEquals([answer.status, (await answer.json()).reason], [status, reason], `${id}`);
  }
  assertEquals(notes.map(({ action }) => action), []);
});

Deno.test("an identity that is percent-encoded itself reaches the view as it is", async () => {
  const asked: string[] = [];
  const { ask } = watched({
    acknowledge: (id) => {
      asked.push(id);
      return Promise.resolve({ kind: "unknown" });
    },
  });
  const id = "too%20hot:room%2F114:kiln:site=a%26b:t";
  await (await ask("POST", `/api/v1/alerts/${encodeURIComponent(id)}/ack`)).text();
  assertEquals(asked, [id]);
});

Deno.test("a body that is no JSON, or says what nobody knows, is refused and not taken for none", async () => {
  const { ask, notes } = watched();
  const cases: [unknown, string, number, string][] = [
    ["note=hello", "application/x-www-form-urlencoded", 415, "cannot be read"],
    ["{", "application/json", 400, "cannot be read"],
    [{ comment: "x" }, "application/json", 400, "allowed is note"],
    [{ note: 5 }, "application/json", 400, "note"],
    [{ note: "x".repeat(1_001) }, "application/json", 400, "at most 1000 characters"],
  ];
  for (const [body, type, status, words] of cases) {
    const answer = await ask("POST", ACK, body, TOKENS.operator, type);
    assertEquals(answer.status, status, JSON.stringify(body));
    assertStringIncludes((await answer.json()).detail, words);
  }
  assertEquals(notes, []);
});

Deno.test("silences are added for minutes or until a time, listed, and removed, each with an audit note", async () => {
  const { ask, notes } = watched();
  const one = await ask("POST", "/api/v1/silences", { rule: "too-hot", minutes: 30, reason: "belt change" });
  assertEquals(one.status, 201);
  const silence = {
    ...{ id: "s1", rule: "too-hot", device: null, reason: "belt change", by: "operator-token" },
    ...{ since: "2026-07-01T14:12:30.000Z", until: "2026-07-01T14:42:30.000Z" },
  };
  assertEquals(await one.json(), silence);
  const two = await ask("POST", "/api/v1/silences", { device: "kiln-*", until: "2026-07-01T18:00:00+02:00" });
  assertEquals((await two.json()).until, "2026-07-01T16:00:00.000Z");
  const list = await ask("GET", "/api/v1/silences", undefined, TOKENS.viewer);
  const { items, next_cursor } = await list.json();
  assertEquals([items[0], items.length, next_cursor], [silence, 2, null]);
  const gone = await ask("DELETE", "/api/v1/silences/s1");
  assertEquals([gone.status, await gone.text()], [204, ""]);
  const again = await ask("DELETE", "/api/v1/silences/s1");
  assertEquals([again.status, (await again.json()).reason], [404, "not_found"]);
  const { rule, device, reason, until } = silence;
  assertEquals(notes.map(({ action, target }) => [action, target]), [
    ["silence_added", "s1"],
    ["silence_added", "s2"],
    ["silence_removed", "s1"],
  ]);
  assertEquals([notes[0]?.detail, notes[2]?.detail], Array(2).fill({ rule, device, reason, until }));
});

Deno.test("a silence that says too little, too much or nonsense is refused with its place", async () => {
  const { ask, notes } = watched();
  const until = "2026-07-01T16:00:00Z";
  const cases: [unknown, string, string][] = [
    [{ minutes: 5 }, "rule", "silence of everything"],
    [{ rule: "too-hot" }, "minutes", "either minutes or until"],
    [{ rule: "too-hot", minutes: 5, until }, "minutes", "either minutes or until"],
    [{ rule: "too-hot", minutes: 0 }, "minutes", "from 1 to 527040"],
    [{ rule: "too-hot", minutes: 1.5 }, "minutes", "from 1 to 527040"],
    [{ rule: "too-hot", minutes: 600_000 }, "minutes", "from 1 to 527040"],
    [{ rule: "too-hot", until: "tomorrow" }, "until", "RFC 3339"],
    [{ rule: "too-hot", until: "2026-07-01T14:00:00Z" }, "until", "after 2026-07-01T14:12:30.000Z"],
    [{ rule: "too-hto", minutes: 5 }, "rule", "too-hot"],
    [{ device: "", minutes: 5 }, "device", "1 to 256 characters"],
    [{ device: "kiln-*", hours: 5, minutes: 5 }, "hours", "allowed are rule"],
  ];
  for (const [body, name, words] of cases) {
    const answer = await ask("POST", "/api/v1/silences", body);
    const problem = await answer.json();
    assertEquals([answer.status, problem.errors?.[0]?.name], [400, name], JSON.stringify(body));
    assertStringIncludes(problem.errors[0].detail, words);
  }
  for (let n = 0; n < 3; n++) {
    await (await ask("POST", "/api/v1/silences", { device: "*", minutes: 1 })).text();
  }
  assertEquals((await ask("POST", "/api/v1/silences", { device: "*", minutes: 1 })).status, 409);
  assertEquals(notes.length, 3);
});

Deno.test("a gateway that takes nothing in now says so, and when to try again; nothing is in the audit", async () => {
  const away = (): Promise<Unavailable> =>
    Promise.resolve({ kind: "unavailable", detail: "It is replaying" });
  const { ask, notes } = watched({ acknowledge: away, silence: away, unsilence: away });
  for (
    const [method, path, body] of [
      ["POST", ACK, undefined],
      ["POST", "/api/v1/silences", { device: "*", minutes: 1 }],
      ["DELETE", "/api/v1/silences/s1", undefined],
    ] as const
  ) {
    const answer = await ask(method, path, body);
    assertEquals([answer.status, answer.headers.get("retry-after")], [503, "5"], path);
    const { reason, detail } = await answer.json();
    assertEquals([reason, detail.includes("nothing has changed")], ["not_ready", true]);
  }
  assertEquals(notes, []);
});

Deno.test("a viewer sees silences and changes none; someone on a laptop is called local", async () => {
  const { ask } = watched();
  assertEquals((await ask("GET", "/api/v1/silences", undefined, TOKENS.viewer)).status, 200);
  for (
    const [method, path] of [["POST", ACK], ["POST", "/api/v1/silences"], ["DELETE", "/api/v1/silences/s1"]]
  ) assertEquals((await ask(method ?? "", path ?? "", undefined, TOKENS.viewer)).status, 403, path);
  const headers = { "x-sluice-request": "page" };
  const request = new Request(`http://localhost:8080${ACK}`, { method: "POST", headers });
  const answer = await localApi().fetch(request, LOCAL);
  assertEquals([answer.status, (await answer.json()).acknowledged.by], [200, "local"]);
});
