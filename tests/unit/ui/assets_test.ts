import { assert, assertEquals, assertMatch } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { bundle } from "../../../src/ui/build/bundle.ts";
import { makePages } from "../../../src/ui/mod.ts";
import { get, localApi } from "../api/fake_gateway.ts";

/** Most bytes of the first page with all that it loads, compressed. */
const MOST_BYTES = 150 * 1_024;

async function named(kind: "app" | "theme" | "style"): Promise<string> {
  const html = await (await get(localApi(), "/")).text();
  const found = new RegExp(`/assets/(${kind}\\.[0-9a-f]{12}\\.(?:js|css))`).exec(html)?.[1];
  if (found === undefined) throw new Error(`The page names no "${kind}"`);
  return found;
}

Deno.test("the committed bundle is what its sources make: after a change, deno task ui", async () => {
  const committed = await Deno.readTextFile(new URL("../../../src/ui/generated/bundle.ts", import.meta.url));
  assert(await bundle() === committed, "src/ui/generated/bundle.ts is stale: run deno task ui");
});

Deno.test("an asset may be kept for ever, is compressed for who takes it, and has the type that it is", async () => {
  const name = await named("style");
  const plain = await get(localApi(), `/assets/${name}`);
  assertEquals(plain.status, 200);
  assertEquals(plain.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assertEquals(plain.headers.get("content-type"), "text/css; charset=utf-8");
  assertEquals(plain.headers.get("content-encoding"), null);
  const text = await plain.text();
  for (const codings of ["gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "*"]) {
    const small = await get(localApi(), `/assets/${name}`, undefined, { "accept-encoding": codings });
    assertEquals(small.headers.get("content-encoding"), "gzip", codings);
    assertEquals(small.headers.get("vary"), "Accept-Encoding");
    assertEquals(gunzipSync(new Uint8Array(await small.arrayBuffer())).toString(), text);
  }
  for (const codings of ["br", "identity", "gzip;q=0"]) {
    const answer = await get(localApi(), `/assets/${name}`, undefined, { "accept-encoding": codings });
    assertEquals(answer.headers.get("content-encoding"), null, codings);
    await answer.body?.cancel();
  }
});

Deno.test("a name that is not of this version's files is not there", async () => {
  for (const name of ["app.js", "app.000000000000.js", "..%2fmod.ts", "style.css"]) {
    const answer = await get(localApi(), `/assets/${name}`);
    assertEquals(answer.status, 404, name);
    await answer.body?.cancel();
  }
});

Deno.test("the first page and all that it loads weigh less than 150 KiB", async () => {
  const html = await get(localApi(), "/", undefined, { "accept-encoding": "gzip" });
  assertEquals(html.headers.get("content-encoding"), "gzip");
  const sizes: Record<string, number> = { page: (await html.arrayBuffer()).byteLength };
  for (const kind of ["app", "theme", "style"] as const) {
    sizes[kind] = makePages().asset(await named(kind))?.gzip.length ?? Infinity;
  }
  const sum = Object.values(sizes).reduce((all, size) => all + size, 0);
  const words = Object.entries(sizes).map(([name, size]) => `${name} ${size}`).join(", ");
  await Deno.stderr.write(new TextEncoder().encode(`first page: ${sum} bytes compressed (${words})\n`));
  assert(sum < MOST_BYTES, words);
});

Deno.test("the scripts name no other host", async () => {
  const text = await (await get(localApi(), `/assets/${await named("app")}`)).text();
  const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1]);
  // Name spaces of elements are no addresses; nothing is fetched from them.
  assertEquals([...new Set(hosts)].filter((host) => host !== "www.w3.org"), []);
  assertMatch(text, /EventSource/);
});
