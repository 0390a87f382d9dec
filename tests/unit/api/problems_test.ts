import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ProblemSchema } from "../../../src/api/schemas/problem.ts";
import type { Api, Problem } from "../../../src/api/mod.ts";
import { api, fakeViews, get, listen, LOCAL, localApi, TOKENS } from "./fake_gateway.ts";

async function problem(answer: Response, status: number): Promise<Problem> {
  assertEquals(answer.headers.get("content-type"), "application/problem+json");
  const body = await answer.json();
  const parsed = ProblemSchema.parse(body);
  assertEquals(parsed, body);
  assertEquals([answer.status, parsed.status], [status, status]);
  assertEquals(parsed.request_id, answer.headers.get("x-request-id"));
  return parsed;
}

function ask(on: Api, method: string, path: string, body?: BodyInit): Promise<Response> {
  return on.fetch(new Request(`http://localhost${path}`, { method, body: body ?? null }), LOCAL);
}

Deno.test("an unknown path is a problem", async () => {
  const found = await problem(await get(localApi(), "/api/v1/nothing"), 404);
  assertEquals([found.reason, found.title, found.type], ["not_found", "Not Found", "about:blank"]);
});

Deno.test("an unknown device, entry or device's ledger is a problem that names it", async () => {
  const on = localApi();
  for (
    const [path, name] of [
      ["/api/v1/devices/kiln-9", "kiln-9"],
      ["/api/v1/ledger?device=kiln-9", "kiln-9"],
      ["/api/v1/quarantine/99", "99"],
    ] as const
  ) assertStringIncludes((await problem(await get(on, path), 404)).detail, `"${name}"`);
});

Deno.test("a method that no route has is a problem that names the allowed ones", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const answer = await ask(localApi(), method, "/api/v1/devices/kiln-3");
    assertEquals(answer.headers.get("allow"), "GET, HEAD");
    assertStringIncludes((await problem(answer, 405)).detail, `"${method}"`);
  }
});

Deno.test("everything wrong with a request is said at once, with what was found and what is allowed", async () => {
  const found = await problem(
    await get(localApi(), "/api/v1/devices?limit=0&liveness=gone&devcie=kiln-3"),
    400,
  );
  assertEquals(found.reason, "bad_request");
  assertEquals(found.errors, [
    {
      in: "query",
      name: "limit",
      detail: 'The query parameter "limit" is "0"; allowed is a whole number from 1 to 500',
    },
    {
      in: "query",
      name: "liveness",
      detail: 'The query parameter "liveness" is "gone"; allowed is one of online, late, offline, unknown',
    },
    {
      in: "query",
      name: "devcie",
      detail: 'The query parameter "devcie" is not known here; allowed are limit, cursor, liveness, search',
    },
  ]);
});

Deno.test("hostile parameters are refused, never believed", async () => {
  for (
    const path of [
      "/api/v1/devices?limit=501",
      "/api/v1/devices?limit=1e2000",
      "/api/v1/devices?limit=NaN",
      "/api/v1/devices?limit=1&limit=2",
      "/api/v1/devices?limit=1.5",
      "/api/v1/devices?cursor=",
      `/api/v1/devices?cursor=${"x".repeat(513)}`,
      "/api/v1/quarantine?cursor=-1",
      "/api/v1/quarantine?cursor=99999999999999999999",
      "/api/v1/quarantine?reason=__proto__",
      "/api/v1/quarantine/../etc",
      "/api/v1/quarantine/1e3",
      "/api/v1/quarantine/0x10",
      "/api/v1/alerts?state=toString",
      "/api/v1/ledger?device=",
    ]
  ) {
    const answer = await get(localApi(), path);
    assert(answer.status === 400 || answer.status === 404, `${path}: ${answer.status}`);
    await problem(answer, answer.status);
  }
});

Deno.test("a gateway that is not ready says why, to anyone", async () => {
  const reasons = [
    { reason: "mqtt_disconnected", detail: "The broker is out of reach" },
    { reason: "disk_full", detail: "The disk is full" },
  ];
  const on = api({ readiness: { readiness: () => ({ ready: false, reasons }) } });
  const found = await problem(await get(on, "/readyz"), 503);
  assertEquals([found.reason, found.not_ready], ["not_ready", reasons]);
  assertEquals((await get(on, "/healthz")).status, 200);
});

Deno.test("a view that throws is a 500 without its words, and an event with them", async () => {
  const { events, onEvent } = listen();
  const on = localApi({
    config: {
      ...fakeViews().config,
      config: () => {
        throw new Error("unreadable: hunter2 at /etc/secret");
      },
    },
    status: {
      status: () => {
        throw new Error("hunter2");
      },
    },
  }, { onEvent });
  const answer = await get(on, "/api/v1/status");
  const text = await answer.clone().text();
  const found = await problem(answer, 500);
  assert(!text.includes("hunter2") && !text.includes(".ts"), text);
  assertEquals(events.find((event) => event.name === "api_failed"), {
    name: "api_failed",
    level: "error",
    facts: {
      request_id: found.request_id,
      error: "hunter2",
      method: "GET",
      path: "/api/v1/status",
      address: "127.0.0.1",
    },
  });
});

Deno.test("a body that no route takes is not read, however large it is", async () => {
  const on = localApi();
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(++pulled)),
  }, { highWaterMark: 0 });
  await problem(await ask(on, "POST", "/api/v1/status", endless), 405);
  await problem(await ask(on, "POST", "/nothing", new Uint8Array(1_048_577)), 404);
  assertEquals(pulled, 0);
});

Deno.test("every answer has its own id, the security headers and no CORS", async () => {
  const on = api();
  const ids = new Set<string>();
  for (const path of ["/healthz", "/api/v1/ledger", "/nothing", "/", "/metrics", "/api/v1/config"]) {
    for (const token of [undefined, TOKENS.viewer]) {
      const { headers, body } = await get(on, path, token, { Origin: "http://evil.example" });
      await body?.cancel();
      ids.add(headers.get("x-request-id") ?? "");
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(headers.get("cache-control"), "no-store");
      assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
      assertEquals(headers.get("referrer-policy"), "no-referrer");
      assertStringIncludes(headers.get("content-security-policy") ?? "", "default-src 'none'");
      assertStringIncludes(headers.get("content-security-policy") ?? "", "frame-ancestors 'none'");
      assert(!(headers.get("content-security-policy") ?? "").includes("unsafe"));
      for (const name of headers.keys()) assert(!name.startsWith("access-control"), name);
    }
  }
  assertEquals(ids.size, 12);
});
