import { assert, assertEquals } from "@std/assert";
import type { z } from "zod";
import { AlertPageSchema } from "../../../src/api/schemas/alerts.ts";
import { AuditPageSchema } from "../../../src/api/schemas/audit.ts";
import { ConfigSchema } from "../../../src/api/schemas/config.ts";
import { DeliveredSchema } from "../../../src/api/schemas/delivered.ts";
import { DevicePageSchema, DeviceSchema } from "../../../src/api/schemas/devices.ts";
import { HealthSchema, ReadinessSchema } from "../../../src/api/schemas/health.ts";
import { SeriesHistorySchema, SparklinesSchema } from "../../../src/api/schemas/history.ts";
import { LearnedPageSchema } from "../../../src/api/schemas/learned.ts";
import { LedgerSchema } from "../../../src/api/schemas/ledger.ts";
import { NotifierListSchema } from "../../../src/api/schemas/notifiers.ts";
import { QuarantineDetailSchema, QuarantinePageSchema } from "../../../src/api/schemas/quarantine.ts";
import { QuarantineGroupsSchema } from "../../../src/api/schemas/quarantine_actions.ts";
import { RuleListSchema } from "../../../src/api/schemas/rules.ts";
import { SeriesPageSchema } from "../../../src/api/schemas/series.ts";
import { SessionSchema } from "../../../src/api/schemas/session.ts";
import { SilencePageSchema } from "../../../src/api/schemas/silences.ts";
import { StatusSchema } from "../../../src/api/schemas/status.ts";
import { SERIES } from "./fake_history.ts";
import { api, get, localApi, sampleLedger, TOKENS } from "./fake_gateway.ts";

const SHAPES: readonly (readonly [path: string, schema: z.ZodType])[] = [
  ["/healthz", HealthSchema],
  ["/readyz", ReadinessSchema],
  ["/api/v1/status", StatusSchema],
  ["/api/v1/ledger", LedgerSchema],
  ["/api/v1/ledger?device=kiln-3", LedgerSchema],
  ["/api/v1/delivered", DeliveredSchema],
  ["/api/v1/devices", DevicePageSchema],
  ["/api/v1/devices/kiln-3", DeviceSchema],
  ["/api/v1/series", SeriesPageSchema],
  [`/api/v1/series/${SERIES.id}/history`, SeriesHistorySchema],
  ["/api/v1/sparklines?device=kiln-3", SparklinesSchema],
  ["/api/v1/alerts", AlertPageSchema],
  ["/api/v1/silences", SilencePageSchema],
  ["/api/v1/rules", RuleListSchema],
  ["/api/v1/notifiers", NotifierListSchema],
  ["/api/v1/quarantine", QuarantinePageSchema],
  ["/api/v1/quarantine/4", QuarantineDetailSchema],
  ["/api/v1/quarantine/groups", QuarantineGroupsSchema],
  ["/api/v1/learned", LearnedPageSchema],
  ["/api/v1/config", ConfigSchema],
  ["/api/v1/session", SessionSchema],
  ["/api/v1/audit", AuditPageSchema],
];

for (const [path, schema] of SHAPES) {
  Deno.test(`${path} answers what its schema says, no more and no less`, async () => {
    const answer = await get(api(), path, TOKENS.admin);
    assertEquals(answer.status, 200);
    assertEquals(answer.headers.get("content-type"), "application/json");
    const body = await answer.json();
    assertEquals(schema.parse(body), body);
  });
}

Deno.test("every JSON route of the document is among the tested shapes", async () => {
  const document = await (await get(localApi(), "/openapi.json")).json();
  const paths = Object.entries<{ get?: { responses: Record<string, unknown> } }>(document.paths);
  for (const [path, { get: operation }] of paths) {
    if (!JSON.stringify(operation?.responses[200] ?? {}).includes('"application/json"')) continue;
    if (path === "/openapi.json") continue;
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/?]+")}$`);
    assert(
      SHAPES.some(([tested]) => pattern.test(tested.split("?")[0] ?? "")),
      `${path} has no tested shape`,
    );
  }
});

Deno.test("the ledger has the names and the order of the contract", async () => {
  const body = await (await get(localApi(), "/api/v1/ledger")).json();
  assertEquals(Object.keys(body), [
    "messages",
    "readings",
    "points",
    "beside",
    "balanced",
    "since",
    "rebased",
  ]);
  assertEquals(
    { messages: body.messages, readings: body.readings, points: body.points, beside: body.beside },
    sampleLedger(),
  );
  assertEquals([body.balanced, body.since, body.rebased], [true, "2026-06-30T06:12:00.000Z", []]);
});

Deno.test("a ledger that is off by one says that it is not balanced", async () => {
  const counts = sampleLedger();
  counts.readings.delivered--;
  const on = localApi({ ledger: { ledger: () => ({ counts, since: "2026-07-01T00:00:00Z", rebased: [] }) } });
  assertEquals((await (await get(on, "/api/v1/ledger")).json()).balanced, false);
  assertEquals((await (await get(on, "/api/v1/status")).json()).ledger.balanced, false);
});

Deno.test("the status holds the same ledger as the ledger's own route", async () => {
  const on = localApi();
  const { ledger } = await (await get(on, "/api/v1/status")).json();
  assertEquals(ledger, await (await get(on, "/api/v1/ledger")).json());
});

Deno.test("conditions of rules are told in seconds and in the field's unit", async () => {
  const { items } = await (await get(localApi(), "/api/v1/rules")).json();
  assertEquals(items.map((rule: { condition: unknown }) => rule.condition), [
    { kind: "above", limit: 80, clear: 75 },
    { kind: "silent", silent_for_seconds: 60 },
    { kind: "unchanged", unchanged_for_seconds: 600 },
    { kind: "rate_above", limit: 5, per_seconds: 60 },
    { kind: "outside", low: 10, high: 30 },
    { kind: "equals", value: true },
  ]);
  assertEquals([items[0].for_seconds, items[0].firing], [30, 1]);
});

Deno.test("metrics are answered as Prometheus text", async () => {
  const answer = await get(localApi(), "/metrics");
  assertEquals(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assertEquals(await answer.text(), "# HELP sluice_x X.\n# TYPE sluice_x gauge\nsluice_x 1\n");
});

Deno.test("the document names the problem, and for each route the two ways to say who one is", async () => {
  const document = await (await get(localApi(), "/openapi.json")).json();
  assertEquals(document.openapi, "3.1.0");
  assertEquals(document.components.securitySchemes.bearer, { type: "http", scheme: "bearer" });
  const { session } = document.components.securitySchemes;
  assertEquals([session.type, session.in, session.name], ["apiKey", "cookie", "sluice_session"]);
  assertEquals(document.components.schemas.Problem.properties.reason.enum.includes("rate_limited"), true);
  for (
    const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(
      document.paths,
    )
  ) {
    for (const [method, operation] of Object.entries(methods)) {
      const what = `${method} ${path}`;
      const open = operation["x-role"] === "none";
      assertEquals(operation.security, open ? [] : [{ bearer: [] }, { session: [] }], what);
      const named = JSON.stringify(operation.parameters ?? []).includes("x-sluice-request");
      assertEquals(named, method !== "get" && !open, what);
    }
  }
});
