import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Api, PageRequest } from "../../../src/api/mod.ts";
import { PAGES } from "../../../src/ui/pages/registry.ts";
import { api, get, localApi, sampleAlert, sampleDevice, TOKENS } from "../api/fake_gateway.ts";

async function html(on: Api, path: string, token?: string): Promise<string> {
  const answer = await get(on, path, token);
  assertEquals(answer.status, 200, path);
  return await answer.text();
}

/** What a reader sees: no tags, no data for the script, single spaces. */
function words(text: string): string {
  return text.replaceAll(/<script[^]*?<\/script>/g, "").replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

Deno.test("the page of alerts says first what nobody has taken up, and who has taken up the rest", async () => {
  const taken = { by: "ana", at: "2026-07-01T14:10:00.000Z", note: "on my way" };
  const alerts = {
    alerts: ({ state }: { state: string | null }) => ({
      items: state === "firing"
        ? [
          sampleAlert({ id: "b", summary: "kiln-4 is hot", acknowledged: taken }),
          sampleAlert({ id: "a", summary: "kiln-3 is hot" }),
        ]
        : state === "resolved"
        ? [sampleAlert({
          id: "c",
          state: "resolved",
          summary: "kiln-9 is hot",
          resolved_at: "2026-07-01T14:11:00.000Z",
          resolved_because: "cleared",
        })]
        : [],
      next_cursor: state === "resolved" ? "c" : null,
    }),
  };
  const text = words(await html(localApi({ alerts }), "/alerts"));
  assertStringIncludes(text, "1 alert needs attention.");
  assert(text.indexOf("kiln-3 is hot") < text.indexOf("kiln-4 is hot"), "what is open comes first");
  assertStringIncludes(text, "acknowledged by ana, 14:10: on my way");
  assertStringIncludes(text, "No condition is about to fire.");
  assertStringIncludes(text, "kiln-9 is hot too-hot 14:08 3 min 14:11 cleared older ones");
});

Deno.test("buttons that a role may not press are not shown to it", async () => {
  const shown = async (token: string): Promise<boolean> =>
    (await html(api(), "/alerts", token)).includes('data-do="acknowledge"');
  assertEquals([await shown(TOKENS.viewer), await shown(TOKENS.operator)], [false, true]);
  const text = words(await html(api(), "/", TOKENS.viewer));
  assertStringIncludes(text, "viewer-token (viewer) Sign out");
});

Deno.test("the devices are searched and filtered by the API itself, and the way on keeps what was asked", async () => {
  const asked: unknown[] = [];
  const devices = {
    devices: (
      query: { limit: number; search: string | null; liveness: string | null; after: string | null },
    ) => {
      asked.push(query);
      return { items: [sampleDevice("kiln-3")], next_cursor: "kiln-3" };
    },
    device: () => undefined,
  };
  const text = await html(localApi({ devices }), "/devices?search=kiln&liveness=late&cursor=kiln-2");
  assertEquals(asked, [{ limit: 100, after: "kiln-2", liveness: "late", search: "kiln" }]);
  assertStringIncludes(text, 'href="/devices?search=kiln&amp;liveness=late&amp;cursor=kiln-3"');
  assertStringIncludes(text, 'href="/devices?search=kiln&amp;liveness=late"');
  assertStringIncludes(text, 'value="kiln"');
  const wrong = words(await html(localApi(), "/devices?liveness=lost"));
  assertStringIncludes(wrong, "Devices cannot be shown now: The query parameter &quot;liveness&quot; is");
});

Deno.test("every page can be rendered where no route of the API answers, and says so", async () => {
  for (const page of PAGES) {
    for (const status of [404, 403, 500]) {
      const request: PageRequest = {
        params: { id: "kiln-3" },
        query: new URLSearchParams(),
        viewer: { name: "ana", role: "viewer", local: false },
        open: false,
        ask: () => Promise.resolve({ ok: false, status, detail: "The gateway is busy" }),
      };
      const content = await page.load(request, undefined);
      assert(String(await content.body).length > 0, `${page.path} with ${status}`);
    }
  }
});

Deno.test("the sign-in page is for everybody, and says where nobody needs it", async () => {
  assertMatch(await html(api(), "/sign-in"), /<input type="password" name="token"/);
  assertStringIncludes(words(await html(localApi(), "/sign-in")), "Nobody needs to sign in here.");
});

Deno.test("a page asks as whoever looks: what their role may not know is not in it", async () => {
  const text = await html(api(), "/settings", TOKENS.viewer);
  assert(!text.includes("api_token") && !text.includes('"sequence"'), "the audit reached a viewer");
});
