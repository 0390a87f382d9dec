import { assert, assertEquals } from "@std/assert";
import type { RuleTrial, Series, SeriesHistory, Sparklines } from "../../src/api/mod.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher, type Publisher } from "../support/publisher.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";

/** A gateway that is its own broker and has no database, and a device; gone with its end. */
class Plant implements AsyncDisposable {
  private constructor(readonly gateway: GatewayProcess, readonly device: Publisher, readonly url: string) {}

  static async open(more: Section = {}): Promise<Plant> {
    const port = freePort();
    const mqtt = { url: `embedded://127.0.0.1:${port}` };
    const gateway = await GatewayProcess.start({ config: siteConfig("", undefined, { mqtt, ...more }) });
    const url = `mqtt://127.0.0.1:${port}`;
    return new Plant(gateway, await connectPublisher(url, { protocol: 4 }), url);
  }

  /** Publishes a reading a second for the last so many seconds. */
  async publish(device: Publisher, values: readonly number[], end: number): Promise<void> {
    for (const [n, power] of values.entries()) {
      const time = end / 1_000 - values.length + n;
      await device.publish("site/north/power/p1", JSON.stringify({ time, power }));
    }
  }

  async series(): Promise<Series> {
    const { body } = await this.gateway.get("/api/v1/series?device=p1");
    const found = body.items.find(({ field }: Series) => field === "power");
    assert(found !== undefined, JSON.stringify(body));
    return found;
  }

  async past(more = ""): Promise<SeriesHistory> {
    const { id } = await this.series();
    const { status, text, body } = await this.gateway.get(`/api/v1/series/${id}/history?points=2000${more}`);
    assertEquals(status, 200, text);
    return body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device.close().catch(() => {});
    await this.gateway.remove();
  }
}

/** What all points of a history say together. */
function whole({ points }: SeriesHistory): { count: number; min: number; max: number; sum: number } {
  return {
    count: points.reduce((sum, { count }) => sum + count, 0),
    min: Math.min(...points.map(({ min }) => min ?? Infinity)),
    max: Math.max(...points.map(({ max }) => max ?? -Infinity)),
    sum: Math.round(points.reduce((sum, { count, mean }) => sum + count * (mean ?? NaN), 0)),
  };
}

const VALUES = Array.from({ length: 300 }, (_, n) => n === 200 ? 900 : n % 50);
const SUM = VALUES.reduce((sum, value) => sum + value, 0);
const ALL = { count: 300, min: 0, max: 900, sum: SUM };

Deno.test("without a database: readings are in the history at once, and after kill -9 each of them once", async () => {
  await using plant = await Plant.open();
  const { gateway } = plant;
  const end = Math.floor(Date.now() / 1_000) * 1_000;
  await plant.publish(plant.device, VALUES, end);
  await until("all are taken in", async () => (await gateway.ledger()).messages.processed === 300, {
    timeout: 30_000,
    every: 50,
  });
  const past = await plant.past();
  assertEquals(past.resolution_seconds, 10);
  assertEquals(whole(past), ALL);

  await gateway.kill();
  await gateway.start();
  await gateway.ready();
  assertEquals(whole(await plant.past()), ALL);

  // A second life, ended in order: nothing is taken in again, and what was written is there.
  assertEquals(await gateway.stop(), 0);
  await gateway.start();
  await gateway.ready();
  assertEquals(whole(await plant.past()), ALL);
  const day = await plant.past(`&from=${new Date(end - 86_400_000).toISOString()}`);
  assertEquals([day.resolution_seconds, whole(day)], [60, ALL]);
  assertEquals(await gateway.log("history_failed"), []);
  assertEquals((await gateway.ledger()).balanced, true);
});

Deno.test("a small line and a tried rule are drawn from it", async () => {
  await using plant = await Plant.open();
  const { gateway } = plant;
  const end = Math.floor(Date.now() / 1_000) * 1_000;
  await plant.publish(plant.device, VALUES, end);
  await until("all are taken in", async () => (await gateway.ledger()).messages.processed === 300, {
    timeout: 30_000,
    every: 50,
  });
  const lines: Sparklines = (await gateway.get("/api/v1/sparklines?device=p1,nobody")).body;
  assertEquals(lines.items.map(({ device, field, values }) => [device, field, values.length]), [
    ["p1", "power", 60],
  ]);
  const known = lines.items[0]?.values.filter((value) => value !== null) ?? [];
  assert(known.length >= 29 && Math.max(...known) > 50, JSON.stringify(known));

  const tryOut = async (rule: string): Promise<{ status: number; body: RuleTrial }> =>
    await gateway.get("/api/v1/rules/test", {
      method: "POST",
      headers: { "content-type": "application/json", "x-sluice-request": "page" },
      body: JSON.stringify({ rule }),
    });
  const { status, body } = await tryOut("name: strong\nfield: power\nabove: 500\n");
  assertEquals([status, body.total, body.series, body.resolution_seconds], [200, 1, 1, 10]);
  const [firing] = body.firings;
  assertEquals([firing?.device, firing?.field, firing?.value], ["p1", "power", 900]);
  const fired = Date.parse(firing?.fired_at ?? "");
  assert(Math.abs(fired - (end - 100_000)) <= 10_000, `${firing?.fired_at}`);
  assert(firing?.resolved_at !== null);
  const wrong = await tryOut("name: strong\nfield: powr\nabove: 500\n");
  assertEquals(wrong.status, 400);
  assert(JSON.stringify(wrong.body).includes('did you mean \\"power\\"'), JSON.stringify(wrong.body));
});

Deno.test("a damaged file is set aside, one that cannot be written is told of once, and the gateway is ready", async () => {
  await using plant = await Plant.open();
  const { gateway } = plant;
  assertEquals(await gateway.stop(), 0);
  await Deno.writeTextFile(`${gateway.dataDir}/history/history.db`, "no database ".repeat(1_000));
  await gateway.start();
  await gateway.ready();
  await gateway.logged("history_set_aside");
  assert((await Deno.stat(`${gateway.dataDir}/history/history.db.corrupt`)).isFile);
  const device = await connectPublisher(plant.url, { protocol: 4 });
  await plant.publish(device, VALUES.slice(0, 20), Math.floor(Date.now() / 1_000) * 1_000);
  await until("all are taken in", async () => (await gateway.ledger()).messages.processed === 20, {
    timeout: 30_000,
    every: 50,
  });
  assertEquals(whole(await plant.past()).count, 20);
  await device.close();

  // A file in the place of its folder: it cannot be written, and that is nobody's business but its own.
  assertEquals(await gateway.stop(), 0);
  await Deno.remove(`${gateway.dataDir}/history`, { recursive: true });
  await Deno.writeTextFile(`${gateway.dataDir}/history`, "");
  await gateway.start();
  await gateway.ready();
  await gateway.logged("history_failed");
  const { id } = await plant.series();
  const { status, headers } = await gateway.get(`/api/v1/series/${id}/history`);
  assertEquals([status, headers.get("retry-after")], [503, "5"]);
  assertEquals((await gateway.get("/readyz")).status, 200);
  assertEquals(await gateway.stop(), 0);
});
