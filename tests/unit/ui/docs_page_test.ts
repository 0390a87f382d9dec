import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makePages } from "../../../src/ui/mod.ts";
import { api, get, localApi, TOKENS } from "../api/fake_gateway.ts";

const pages = makePages();

async function docs(token?: string): Promise<{ html: string; headers: Headers }> {
  const on = token === undefined ? localApi({}, { pages }) : api({}, { pages });
  const answer = await get(on, "/docs", token);
  assertEquals(answer.status, 200);
  return { html: await answer.text(), headers: answer.headers };
}

/** What the browser shows of an element's content. */
function plain(html: string): string {
  return html.replaceAll(/<[^>]*>/g, "").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll(
    "&amp;",
    "&",
  );
}

/** One operation of the page. */
function operation(html: string, id: string): string {
  const found = new RegExp(`<article id="${id}"[^]*?</article>`).exec(html)?.[0];
  if (found === undefined) throw new Error(`The page has no operation "${id}"`);
  return plain(found);
}

Deno.test("every route for programs stands on the page with its role, parameters, answers and a call", async () => {
  const { html } = await docs(TOKENS.viewer);
  const document = await (await get(api({}, { pages }), "/openapi.json", TOKENS.viewer)).json();
  let shown = 0;
  for (const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      if (String(route.tags) === "Pages") continue;
      const text = operation(html, String(route.operationId));
      assertStringIncludes(text, `${method.toUpperCase()} ${path}`);
      assertStringIncludes(text, route["x-role"] === "none" ? "anyone" : String(route["x-role"]));
      assertStringIncludes(text, "$SLUICE/");
      for (const status of Object.keys(Object(route.responses))) {
        assertStringIncludes(text, status === "default" ? "any other" : status);
      }
      shown++;
    }
  }
  assert(shown > 20, `${shown} routes`);
});

Deno.test("a call can be copied: its method, token and body are those that the route wants", async () => {
  const { html } = await docs(TOKENS.viewer);
  assertStringIncludes(
    operation(html, "getDevices"),
    'curl \\\n  --header "Authorization: Bearer $TOKEN" \\\n  "$SLUICE/api/v1/devices"',
  );
  assertStringIncludes(operation(html, "getEvents"), "curl --no-buffer");
  assertStringIncludes(operation(html, "getDevicesById"), '"$SLUICE/api/v1/devices/ID"');
  const validate = operation(html, "postConfigValidate");
  assertStringIncludes(validate, "curl --request POST");
  assertStringIncludes(validate, '--data \'{"text":');
  assertEquals(operation(html, "getHealthz").includes("Authorization"), false);
});

Deno.test("on this machine without tokens a call needs none, and says that it comes on purpose", async () => {
  const { html } = await docs();
  assertEquals(operation(html, "getDevices").includes("Authorization"), false);
  assertStringIncludes(operation(html, "postSilences"), "x-sluice-request: page");
  assertStringIncludes(operation(html, "postConfigReload"), "Authorization: Bearer $TOKEN");
});

Deno.test("every link on the page leads somewhere on it or on this gateway, and nothing comes from elsewhere", async () => {
  const { html, headers } = await docs(TOKENS.viewer);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(ids.filter((id, index) => ids.indexOf(id) !== index), [], "no two places have one name");
  const known = new Set(ids);
  for (const [, link = ""] of html.matchAll(/href="([^"]+)"/g)) {
    if (link.startsWith("#")) assert(known.has(link.slice(1)), link);
    else assertMatch(link, /^(\/|data:image)/);
  }
  for (const [, source = ""] of html.matchAll(/src="([^"]+)"/g)) assertMatch(source, /^\/assets\//);
  assertEquals(/<style|style="| on\w+="/.test(html), false);
  assertMatch(headers.get("content-security-policy") ?? "", /default-src 'none'/);
});
