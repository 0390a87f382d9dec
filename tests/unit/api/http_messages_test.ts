import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { HTTP_LIMITS } from "../../../src/api/mod.ts";
import { ask, served, takingApi } from "./served.ts";

Deno.test("a message that is no request of HTTP/1.1, or could be read in two ways, is answered 400 and the connection closed", async () => {
  await using api = await served({});
  const bad: Readonly<Record<string, string>> = {
    "no Host": "GET /healthz HTTP/1.1\r\n\r\n",
    "two Hosts": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n",
    "a Host that is none": "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a Host with a user": "GET /healthz HTTP/1.1\r\nHost: x@localhost\r\n\r\n",
    "a target of another host": "GET http://elsewhere/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target that is none": "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "length and chunks": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths":
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n012345",
    "a folded header": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "a blank before the colon": "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "a method of nobody": "BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/2 without being asked": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a TLS hello": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "zeros": "\0\0\0\0\r\n\r\n",
  };
  for (const [what, text] of Object.entries(bad)) {
    await using connection = await api.say(text);
    await connection.answers();
    assertEquals(connection.status, 400, what);
    assertMatch(connection.text, /content-type: application\/problem\+json/i, what);
    assertMatch(connection.text, /x-content-type-options: nosniff/i, what);
    assertStringIncludes(connection.text, '"reason":"bad_request"', what);
  }
  await using next = await api.say(ask());
  await next.answers();
  assertEquals(next.status, 200, "the next client");
});

Deno.test("requests that are unusual and right are answered", async () => {
  await using api = await served({});
  const good: Readonly<Record<string, string>> = {
    "HTTP/1.0 without Host": "GET /healthz HTTP/1.0\r\n\r\n",
    "a target with its host": "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a body where none is wanted": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
    "an upgrade that is not taken": ask("Connection: Upgrade", "Upgrade: websocket"),
    "an expectation": ask("Expect: 100-continue"),
    "as many headers as are allowed": ask(
      ...Array.from({ length: HTTP_LIMITS.headers - 1 }, (_, n) => `X-${n}: 1`),
    ),
    "a long header": ask(`X-Long: ${"x".repeat(15_000)}`),
  };
  for (const [what, text] of Object.entries(good)) {
    await using connection = await api.say(text);
    await connection.answers();
    if (what === "an expectation") await connection.answers(2);
    assertEquals(connection.status, 200, what);
  }
});

Deno.test("a tunnel is not opened, and a trace not made", async () => {
  await using api = await served({});
  await using tunnel = await api.say("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
  assertEquals(await tunnel.end(), "");
  await using trace = await api.say("TRACE /healthz HTTP/1.1\r\nHost: localhost\r\nX-Secret: s\r\n\r\n");
  await trace.answers();
  assertEquals([trace.status, trace.text.includes("X-Secret")], [405, false]);
});

Deno.test("a head that is too large, and too many headers, are answered 431", async () => {
  await using api = await served({});
  const large: Readonly<Record<string, string>> = {
    "a header": ask(`X-Long: ${"x".repeat(HTTP_LIMITS.head)}`),
    "a target": `GET /${"x".repeat(HTTP_LIMITS.head)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    "a megabyte": ask(`X-Long: ${"x".repeat(1_000_000)}`),
    "one header too many": ask(...Array.from({ length: HTTP_LIMITS.headers }, (_, n) => `X-${n}: 1`)),
    "thousands of headers": ask(...Array.from({ length: 1_700 }, (_, n) => `X-${n}: 1`)),
  };
  for (const [what, text] of Object.entries(large)) {
    await using connection = await api.say(text);
    await connection.answers();
    assertEquals(connection.status, 431, what);
    assertStringIncludes(connection.text, '"reason":"headers_too_large"', what);
  }
  const reasons = api.events.filter(({ name }) => name === "api_refused").map(({ facts }) => facts);
  assertEquals(
    reasons,
    Object.keys(large).map(() => ({ reason: "headers_too_large", address: "127.0.0.1" })),
  );
});

Deno.test("a body that is too large is answered 413 before it is sent, and one of unknown length when it is", async () => {
  await using api = await served({}, takingApi());
  const post = (...headers: string[]): string => ask(...headers).replace("GET /healthz", "POST /take");
  await using said = await api.say(post("Content-Length: 1048577"));
  await said.answers();
  assertEquals(said.status, 413);
  await using unsaid = await api.say(post("Transfer-Encoding: chunked"));
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  for (let n = 0; n < 17 && !unsaid.closed; n++) await unsaid.write(chunk);
  await unsaid.answers();
  assertEquals(unsaid.status, 413);
  await using whole = await api.say(post("Content-Length: 2000000") + "x".repeat(2_000_000));
  await whole.answers();
  assertEquals(whole.status, 413, "sent all the same, the answer still arrives");
  // The connection is as good as before.
  await whole.write(post("Content-Length: 1048576") + "x".repeat(1_048_576));
  await whole.answers(2);
  assertEquals(whole.status, 200);
  assertStringIncludes(whole.text, "1048576 bytes");
});

Deno.test("requests in one breath are answered in their order, also where the client has closed its side", async () => {
  await using api = await served({});
  await using pipelined = await api.say(
    ask() + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n" + ask(),
  );
  await pipelined.answers(3);
  assertEquals(pipelined.statuses, [200, 404, 200]);
  await using half = await api.say(ask());
  await half.halfClose();
  assertMatch(await half.end(), /^HTTP\/1\.1 200 /);
  await using nothing = await api.say("GET /heal");
  await nothing.halfClose();
  assertEquals(await nothing.end(), "", "closed in the middle of a request");
});
