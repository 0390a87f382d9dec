import { assert, assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { GatewayProcess } from "../support/gateway_process.ts";
import { HttpReceiver, type Received } from "../support/http_receiver.ts";
import { connectPublisher } from "../support/publisher.ts";
import { siteConfig } from "../support/river_site.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { until } from "../support/until.ts";

const SECRET = "planted-hook-secret";

/** The signature as a receiver checks it, written from the README and not with the gateway's code. */
function signed(request: Received): boolean {
  const timestamp = request.headers.get("x-sluice-timestamp");
  const hmac = createHmac("sha256", SECRET).update(`${timestamp}.${request.text}`).digest("hex");
  return request.headers.get("x-sluice-signature") === `sha256=${hmac}` &&
    Math.abs(Number(timestamp) - Date.now() / 1_000) < 300;
}

Deno.test("an alert is one signed POST when it fires and one when it resolves, and outlives a kill in between", async () => {
  await using stack = new AsyncDisposableStack();
  const broker = await startMosquitto();
  if (broker === undefined) return;
  stack.defer(() => broker.remove());
  const hook = new HttpReceiver(() => new Response(null, { status: 204 }));
  stack.defer(() => hook.close());
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  await Deno.writeTextFile(`${gateway.folder}/hook`, SECRET);
  await gateway.configure(siteConfig(broker.url(), undefined, {
    notifiers: { ops: { webhook: { url: `${hook.url}/hook`, secret_file: `${gateway.folder}/hook` } } },
    alerts: [{
      name: "hot",
      field: "temperature",
      above: 80,
      clear: 75,
      severity: "critical",
      notify: ["ops"],
    }],
  }));
  await gateway.start();
  await gateway.ready();
  const device = await connectPublisher(broker.url());
  stack.defer(() => device.close());
  const now = Date.now() - 10_000;
  const say = (seq: number, temperature: number): Promise<void> =>
    device.publish("site/north/climate/c1", JSON.stringify({ ts: now + seq, seq, temperature }));
  const posts = (transition: string): Received[] =>
    hook.writes.filter((request) => JSON.parse(request.text).transition === transition);
  const keys = (transition: string): string[] => [
    ...new Set(posts(transition).map((request) => request.headers.get("idempotency-key") ?? "")),
  ];

  await say(1, 79);
  await say(2, 81);
  await say(3, 90);
  await until("the alert is posted", () => hook.writes.length > 0, { every: 10 });
  await say(4, 78);
  await until("all of it is processed", async () => (await gateway.ledger()).messages.processed === 4, {
    every: 50,
  });
  assertEquals(hook.writes.length, 1);
  const [fired] = posts("firing");
  assert(fired !== undefined && signed(fired), "the signature is valid");
  const news = JSON.parse(fired.text);
  assertEquals([news.rule, news.device, news.severity, news.value, news.limit], [
    "hot",
    "c1",
    "critical",
    81,
    "80",
  ]);
  assertEquals([news.id, news.fired_at], [keys("firing")[0], new Date(now + 2).toISOString()]);

  await gateway.kill();
  await gateway.start();
  await gateway.ready();
  const { items } = (await gateway.get("/api/v1/alerts?state=firing")).body;
  assertEquals(items.map((alert: { rule: string; device: string }) => [alert.rule, alert.device]), [[
    "hot",
    "c1",
  ]]);
  await say(5, 95);
  await say(6, 70);
  await until("the end is posted", () => posts("resolved").length > 0, { every: 10, timeout: 20_000 });
  await say(7, 60);
  await until("all of it is processed", async () => (await gateway.ledger()).messages.processed === 7, {
    every: 50,
  });
  assertEquals([keys("firing").length, keys("resolved").length, posts("resolved").length], [1, 1, 1]);
  assert(hook.writes.every(signed));
  assertEquals(JSON.parse(posts("resolved")[0]?.text ?? "{}").fired_at, news.fired_at);
  assertEquals((await gateway.stdout() + await gateway.stderr()).includes(SECRET), false);
  assertEquals(await gateway.stop(), 0);
});
