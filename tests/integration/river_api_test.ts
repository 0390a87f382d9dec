import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { formatToken, hashToken } from "../../src/api/mod.ts";
import { type Answer, GatewayProcess } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig, siteProfiles } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

/** An error as RFC 9457 has it, with what every answer carries. */
function assertProblem(answer: Answer, status: number, reason: string): void {
  assertEquals([answer.status, answer.headers.get("content-type")], [status, "application/problem+json"]);
  const { body } = answer;
  assertEquals([body.type, body.status, body.reason], ["about:blank", status, reason]);
  assertGreater(body.detail.length, 10);
  assertEquals(body.request_id, answer.headers.get("x-request-id"));
  assertEquals(answer.text.includes("    at "), false, "no stack trace");
}

Deno.test("a running gateway tells where everything is: status, ledger, devices, quarantine, metrics", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), {
      alerts: [{ name: "hot", field: "temperature", above: 80, severity: "critical" }],
    }),
    profiles: await siteProfiles(),
  });
  const device = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => device.close() });
  const now = Date.now();
  for (let n = 0; n < 20; n++) {
    const [topic, seq] = [`site/north/climate/c${n % 2}`, Math.floor(n / 2)];
    await device.publish(
      topic,
      JSON.stringify({ ts: now - 20_000 + n, seq, temperature: 70 + n, door: true }),
    );
  }
  await device.publish("site/north/climate/c0", "{not json");
  await device.publish("site/north/climate/c0", JSON.stringify({ ts: now, seq: 10, temperature: 900 }));
  await device.publish(
    "site/north/climate/c1",
    JSON.stringify({ ts: now, seq: 10, temperature: 20, humidity: 140 }),
  );
  const ledger = await gateway.atRest(23);

  assertEquals(ledger.messages, {
    received: 23,
    processed: 21,
    duplicate: 0,
    filtered: 0,
    sampled: 0,
    quarantined: 2,
    waiting: 0,
    corrupt: 0,
  });
  // temperature and raw_temperature of 21 messages, door of 20, one humidity.
  assertEquals(ledger.readings.decoded, 2 * 21 + 20 + 1);
  assertEquals([ledger.readings.unchanged, ledger.readings.rejected, ledger.readings.late], [18, 1, 0]);
  assertEquals(Object.keys(ledger), [
    "messages",
    "readings",
    "points",
    "beside",
    "balanced",
    "since",
    "rebased",
  ]);
  const names = ["sequence_gaps", "duplicate_assumed", "broker_dropped", "resent", "replayed"];
  assertEquals(Object.keys(ledger.beside), names);
  assert(ledger.balanced);

  const own = await gateway.ledger("c0");
  assertEquals([own.messages.received, own.messages.processed, own.messages.quarantined], [12, 10, 2]);
  assert(own.balanced);
  const other = await gateway.ledger("c1");
  assertEquals(own.readings.decoded + other.readings.decoded, ledger.readings.decoded);
  assertEquals(own.points.delivered + other.points.delivered, ledger.points.delivered);
  assertProblem(await gateway.get("/api/v1/ledger?device=nobody"), 404, "not_found");

  const status = (await gateway.get("/api/v1/status")).body;
  assertEquals([status.gateway_id, status.state, status.durability.mode], ["test", "running", "fsync"]);
  assertEquals([status.mqtt.state, status.destinations[0].state], ["connected", "reachable"]);
  assertEquals([status.devices.known, status.quarantine.entries, status.outbox.points], [2, 3, 0]);
  assertEquals(status.ledger.balanced, true);

  const devices = (await gateway.get("/api/v1/devices")).body;
  assertEquals(devices.items.map((each: { id: string }) => each.id), ["c0", "c1"]);
  const c1 = (await gateway.get("/api/v1/devices/c1")).body;
  assertEquals([c1.messages, c1.liveness, c1.errors], [11, "online", { range: 1 }]);
  const temperature = c1.values.find((value: { field: string }) => value.field === "temperature");
  assertEquals([temperature.value, temperature.unit, temperature.quality], [20, "degC", "good"]);
  assertEquals(temperature.time, new Date(now).toISOString());
  assertProblem(await gateway.get("/api/v1/devices/nobody"), 404, "not_found");

  const { items } = (await gateway.get("/api/v1/quarantine")).body;
  const reasons = items.map((each: { reason: string; kind: string }) => [each.reason, each.kind]);
  assertEquals(reasons, [["range", "reading"], ["range", "message"], ["undecodable", "message"]]);
  const detail = (await gateway.get(`/api/v1/quarantine/${items[2].id}`)).body;
  assertEquals(detail.payload, { encoding: "utf8", data: "{not json", truncated: false });
  assertEquals((await gateway.get("/api/v1/quarantine?reason=undecodable")).body.items.length, 1);
  assertProblem(await gateway.get("/api/v1/quarantine?reason=bad_luck"), 400, "bad_request");

  const alerts = (await gateway.get("/api/v1/alerts")).body.items;
  const states = alerts.map((alert: { device: string; state: string }) => [alert.device, alert.state]).sort();
  assertEquals(states, [["c0", "firing"], ["c1", "resolved"]]);

  const document = (await gateway.get("/openapi.json")).body;
  assertMatch(document.openapi, /^3\./);
  assert("/api/v1/ledger" in document.paths);
  const metrics = await gateway.get("/metrics");
  assertStringIncludes(metrics.text, "\nsluice_messages_received_total 23\n");
  assertStringIncludes(metrics.text, "\nsluice_ledger_balanced 1\n");
  assertStringIncludes(metrics.text, "\nsluice_mqtt_connected 1\n");
  const page = await gateway.get("/");
  assertEquals(page.status, 200);
  assertStringIncludes(page.headers.get("content-type") ?? "", "text/html");
});

Deno.test("a gateway is unready while its broker is away and says so; a database that is away does not make it unready", async () => {
  await using site = await Site.open({ broker: { persistence: true } });
  if (site === undefined) return;
  const gateway = await site.gateway({ config: siteConfig(site.broker.url(), influx1(site.database)) });
  await site.database.stop();
  const device = await connectPublisher(site.broker.url());
  await device.publish(
    "site/north/power/p1",
    JSON.stringify({ time: Math.floor(Date.now() / 1_000), power: 3 }),
  );
  await device.close();
  await until("the database is known to be away", async () => {
    return (await gateway.get("/api/v1/status")).body.destinations[0].state === "away";
  }, { every: 100 });
  assertEquals((await gateway.get("/readyz")).body, { ready: true, reasons: [] });

  await site.broker.stop();
  const answer = await until("the gateway is unready", async () => {
    const found = await gateway.get("/readyz");
    return found.status === 503 ? found : undefined;
  }, { every: 100 });
  assertProblem(answer, 503, "not_ready");
  assertEquals(answer.body.not_ready.length, 1);
  assertEquals(answer.body.not_ready[0].reason, "mqtt_disconnected");
  assertStringIncludes(answer.body.not_ready[0].detail, String(site.broker.port));
  assertEquals((await gateway.get("/healthz")).status, 200);

  await site.broker.start();
  await site.database.start();
  await gateway.ready();
  await gateway.atRest(1);
});

Deno.test("with tokens each role reaches what it may and nothing else, and every refusal is a problem document", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const tokens = Object.fromEntries(
    ["viewer", "operator", "admin"].map((
      role,
    ) => [role, formatToken(crypto.getRandomValues(new Uint8Array(32)))]),
  );
  const gateway = site.use(await GatewayProcess.create({ config: {} }));
  await gateway.configure(siteConfig(site.broker.url(), undefined, {
    api: {
      listen: `127.0.0.1:${gateway.port}`,
      tokens: Object.entries(tokens).map(([role, token]) => ({ name: role, role, hash: hashToken(token) })),
    },
  }));
  await gateway.start();
  await gateway.ready();
  const as = (role: string, path: string): Promise<Answer> =>
    gateway.get(path, { headers: { authorization: `Bearer ${tokens[role]}` } });

  assertEquals((await gateway.get("/healthz")).status, 200);
  for (const path of ["/api/v1/status", "/api/v1/ledger", "/api/v1/quarantine", "/metrics", "/"]) {
    const refused = await gateway.get(path);
    assertProblem(refused, 401, "unauthenticated");
    assertMatch(refused.headers.get("www-authenticate") ?? "", /^Bearer /);
    for (const role of Object.keys(tokens)) {
      assertEquals((await as(role, path)).status, 200, `${role} ${path}`);
    }
  }
  const stranger = await gateway.get("/api/v1/status", {
    headers: { authorization: "Bearer sluice_unknown" },
  });
  assertProblem(stranger, 401, "unauthenticated");
  assertProblem(await as("viewer", "/api/v1/config"), 403, "forbidden");
  assertProblem(await as("operator", "/api/v1/config"), 403, "forbidden");
  const config = await as("admin", "/api/v1/config");
  assertEquals(config.status, 200);
  for (const token of Object.values(tokens)) assertEquals((await gateway.stdout()).includes(token), false);
  assertProblem(await gateway.get("/api/v1/nothing"), 404, "not_found");
  assertProblem(await gateway.get("/healthz", { method: "POST" }), 405, "method_not_allowed");
});
