import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { get, localApi, sampleDevice } from "./fake_gateway.ts";

Deno.test("who has a list already is told so with 304, in every form that RFC 9110 allows", async () => {
  const api = localApi();
  const first = await get(api, "/api/v1/devices");
  const tag = first.headers.get("etag") ?? "";
  assertMatch(tag, /^"[\w-]{27}"$/);
  await first.text();
  for (const header of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const again = await get(api, "/api/v1/devices", undefined, { "If-None-Match": header });
    assertEquals([again.status, await again.text(), again.headers.get("etag")], [304, "", tag], header);
    assertEquals(again.headers.get("content-type"), null);
    assertEquals(again.headers.get("cache-control"), "no-store", "nobody on the way keeps it");
    assert(again.headers.has("x-request-id"));
  }
  for (const header of ['"other"', "", tag.slice(1, -1)]) {
    const again = await get(api, "/api/v1/devices", undefined, { "If-None-Match": header });
    assertEquals([again.status, (await again.json()).items.length], [200, 4], header);
  }
});

Deno.test("what has changed has another tag", async () => {
  const tags = await Promise.all([1, 2].map(async (messages) => {
    const device = (): ReturnType<typeof sampleDevice> => sampleDevice("kiln-3", { messages });
    const api = localApi({ devices: { ...{ devices: () => ({ items: [], next_cursor: null }) }, device } });
    const answer = await get(api, "/api/v1/devices/kiln-3");
    await answer.text();
    return answer.headers.get("etag");
  }));
  assertNotEquals(tags[0], tags[1]);
});

Deno.test("the document of all routes has a tag; a problem, a page and the metrics have none", async () => {
  const api = localApi();
  const tagOf = async (path: string): Promise<string | null> => {
    const answer = await get(api, path);
    await answer.text();
    return answer.headers.get("etag");
  };
  assertMatch(await tagOf("/openapi.json") ?? "", /^"/);
  for (const path of ["/metrics", "/api/v1/devices/unknown", "/nothing"]) {
    assertEquals(await tagOf(path), null, path);
  }
  const stream = await get(api, "/api/v1/events");
  assertEquals(stream.headers.get("etag"), null);
  await stream.body?.cancel();
});
