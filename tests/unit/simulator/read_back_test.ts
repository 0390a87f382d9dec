import { assert, assertEquals } from "@std/assert";
import { type InfluxTarget, type ReadBack, readBack, Relay } from "../../../devices/simulator/mod.ts";

/** What InfluxDB 1.6.7 answered to the question, word for word. */
const ANSWER = '{"results":[{"statement_id":0,"series":[{"name":"climate","tags":{"device":"a","run":"r1",' +
  '"site":"n"},"columns":["time","c","lab","open","t_mean"],"values":[[1700000000123456789,3,null,true,21.5],' +
  '[1700000000123456790,null,"x y",null,null]]}]}]}\n';

/** What VictoriaMetrics answers to whatever it is asked. */
const DATABASES = '{"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],' +
  '"values":[["_internal"]]}]}]}';

async function asked(
  answer: string,
  status = 200,
): Promise<{ readonly result: ReadBack; readonly question: URLSearchParams }> {
  let question = new URLSearchParams();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    question = new URLSearchParams(await request.text());
    return new Response(answer, { status });
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const target: InfluxTarget = { version: 1, url, database: "d", username: "u", password: "p" };
    return { result: await readBack(target, ["climate"], "it's r1"), question };
  } finally {
    await server.shutdown();
  }
}

Deno.test("points come back with every nanosecond and without the holes", async () => {
  const { result, question } = await asked(ANSWER);
  assertEquals(
    question.get("q"),
    `SELECT * FROM "climate" WHERE "run" = 'it\\'s r1' GROUP BY *`,
  );
  assertEquals([question.get("db"), question.get("u"), question.get("p")], ["d", "u", "p"]);
  assert(result.kind === "points");
  const key = 'climate{"device":"a","run":"r1","site":"n"}';
  assertEquals(result.points.value(key, 1_700_000_000_123_456_789n, "t_mean"), 21.5);
  assertEquals(result.points.value(key, 1_700_000_000_123_456_789n, "open"), true);
  assertEquals(result.points.value(key, 1_700_000_000_123_456_790n, "lab"), "x y");
  assertEquals([result.points.points, result.points.values], [2, 4]);
});

Deno.test("a tag that a series lacks and others have, which InfluxDB gives as an empty one, is none", async () => {
  const { result } = await asked(ANSWER.replace('"site":"n"', '"facility":"","site":"n"'));
  assert(result.kind === "points");
  assertEquals([...result.points.series()].map(({ key }) => key), [
    'climate{"device":"a","run":"r1","site":"n"}',
  ]);
});

Deno.test("a database that cannot be read back says why, and is not taken for an empty one", async () => {
  assertEquals((await asked(DATABASES)).result, { kind: "unreadable", why: "it does not speak InfluxQL" });
  assertEquals((await asked('{"results":[{"error":"database not found: d"}]}')).result, {
    kind: "unreadable",
    why: "database not found: d",
  });
  assertEquals((await asked("no", 401)).result, { kind: "unreadable", why: "it answers 401: no" });
});

Deno.test("a relay passes a request on, closes connections while it is pulled, and passes on again", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("far"),
  );
  const relay = await Relay.start("127.0.0.1", server.addr.port);
  const ask = (): Promise<string> =>
    fetch(`http://127.0.0.1:${relay.port}/`).then((response) => response.text(), () => "closed");
  assertEquals(await ask(), "far");
  relay.leave();
  assertEquals(await ask(), "closed");
  relay.comeBack();
  assertEquals(await ask(), "far");
  await relay.stop();
  await server.shutdown();
});
