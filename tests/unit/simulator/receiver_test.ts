import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Receiver } from "../../../devices/simulator/mod.ts";

const ACCOUNT = { org: "o", bucket: "b", token: "secret" };

async function withReceiver(use: (receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await Receiver.start(ACCOUNT);
  try {
    await use(receiver);
  } finally {
    await receiver.stop();
  }
}

async function write(
  receiver: Receiver,
  body: string | Uint8Array<ArrayBuffer>,
  { query = "org=o&bucket=b&precision=ns", token = "secret", route = "/api/v2/write", gzip = false } = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const headers: Record<string, string> = { authorization: `Token ${token}` };
  if (gzip) headers["content-encoding"] = "gzip";
  const response = await fetch(`${receiver.url}${route}?${query}`, { method: "POST", headers, body });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

Deno.test("lines are stored by series, time and field; the later value wins and is counted", async () => {
  await withReceiver(async (receiver) => {
    assertEquals((await write(receiver, "m,d=1 a=1,b=2 10\nm,d=2 a=5 10")).status, 204);
    assertEquals((await write(receiver, "m,d=1 a=1,b=3 10")).status, 204);
    assertEquals(receiver.points.value('m{"d":"1"}', 10n, "a"), 1);
    assertEquals(receiver.points.value('m{"d":"1"}', 10n, "b"), 3);
    assertEquals([receiver.points.points, receiver.points.values], [2, 3]);
    assertEquals(receiver.counts, { lines: 3, rewritten: 1, changed: 1 });
  });
});

Deno.test("a gzip'd body and every precision are understood", async () => {
  await withReceiver(async (receiver) => {
    await write(receiver, gzipSync("m a=1 1"), { gzip: true });
    await write(receiver, "m a=2 1", { query: "org=o&bucket=b&precision=s" });
    await write(receiver, "m a=3 1", { query: "org=o&bucket=b" });
    assertEquals([...receiver.points.get("m{}")?.rows ?? []], [[1n, [3]], [1_000_000_000n, [2]]]);
    assertEquals((await write(receiver, "m a=1 1", { query: "org=o&bucket=b&precision=h2" })).status, 400);
    assertEquals((await write(receiver, "no gzip", { gzip: true })).status, 400);
  });
});

Deno.test("version 1 writes with user and password in query or header", async () => {
  await withReceiver(async (receiver) => {
    const v1 = { route: "/write", token: "nobody" };
    assertEquals((await write(receiver, "m a=1 1", { ...v1, query: "db=b&u=x&p=wrong" })).status, 401);
    assertEquals((await write(receiver, "m a=1 1", { ...v1, query: "db=b&u=x&p=secret" })).status, 401);
    const plain = await fetch(`${receiver.url}/write?db=b&precision=ms&u=x&p=secret`, {
      method: "POST",
      body: "m a=1 1",
    });
    assertEquals(plain.status, 204);
    const basic = await fetch(`${receiver.url}/write?db=b`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("x:secret")}` },
      body: "m a=1 2",
    });
    assertEquals(basic.status, 204);
    assertEquals([...receiver.points.get("m{}")?.rows.keys() ?? []], [1_000_000n, 2n]);
    const wrong = await write(receiver, "m a=1 1", { route: "/write", query: "db=nix" });
    assertEquals(wrong.status, 404);
    assertEquals(wrong.headers.get("x-influxdb-error"), 'database not found: "nix"');
  });
});

Deno.test("a wrong token, organization, bucket or route is refused as InfluxDB does", async () => {
  await withReceiver(async (receiver) => {
    assertEquals((await write(receiver, "m a=1 1", { token: "guess" })).status, 401);
    assertEquals((await write(receiver, "m a=1 1", { query: "org=x&bucket=b" })).status, 404);
    const bucket = await write(receiver, "m a=1 1", { query: "org=o&bucket=x" });
    assertEquals([bucket.status, JSON.parse(bucket.text).message], [404, 'bucket "x" not found']);
    assertEquals((await write(receiver, "m a=1 1", { route: "/api/v3/write" })).status, 404);
    assertEquals(receiver.points.points, 0);
    assertEquals(receiver.requests.refused, 4);
  });
});

Deno.test("a body with one bad line is refused whole; a type conflict costs its line alone", async () => {
  await withReceiver(async (receiver) => {
    const bad = await write(receiver, "m a=1 1\nm a= 2");
    assertEquals(bad.status, 400);
    assertStringIncludes(bad.text, "Line 2, column 5");
    assertEquals(receiver.points.points, 0);
    assertEquals((await write(receiver, "m a=1 1")).status, 204);
    const conflict = await write(receiver, 'm a=2 2\nm a="x",b=1 3');
    assertEquals(conflict.status, 422);
    assertStringIncludes(conflict.text, "is type string, already exists as type float dropped=1");
    assertEquals(receiver.points.points, 2);
  });
});

Deno.test("health and ping answer", async () => {
  await withReceiver(async (receiver) => {
    const health = await fetch(`${receiver.url}/health`);
    assertEquals((await health.json()).status, "pass");
    const ping = await fetch(`${receiver.url}/ping`);
    assertEquals(ping.status, 204);
    // By this a gateway knows that it may send line breaks within strings.
    assert(ping.headers.has("x-influxdb-build"));
  });
});

Deno.test("away, it closes connections at once or answers 503, and comes back with what it had", async () => {
  await withReceiver(async (receiver) => {
    await write(receiver, "m a=1 1");
    receiver.leave("closed");
    await assertRejects(() => write(receiver, "m a=2 2"), TypeError);
    receiver.comeBack();
    await write(receiver, "m a=3 3");
    receiver.leave("unavailable");
    const away = await write(receiver, "m a=4 4");
    assertEquals([away.status, away.headers.get("retry-after")], [503, "1"]);
    receiver.comeBack();
    assertEquals([...receiver.points.get("m{}")?.rows.keys() ?? []], [1n, 3n]);
  });
});
