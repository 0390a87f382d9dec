/**
 * Learning at a broker that is not the gateway's own.
 * @module
 */
import { assertEquals } from "@std/assert";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { connectPublisher } from "../support/publisher.ts";
import { siteProfiles } from "../support/river_site.ts";
import { until } from "../support/until.ts";

const PATIENCE = { timeout: 60_000, every: 50 };

Deno.test("a gateway that learns takes each message once, and stops listening when it is told to", async () => {
  const broker = await startMosquitto();
  if (broker === undefined) return;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => broker.remove());
  const config: Section = {
    mqtt: { url: broker.url(), session_expiry: "1h" },
    subscriptions: [{ topic: "site/{site}/climate/{device}", profile: "thermo-hygrometer" }],
    notifiers: { bus: { mqtt: { topic: "told/{device}" } } },
    alerts: [{ name: "warm", field: "temperature", above: 20, notify: ["bus"] }],
  };
  const gateway = stack.use(
    await GatewayProcess.start({ config: { ...config, learn: true }, profiles: await siteProfiles() }),
  );
  const device = await connectPublisher(broker.url());
  stack.defer(() => device.close());
  const publish = async (topic: string): Promise<void> => {
    for (let n = 0; n < 6; n++) {
      await device.publish(topic, JSON.stringify({ ts: Date.now(), temperature: 20.5 + n }));
    }
  };
  await publish("site/a/climate/d1");
  await publish("hall/oven-1");
  const items = await until("it is learned", async () => {
    const { body } = await gateway.get("/api/v1/learned");
    return body.items.some(({ state }: { state: string }) => state === "proposed") && body.items;
  }, { ...PATIENCE, state: () => gateway.stderr() });
  assertEquals(items.map(({ topic }: { topic: string }) => topic), ["hall/{device}"]);
  await until("all is counted, its own alert too", async () => {
    const { messages } = await gateway.ledger();
    return messages.processed === 6 && messages.filtered === 7;
  }, { ...PATIENCE, state: () => gateway.ledger() });

  assertEquals(await gateway.stop(), 0);
  await gateway.configure(config);
  await gateway.start();
  await gateway.ready();
  await gateway.logged("mqtt_unsubscribed");
  await publish("hall/oven-1");
  await publish("site/a/climate/d1");
  await until("what is subscribed to is processed", async () => {
    return (await gateway.ledger()).messages.processed === 12;
  }, { ...PATIENCE, state: () => gateway.ledger() });
  const { messages } = await gateway.ledger();
  assertEquals([messages.received, messages.filtered], [19, 7]);
  assertEquals((await gateway.get("/api/v1/learned")).body.items, []);
});
