import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AuditNote, QuarantineChoice, QuarantineView, ReplayWish } from "../../../src/api/mod.ts";
import { fakeAudit } from "./fake_audit.ts";
import { api, fakeViews, LOCAL, TOKENS } from "./fake_gateway.ts";
import { fakeQuarantineActions } from "./fake_quarantine.ts";

const REPLAY = "/api/v1/quarantine/replay";
const EXPLAIN = "/api/v1/explain";

/** A gateway with tokens, what it was asked, and what its audit holds. */
function watched(change: Partial<QuarantineView> = {}) {
  const notes: AuditNote[] = [];
  const asked: (ReplayWish | QuarantineChoice)[] = [];
  const quarantine = { ...fakeViews().quarantine, ...fakeQuarantineActions(asked), ...change };
  const on = api({ quarantine, audit: fakeAudit(notes) });
  const ask = (
    method: string,
    path: string,
    body?: unknown,
    token: string = TOKENS.operator,
  ): Promise<Response> => {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const text = body === undefined ? null : JSON.stringify(body);
    return on.fetch(new Request(`http://10.0.0.1${path}`, { method, headers, body: text }), LOCAL);
  };
  return { notes, asked, ask };
}

Deno.test("what was refused comes in groups, and groups are no entry", async () => {
  const { ask } = watched();
  const answer = await ask("GET", "/api/v1/quarantine/groups", undefined, TOKENS.viewer);
  assertEquals(answer.status, 200);
  const { items, scanned, complete } = await answer.json();
  assertEquals([items[0].reason, items[0].entries, scanned, complete], ["range", 3, 5, true]);
});

Deno.test("a replay is asked for by an operator, by ids or by reason and device, and the audit says so", async () => {
  const { ask, asked, notes } = watched();
  assertEquals((await ask("POST", REPLAY, { ids: [1] }, TOKENS.viewer)).status, 403);
  const named = await (await ask("POST", REPLAY, { ids: [2, 3, 4, 9] })).json();
  assertEquals(named.items.map(({ outcome }: { outcome: string }) => outcome), [
    ...["accepted", "refused", "already_replayed", "not_found"],
  ]);
  assertEquals([named.dry_run, named.entries, named.accepted, named.refused], [false, 4, 1, 1]);
  const filtered = await (await ask("POST", REPLAY, { reason: "range", device: "press-2" })).json();
  assertEquals(filtered.next_cursor, "3");
  await ask("POST", REPLAY, { reason: "range", cursor: "3", dry_run: true });
  const nobody = { ids: null, reason: null, device: null, after: null, dryRun: false, by: "operator-token" };
  assertEquals(asked, [
    { ...nobody, ids: [2, 3, 4, 9] },
    { ...nobody, reason: "range", device: "press-2" },
    { ...nobody, reason: "range", after: 3, dryRun: true },
  ]);
  // Nothing was changed by a dry run, so nobody is told to have done something.
  assertEquals(
    notes.filter(({ action }) => action !== "refused").map((
      { action, actor, target, detail },
    ) => [action, actor, target, detail]),
    [
      ["quarantine_replayed", "operator-token", "4 entries from 2 on", {
        entries: 4,
        accepted: 1,
        refused: 1,
      }],
      [
        ...["quarantine_replayed", "operator-token", "reason range, device press-2"],
        { entries: 2, accepted: 1, refused: 1 },
      ],
    ],
  );
});

Deno.test("what is not clear is refused: nothing at all, both ways at once, a reason that is none", async () => {
  const { ask, asked, notes } = watched();
  const wrong = [{}, { ids: [] }, { ids: [1], reason: "range" }, { reason: "odd" }, { ids: [-1] }, { id: 1 }];
  for (const body of wrong) {
    const answer = await ask("POST", REPLAY, body);
    assertEquals([answer.status, (await answer.json()).reason], [400, "bad_request"], JSON.stringify(body));
  }
  for (const query of ["", "?ids=", "?ids=1,", "?ids=1&reason=range", "?reason=odd", "?all=1"]) {
    assertEquals((await ask("DELETE", `/api/v1/quarantine${query}`)).status, 400, query);
  }
  assertEquals([asked, notes.filter(({ action }) => action !== "refused")], [[], []]);
});

Deno.test("entries are erased by ids or by reason and device, and the audit says so", async () => {
  const { ask, asked, notes } = watched();
  assertEquals((await ask("DELETE", "/api/v1/quarantine?ids=1", undefined, TOKENS.viewer)).status, 403);
  assertEquals(await (await ask("DELETE", "/api/v1/quarantine?ids=1,2")).json(), { deleted: 2 });
  assertEquals(await (await ask("DELETE", "/api/v1/quarantine?device=press-2")).json(), { deleted: 3 });
  assertEquals(asked, [
    { ids: [1, 2], reason: null, device: null },
    { ids: null, reason: null, device: "press-2" },
  ]);
  assertEquals(
    notes.filter(({ action }) => action !== "refused").map((
      { action, target, detail },
    ) => [action, target, detail]),
    [
      ["quarantine_deleted", "2 entries from 1 on", { deleted: 2, complete: true }],
      ["quarantine_deleted", "device press-2", { deleted: 3, complete: true }],
    ],
  );
});

Deno.test("a gateway that cannot do it now says so, and nobody is told to have done something", async () => {
  const away = { kind: "unavailable", detail: "It is on its way out" } as const;
  const { ask, notes } = watched({ replay: () => Promise.resolve(away), erase: () => Promise.resolve(away) });
  for (
    const answer of [await ask("POST", REPLAY, { ids: [1] }), await ask("DELETE", "/api/v1/quarantine?ids=1")]
  ) {
    const { status, detail } = await answer.json();
    assertEquals(status, 503);
    assertStringIncludes(detail, "It is on its way out; nothing has changed");
  }
  assertEquals(notes, []);
});

Deno.test("a message, an entry and a reading of the past are explained; whatever else is asked is refused", async () => {
  const { ask } = watched();
  const said = async (body: unknown): Promise<string> => {
    const answer = await ask("POST", EXPLAIN, body, TOKENS.viewer);
    return answer.status === 200 ? (await answer.json()).steps[0].text : `${answer.status}`;
  };
  assertEquals(await said({ topic: "a/b", payload: "ä" }), "a/b c3a4");
  assertEquals(await said({ topic: "a/b", payload: "/wA=", encoding: "base64" }), "a/b ff00");
  assertEquals(await said({ quarantine_id: 4 }), "4");
  assertEquals(
    await said({ device: "kiln-3", time: "2026-07-01T14:12:29.5+02:00" }),
    "kiln-3 1782907949500 null",
  );
  assertEquals(
    await said({ device: "kiln-3", time: "2026-07-01T12:12:29Z", field: "t" }),
    "kiln-3 1782907949000 t",
  );
  assertEquals(await said({ quarantine_id: 5 }), "404");
  const wrong = [
    {},
    { topic: "a/+", payload: "" },
    { topic: "a" },
    { topic: "a", payload: "!", encoding: "base64" },
    { device: "kiln-3" },
    { device: "kiln-3", time: "yesterday" },
    { quarantine_id: 1, topic: "a", payload: "" },
  ];
  for (const body of wrong) assertEquals(await said(body), "400", JSON.stringify(body));
});
