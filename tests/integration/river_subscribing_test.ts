/**
 * Ready means that nothing goes by any more: the broker has answered the subscriptions.
 * @module
 */
import { assertEquals } from "@std/assert";
import { GatewayProcess } from "../support/gateway_process.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { MqttProxy } from "../support/mqtt_proxy.ts";
import { siteConfig, siteProfiles } from "../support/river_site.ts";
import { until } from "../support/until.ts";

Deno.test("a gateway is not ready before the broker has answered its subscriptions, each of them", async () => {
  const broker = await startMosquitto();
  if (broker === undefined) return;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => broker.remove());
  const proxy = stack.use(await MqttProxy.open(broker.port));
  // Filters that overlap are asked for one after the other.
  const topics = ["site/{site}/climate/{device}", "site/yard/+/{device}"];
  let answers = 0;
  proxy.rule = ({ cmd }, id) => cmd === "suback" && id === "sluice-test" && ++answers > 0 ? "hold" : "pass";
  const config = siteConfig(proxy.url, undefined, {
    subscriptions: topics.map((topic) => ({ topic, profile: "thermo-hygrometer" })),
  });
  const gateway = stack.use(await GatewayProcess.create({ config, profiles: await siteProfiles() }));
  await gateway.start();
  for (const filter of ["site/+/climate/+", "site/yard/+/+"]) {
    await until("an answer is on its way", () => proxy.held === 1, {
      timeout: 30_000,
      state: () => gateway.stderrNow(),
    });
    const { status, body } = await gateway.get("/readyz");
    assertEquals(status, 503);
    const pending = body.not_ready.map(({ reason }: { reason: string }) => reason);
    assertEquals(new Set(pending), new Set(["subscription_pending"]));
    assertEquals(
      body.not_ready[0].detail,
      `The broker has not answered the subscription "${filter}" yet`,
    );
    proxy.release();
  }
  await gateway.ready();
  assertEquals(answers >= 2, true);
});
