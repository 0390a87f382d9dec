import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { askOver, identify, type Question, VerifyProblem } from "../../../src/verify/mod.ts";
import { refusal } from "../../support/http_receiver.ts";
import { influxdb, type StandIn, withStandIn } from "./stand_in.ts";

// No InfluxDB 2.x is at hand: a server stands in for it, with the answers that its reference shows.

const TARGET = { version: 2, org: "plant", bucket: "telemetry" } as const;
const QUESTION: Question = {
  measurement: "climate",
  fields: ["t_mean", "state"],
  numbers: ["t_mean"],
  days: { from: Date.parse("2026-03-01"), to: Date.parse("2026-03-03") },
};
const HEADERS = influxdb("v2.7.0");

function csv(...rows: readonly string[]): Response {
  const text = [",result,table,_time,_value,device", ...rows, ""].join("\r\n");
  return new Response(text, { headers: { ...HEADERS, "content-type": "text/csv" } });
}

const database = ({ ask, server }: StandIn) => identify(TARGET, server.url, ask);

Deno.test("InfluxDB 2.x is asked by Flux, with its organisation and token, and its tables are put together", async () => {
  await withStandIn((request) => {
    if (request.path === "/ping") return undefined;
    return request.text.includes("fn: count")
      ? csv(
        ",_result,0,2026-03-01T00:00:00Z,1440,d1",
        ',_result,1,2026-03-02T00:00:00Z,12,"d ""2"""',
        "",
        ",result,table,_time,_value",
        ",_result,0,2026-03-01T00:00:00Z,3",
      )
      : csv(",_result,0,2026-03-01T00:00:00Z,30816.5,d1");
  }, async (standIn) => {
    const influx = await database(standIn);
    assertEquals(influx.title, `The bucket "telemetry" of InfluxDB 2.7.0 at ${standIn.server.url}`);
    assertEquals(await influx.content(QUESTION), [
      { device: "d1", day: "2026-03-01", values: 1_440, sum: 30_816.5 },
      { device: 'd "2"', day: "2026-03-02", values: 12, sum: 0 },
      { device: "", day: "2026-03-01", values: 3, sum: 0 },
    ]);
    const [, count, sum] = standIn.server.requests;
    assertEquals([count?.path, count?.query.get("org"), count?.headers.get("content-type")], [
      "/api/v2/query",
      "plant",
      "application/vnd.flux",
    ]);
    assertEquals(count?.headers.get("authorization"), "Token secret");
    assertStringIncludes(sum?.text ?? "", 'r._field == "t_mean"');
  });
});

Deno.test("how long a bucket keeps data is asked of its retention rules; no rule is for ever", async () => {
  for (const [rules, ms] of [[[{ everySeconds: 604_800 }], 604_800_000], [[], undefined]] as const) {
    await withStandIn(({ path }) => {
      return path === "/ping"
        ? undefined
        : Response.json({ buckets: [{ name: "telemetry", retentionRules: rules }] }, { headers: HEADERS });
    }, async (standIn) => {
      const retention = await (await database(standIn)).retention();
      assertEquals(retention?.ms, ms);
    });
  }
});

Deno.test("what InfluxDB 2.x refuses is said with its words and what to do", async () => {
  const failed = "error,reference\r\nmemory limit exceeded,897\r\n";
  const cases: readonly (readonly [answer: () => Response, words: string])[] = [
    [() => refusal(404, 'could not find bucket "telemetry"'), "does not exist"],
    [() => refusal(401, "unauthorized access"), 'user or token read (status 401): "unauthorized access"'],
    [() => refusal(400, "compilation failed"), 'answers with status 400: "compilation failed"'],
    [() => new Response("404 page not found", { status: 404, headers: HEADERS }), "InfluxDB 3 does not"],
    [() => new Response(failed, { headers: HEADERS }), "memory limit exceeded"],
  ];
  for (const [answer, words] of cases) {
    await withStandIn(({ path }) => path === "/ping" ? undefined : answer(), async (standIn) => {
      const influx = await database(standIn);
      const error = await assertRejects(() => influx.content(QUESTION), VerifyProblem);
      assertStringIncludes(error.message, words);
    });
  }
});

Deno.test("who listens decides how it is asked: 1.8 by InfluxQL also where a bucket is named, strangers not at all", async () => {
  await withStandIn(({ path }) => {
    return path === "/ping"
      ? new Response(null, { status: 204, headers: influxdb("1.8.10") })
      : Response.json({ results: [{ statement_id: 0 }] }, { headers: influxdb("1.8.10") });
  }, async ({ ask, server }) => {
    const influx = await identify({ ...TARGET, bucket: "plant/week" }, server.url, ask);
    assertEquals(influx.title, `The database "plant" of InfluxDB 1.8.10 at ${server.url}`);
    assertEquals(await influx.content(QUESTION), []);
    assertEquals(server.requests.at(-1)?.query.get("rp"), "week");
  });
  await withStandIn(() => new Response("<html>Log in</html>", { status: 200 }), async ({ ask, server }) => {
    const error = await assertRejects(() => identify(TARGET, server.url, ask), VerifyProblem);
    assertStringIncludes(error.message, "neither InfluxDB nor VictoriaMetrics (status 200");
  });
});

Deno.test("where nothing listens the address and what to do are said", async () => {
  let url = "";
  await withStandIn(() => undefined, ({ server }) => {
    url = server.url;
    return Promise.resolve();
  });
  const ask = askOver({
    name: "The database",
    base: url,
    headers: () => Promise.resolve({}),
    hint: "start it",
  });
  const error = await assertRejects(() => ask({ path: "/ping" }), VerifyProblem);
  assertStringIncludes(error.message, `The database at ${url} does not answer: `);
  assertStringIncludes(error.message, "onnection refused");
});
