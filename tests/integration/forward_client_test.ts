import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { HttpError, InfluxDB, RequestTimedOutError } from "@influxdata/influxdb-client";
import { HttpTransport, influxDestination } from "../../src/forward/mod.ts";
import { compress } from "../../src/forward/gzip.ts";
import { InfluxTransport } from "../../src/forward/influx_transport.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { until } from "../support/until.ts";

/** The official client over the gateway's transport, against a scripted server. */
class Client implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly server = new HttpReceiver();
  readonly http = new HttpTransport({ clock: this.clock });
  readonly influx = new InfluxDB({
    url: this.server.url,
    transport: new InfluxTransport({
      transport: this.http,
      base: this.server.url,
      headers: () => Promise.resolve({ authorization: "Token t" }),
      timeout: 5_000,
    }),
  });

  async [Symbol.asyncDispose](): Promise<void> {
    this.http.close();
    await this.server.close();
  }
}

Deno.test("the client's requests run over the gateway's transport: gzip'd, authorised, JSON read", async () => {
  await using client = new Client();
  client.server.answer = () => Response.json({ status: "pass" });
  assertEquals(await client.influx.transport.request("/health", "", { method: "GET" }), { status: "pass" });
  await client.influx.transport.request("/api/v2/x", { a: 1 }, { method: "POST" });
  const [get, post] = client.server.requests;
  assertEquals([get?.headers.get("authorization"), get?.text], ["Token t", ""]);
  assertEquals([post?.gzipped, post?.text], [true, '{"a":1}']);
});

Deno.test("the client's query API reads an answer through the gateway's transport", async () => {
  await using client = new Client();
  const csv =
    "#datatype,string,long,double\r\n#group,false,false,false\r\n#default,_result,,\r\n,result,table,_value\r\n,,0,21.5\r\n";
  client.server.answer = () => new Response(csv, { headers: { "content-type": "text/csv" } });
  const rows = await client.influx.getQueryApi("plant").collectRows("buckets()");
  assertEquals(rows, [{ result: "_result", table: 0, _value: 21.5 }]);
});

Deno.test("failures cross as the client's own error classes, and a redirect is one, not followed", async () => {
  await using client = new Client();
  const get = (): Promise<unknown> => client.influx.transport.request("/health", "", { method: "GET" });
  client.server.answer = () => Response.json({ code: "invalid", message: "no such thing" }, { status: 404 });
  const error = await assertRejects(get, HttpError);
  assertEquals([error.statusCode, error.code, error.message], [404, "invalid", "no such thing"]);
  client.server.answer = () => new Response(null, { status: 302, headers: { location: "/elsewhere" } });
  assertEquals((await assertRejects(get, HttpError)).statusCode, 302);
  assertEquals(client.server.requests.length, 2);

  const hung = Promise.withResolvers<Response>();
  client.server.answer = () => hung.promise;
  const pending = get().catch((reason: unknown) => reason);
  await until("the request has arrived", () => client.server.requests.length === 3);
  client.clock.advance(5_000);
  assertInstanceOf(await pending, RequestTimedOutError);
  hung.resolve(new Response(null, { status: 204 }));
});

Deno.test("no more than the beginning of an answer is read", async () => {
  await using client = new Client();
  client.server.answer = () => new Response("x".repeat(5_000_000), { status: 500 });
  const answer = await client.http.send({
    method: "GET",
    url: client.server.url,
    headers: {},
    timeout: 5_000,
  });
  assertEquals(answer.kind === "answer" && answer.body.length, 8_192);
});

Deno.test("user name and password leave the address and become a header; texts show the bare address", async () => {
  await using client = new Client();
  client.server.answer = () => new Response("down", { status: 500 });
  const url = client.server.url.replace("://", "://us%20er:pa%2Fss@");
  const destination = influxDestination(
    {
      url: `${url}/base/`,
      timeout: 5_000,
      credentials: { kind: "none" },
      target: { version: 1, database: "d", retentionPolicy: "a b" },
    },
    client.http,
    client.clock,
  );
  assertEquals((await destination.write(await compress(""))).kind, "unavailable");
  const [write] = client.server.requests;
  assertEquals([write?.path, write?.query.toString()], ["/base/write", "db=d&rp=a+b&precision=ns"]);
  assertEquals(write?.headers.get("authorization"), `Basic ${btoa("us er:pa/ss")}`);
  assertEquals(destination.names.address, `${client.server.url}/base`);
});

Deno.test("a probe of InfluxDB 2.x takes the refusal of an empty write for a sign that the bucket is known", async () => {
  await using client = new Client();
  client.server.answer = (request) =>
    request.path === "/health"
      ? Response.json({ name: "influxdb", status: "pass", version: "v2.7.11" })
      : Response.json({ code: "invalid", message: "writing requires points" }, { status: 400 });
  const destination = influxDestination(
    {
      url: client.server.url,
      timeout: 5_000,
      credentials: { kind: "token", read: () => "secret" },
      target: { version: 2, org: "o", bucket: "b" },
    },
    client.http,
    client.clock,
  );
  const probe = await destination.probe();
  assertEquals(probe.ok, true);
  assertStringIncludes(probe.text, 'answers as version v2.7.11 and knows the bucket "b"');
  client.server.answer = () => new Response("<html></html>", { headers: { "content-type": "text/html" } });
  assertEquals((await destination.probe()).ok, false);
});
