import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer, GatewayProcess } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

type Step = { step: string; outcome: string; text: string; facts: Record<string, string> };

async function explained(
  gateway: GatewayProcess,
  body: unknown,
): Promise<{ steps: Step[]; points: string[] }> {
  const headers = { "content-type": "application/json", "x-sluice-request": "page" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const answer: Answer = await gateway.get("/api/v1/explain", init);
  assertEquals(answer.status, 200, answer.text);
  return answer.body;
}

Deno.test("a reading of the past is followed to its block and the database's answer, as far as that is known", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const config = siteConfig(site.broker.url(), influx1(site.database), {
    buffer: { max_bytes: "256MiB", archive: "1h" },
  });
  const gateway = await site.gateway({ config });
  const device = await connectPublisher(site.broker.url());
  const at = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;
  for (const power of [10, 20]) {
    await device.publish("site/a/power/m1", JSON.stringify({ time: at / 1_000 + power / 10, power }));
  }
  await device.publish("site/a/power/m1", JSON.stringify({ time: at / 1_000 + 30, power: 2_000_000 }));
  await device.close();
  const time = new Date(at + 1_000).toISOString();
  const wish = { device: "m1", time, field: "power" };
  const seen: string[] = [];
  const known = await until("the reading is in the database", async () => {
    const answer = await explained(gateway, wish);
    const last = answer.steps.at(-1);
    seen.push(`${last?.step} ${last?.outcome} ${last?.text}`);
    return last?.step === "database" && last.outcome === "ok" ? answer : undefined;
  }, { timeout: 60_000, every: 200, state: () => seen.at(-1) });
  assertEquals(known.steps.map(({ step }) => step), [
    ...["found", "subscription", "device", "decoded", "field", "window", "block", "database"],
  ]);
  const [found] = known.steps;
  assertEquals([found?.outcome, found?.facts.from, found?.facts.time], ["ok", "inbox", time]);
  assertEquals(known.points.length, 1);
  assertStringIncludes(known.points[0] ?? "", `power_mean=15`);
  assertStringIncludes(known.points[0] ?? "", ` ${at}000000`);
  const block = known.steps.find(({ step }) => step === "block");
  assertEquals(Number(block?.facts.position) >= 1 && Number(block?.facts.bytes) > 0, true);

  // What is near is found, and told to be so; what was refused says why.
  const near = await explained(gateway, { ...wish, time: new Date(at + 1_400).toISOString() });
  assertEquals([near.steps[0]?.outcome, near.steps[0]?.facts.time], ["info", time]);
  const nothing = await explained(gateway, { ...wish, device: "m9" });
  assertEquals([nothing.steps.length, nothing.steps[0]?.facts.from], [1, "none"]);
  assertStringIncludes(nothing.steps[0]?.text ?? "", 'No device "m9" is known');

  // A new process has no memory of blocks; the message is still there, and it says just that.
  await gateway.kill();
  await gateway.start();
  await gateway.ready();
  const later = await explained(gateway, wish);
  const { step, outcome, text } = later.steps.at(-1) ?? { step: "", outcome: "", text: "" };
  if (step === "block") assertEquals([outcome, later.points], ["info", []]);
  else assertEquals([step, outcome], ["database", "ok"], "sent again after the crash");
  assertEquals(later.steps[0]?.facts.position, found?.facts.position, text);
});
