import { assert, assertEquals } from "@std/assert";
import type { PageQuery } from "../../../src/api/mod.ts";
import { fakeViews, get, localApi } from "./fake_gateway.ts";
import { fakeQuarantineActions } from "./fake_quarantine.ts";

Deno.test("a list is read to its end by its cursor, each entry once", async () => {
  const on = localApi();
  for (
    const [path, expected] of [
      ["/api/v1/devices", ["gate-11", "kiln-3", "room/114", "truck-5"]],
      ["/api/v1/quarantine", [4, 3, 2, 1, 0]],
    ] as const
  ) {
    const seen: (string | number)[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await (await get(on, `${path}?limit=2${more}`)).json();
      assert(page.items.length <= 2);
      seen.push(...page.items.map((item: { id: string | number }) => item.id));
      cursor = page.next_cursor;
    }
    assertEquals(seen, [...expected]);
  }
});

Deno.test("filters reach the views as they were asked, defaults resolved", async () => {
  const asked: unknown[] = [];
  const empty = { items: [], next_cursor: null };
  const note = (query: PageQuery): typeof empty => {
    asked.push(query);
    return empty;
  };
  const on = localApi({
    devices: { devices: note, device: () => undefined },
    series: { series: note },
    alerts: { alerts: note },
    quarantine: {
      entries(query) {
        asked.push(query);
        return Promise.resolve({ items: [], next: null });
      },
      entry: () => Promise.resolve(undefined),
      ...fakeQuarantineActions(),
    },
  });
  for (
    const path of [
      "/api/v1/devices",
      "/api/v1/devices?liveness=late&limit=500&cursor=a%2Fb",
      "/api/v1/devices?search=kiln",
      "/api/v1/series?device=kiln-3",
      "/api/v1/alerts?state=firing",
      "/api/v1/quarantine",
      "/api/v1/quarantine?reason=range&device=press-2&cursor=17&limit=1",
    ]
  ) assertEquals((await get(on, path)).status, 200, path);
  assertEquals(asked, [
    { limit: 100, after: null, liveness: null, search: null },
    { limit: 500, after: "a/b", liveness: "late", search: null },
    { limit: 100, after: null, liveness: null, search: "kiln" },
    { limit: 100, after: null, device: "kiln-3" },
    { limit: 100, after: null, state: "firing" },
    { limit: 100, before: null, reason: null, device: null },
    { limit: 1, before: 17, reason: "range", device: "press-2" },
  ]);
});

Deno.test("a device id with a slash is found when it is escaped", async () => {
  const answer = await get(localApi(), "/api/v1/devices/room%2F114");
  assertEquals([answer.status, (await answer.json()).id], [200, "room/114"]);
});

Deno.test("a refused payload is text where it is text, base64 where it is not, and says where it was cut", async () => {
  const views = fakeViews();
  const long = new TextEncoder().encode("ä".repeat(40_000));
  const on = localApi({
    quarantine: {
      ...views.quarantine,
      async entry(position) {
        if (position !== 7) return await views.quarantine.entry(position);
        const entry = await views.quarantine.entry(4);
        // An odd number of bytes before it: the cut at 64 KiB goes through an "ä".
        const payload = new Uint8Array([0x61, ...long]);
        return entry && { ...entry, position, payload, payload_bytes: payload.length };
      },
    },
  });
  const payload = async (id: number): Promise<{ encoding: string; data: string; truncated: boolean }> =>
    (await (await get(on, `/api/v1/quarantine/${id}`)).json()).payload;
  assertEquals(await payload(4), { encoding: "utf8", data: '{"temperature":-300}', truncated: false });
  assertEquals(await payload(3), { encoding: "base64", data: "/wAB", truncated: false });
  const cut = await payload(7);
  assertEquals([cut.encoding, cut.truncated, cut.data.length], ["utf8", true, 1 + 32_767]);
  assert(!cut.data.includes("\ufffd"));
});
