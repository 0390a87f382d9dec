import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Span } from "../../../src/api/mod.ts";
import { fakeHistory, SERIES } from "./fake_history.ts";
import { get, LOCAL, localApi } from "./fake_gateway.ts";

const PATH = `/api/v1/series/${SERIES.id}/history`;

Deno.test("the past of a series is asked for by its id, the usual stretch where none is named", async () => {
  const asked: Span[] = [];
  const on = localApi({ history: fakeHistory("kept", (span) => asked.push(span)) });
  const answer = await get(on, PATH);
  assertEquals(answer.status, 200);
  const { series, points, resolution_seconds } = await answer.json();
  assertEquals([series.id, points[0].max, resolution_seconds], [SERIES.id, 22, 60]);
  await (await get(on, `${PATH}?from=2026-07-01T10:00:00Z&to=2026-07-01T11:00:00Z&points=3`)).body?.cancel();
  assertEquals(asked, [
    { from: null, to: null },
    { from: Date.UTC(2026, 6, 1, 10), to: Date.UTC(2026, 6, 1, 11) },
  ]);
});

for (
  const [what, path, status, words] of [
    ["a series that nobody knows", "/api/v1/series/00000099-x/history", 404, "is not known"],
    ["too many points", `${PATH}?points=2001`, 400, "allowed are 3 to 2000"],
    ["too few points", `${PATH}?points=2`, 400, "allowed are 3 to 2000"],
    ["a time that is none", `${PATH}?from=yesterday`, 400, "from"],
    [
      "a stretch that ends before it begins",
      `${PATH}?from=2026-07-02T00:00:00Z&to=2026-07-01T00:00:00Z`,
      400,
      "allowed is a time before",
    ],
    ["more than 100 devices", `/api/v1/sparklines?device=${"d,".repeat(100)}d`, 400, "at most 100 devices"],
    ["no device", "/api/v1/sparklines", 400, "device"],
  ] as const
) {
  Deno.test(`${what} is refused with its reason`, async () => {
    const answer = await get(localApi(), path);
    assertEquals(answer.status, status);
    assertStringIncludes(await answer.text(), words);
  });
}

Deno.test("small lines come for devices with commas between them", async () => {
  const answer = await get(localApi(), "/api/v1/sparklines?device=kiln-3,room%2F114");
  const { items } = await answer.json();
  assertEquals(items.map(({ device }: { device: string }) => device), ["kiln-3", "room/114"]);
});

Deno.test("a gateway without a history says so, and one whose history fails that it may be asked again", async () => {
  for (const path of [PATH, "/api/v1/sparklines?device=a"]) {
    const none = await get(localApi({ history: fakeHistory("none_kept") }), path);
    assertEquals(none.status, 404);
    assertStringIncludes(await none.text(), "keeps no local history");
    const failed = await get(localApi({ history: fakeHistory("unavailable") }), path);
    assertEquals([failed.status, failed.headers.get("retry-after")], [503, "5"]);
    assertStringIncludes(await failed.text(), "The disk is full");
  }
});

async function tried(rule: string): Promise<Response> {
  const request = new Request("http://127.0.0.1/api/v1/rules/test", {
    method: "POST",
    headers: { "content-type": "application/json", "x-sluice-request": "page" },
    body: JSON.stringify({ rule }),
  });
  return await localApi().fetch(request, LOCAL);
}

Deno.test("a rule is tried, and a wrong one is told by line and column", async () => {
  const good = await tried("name: hot");
  assertEquals([good.status, (await good.json()).total], [200, 0]);
  const bad = await tried("wrong: yes");
  assertEquals(bad.status, 400);
  const { errors } = await bad.json();
  assertEquals(errors, [
    { in: "body", name: "above", detail: "The value has the wrong type", line: 2, column: 3 },
  ]);
});
