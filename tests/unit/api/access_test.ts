import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createApi, hashToken, isLoopback } from "../../../src/api/mod.ts";
import { api, fakeViews, get, HASHED, LOCAL, localApi, options, TOKENS } from "./fake_gateway.ts";

Deno.test("P9: beyond loopback without tokens there is no API", () => {
  for (
    const listenHost of [
      "0.0.0.0",
      "::",
      "10.0.0.1",
      "192.168.1.5",
      "gateway.plant.local",
      "",
      "127.0.0.1.evil",
    ]
  ) {
    const made = createApi(fakeViews(), options({ listenHost, tokens: () => [] }));
    assertEquals("reason" in made && made.reason, "tokens_required", listenHost);
  }
  const refused = createApi(fakeViews(), options({ listenHost: "0.0.0.0", tokens: () => [] }));
  assertStringIncludes("text" in refused ? refused.text : "", '"0.0.0.0"');
});

Deno.test("tokens that could never match, or not be told apart, are refused", () => {
  const reason = (tokens: typeof HASHED): unknown => {
    const made = createApi(fakeViews(), options({ tokens: () => tokens }));
    return "reason" in made ? [made.reason, made.text.includes("in-the-clear")] : undefined;
  };
  assertEquals(reason([{ name: "a", role: "viewer", hash: "in-the-clear" }]), ["malformed_hash", false]);
  assertEquals(reason([{ name: "a", role: "viewer", hash: `sha256:${"0".repeat(63)}` }]), [
    "malformed_hash",
    false,
  ]);
  const twice = { name: "a", role: "viewer" as const, hash: hashToken("x") };
  assertEquals(reason([twice, { ...twice, hash: hashToken("y") }]), ["name_taken", false]);
});

Deno.test("a hash in capitals is the same hash", async () => {
  const tokens = HASHED.map((token) => ({ ...token, hash: `sha256:${token.hash.slice(7).toUpperCase()}` }));
  assertEquals((await get(api({}, { tokens: () => tokens }), "/api/v1/config", TOKENS.admin)).status, 200);
});

Deno.test("on loopback without tokens everyone here is viewer and operator, not admin", async () => {
  const on = localApi();
  assertEquals((await get(on, "/api/v1/status")).status, 200);
  const config = await get(on, "/api/v1/config");
  assertEquals(config.status, 403);
  assertStringIncludes((await config.json()).detail, 'a token with the role "admin"');
});

Deno.test("on loopback with tokens one needs a token, under any name of the machine", async () => {
  const on = api({}, { listenHost: "127.0.0.1" });
  assertEquals((await get(on, "/api/v1/status")).status, 401);
  assertEquals((await get(on, "/api/v1/status", TOKENS.viewer, { Host: "sluice.plant.local" })).status, 200);
});

Deno.test("a wrong token is not better than none where none is needed", async () => {
  assertEquals((await get(localApi(), "/api/v1/status", "sluice_guessed")).status, 401);
});

Deno.test("without tokens only this machine's names are answered: DNS rebinding leads nowhere", async () => {
  const on = localApi();
  const status = async (host: string): Promise<number> => {
    const answer = await get(on, "/api/v1/status", undefined, { Host: host });
    await answer.text();
    return answer.status;
  };
  for (const host of ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.8.9.10", "[::1]:8080", "[::1]"]) {
    assertEquals(await status(host), 200, host);
  }
  for (
    const host of [
      "evil.example",
      "evil.example:8080",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "localhost@evil.example",
      "evil.example#localhost",
      "127.0.0.1,evil.example",
      "10.0.0.1",
      "0.0.0.0",
      "[::]",
      "::1",
      "not a host",
      "",
    ]
  ) assertEquals(await status(host), 403, host);
  for (const path of ["/healthz", "/readyz", "/nothing", "/"]) {
    assertEquals((await get(on, path, undefined, { Host: "evil.example" })).status, 403, path);
  }
});

Deno.test("without tokens a web page of elsewhere is refused, one of this gateway is not", async () => {
  const on = localApi();
  const reason = async (origin: string): Promise<string | number> => {
    const answer = await get(on, "/api/v1/status", undefined, { Host: "localhost:8080", Origin: origin });
    return answer.status === 200 ? 200 : (await answer.json()).reason;
  };
  assertEquals(await reason("http://localhost:8080"), 200);
  for (
    const origin of [
      "http://evil.example",
      "https://localhost.evil.example:8080",
      "http://localhost:3000",
      "http://localhost",
      "http://127.0.0.1:8080",
      "null",
      "file://",
      "",
      "chrome-extension://abcdef",
    ]
  ) assertEquals(await reason(origin), "foreign_origin", origin);
});

Deno.test("a plain port may be left out of an origin as browsers do", async () => {
  const answer = await get(localApi(), "/healthz", undefined, {
    Host: "localhost",
    Origin: "http://localhost",
  });
  assertEquals(answer.status, 200);
});

Deno.test("this machine has the names localhost, 127.x.x.x and ::1", () => {
  for (const host of ["localhost", "127.0.0.1", "127.255.0.3", "::1", "[::1]"]) {
    assertEquals(isLoopback(host), true);
  }
  for (const host of ["127.0.0", "1127.0.0.1", "localhost.", "::", "::2", "127.0.0.1x"]) {
    assertEquals(isLoopback(host), false, host);
  }
});

Deno.test("P8: no answer to anyone holds a token, a hash or a token's name that is not his own", async () => {
  const secrets = [
    ...Object.values(TOKENS),
    ...HASHED.flatMap(({ hash, name }) => [hash, hash.slice(7), name]),
  ];
  const on = api();
  const document = await (await get(on, "/openapi.json", TOKENS.viewer)).json();
  for (const path of [...Object.keys(document.paths), "/nothing", `/${TOKENS.admin}`]) {
    for (const token of [undefined, TOKENS.viewer, `${TOKENS.admin}x`]) {
      const answer = await get(on, path, token);
      const whole = JSON.stringify([...answer.headers]) + await answer.text();
      for (const secret of secrets) {
        if (token === TOKENS.viewer && secret === "viewer-token") continue;
        assertEquals(whole.includes(secret), false, `${path} shows "${secret}"`);
      }
    }
  }
});

Deno.test("a token comes from 32 random bytes and says whose kind it is", async () => {
  const { formatToken } = await import("../../../src/api/mod.ts");
  const token = formatToken(new Uint8Array(32).fill(0xfb));
  assertMatch(token, /^sluice_[\w-]{43}$/);
  const on = api({}, { tokens: () => [{ name: "new", role: "viewer", hash: hashToken(token) }] });
  const headers = { Authorization: `Bearer ${token}` };
  assertEquals((await on.fetch(new Request("http://10.0.0.1/metrics", { headers }), LOCAL)).status, 200);
});
