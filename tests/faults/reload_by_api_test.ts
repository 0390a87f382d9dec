/** Another configuration by the API under load: good files, bad ones, several callers at once. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { hashToken } from "../../src/api/mod.ts";
import type { Answer, GatewayProcess } from "../support/gateway_process.ts";
import { until } from "../support/until.ts";
import { scenario, Stand } from "./kit/mod.ts";

const TOKEN = "sluice_reload-by-api";
const API = { api: { tokens: [{ name: "ops", role: "admin", hash: hashToken(TOKEN) }] } };
/** A rule that changes nothing of what is written. */
const HOT = { ...API, alerts: [{ name: "hot", field: "temperature", above: 80 }] };
const BAD = { ...API, alerts: [{ name: "cold", field: "temperature", belov: 3 }] };

scenario(
  "reload by the API under load with good files and bad ones",
  { shows: ["P2", "P3"], always: true },
  async () => {
    await using stand = await Stand.open(67, {
      load: { each: 200, pace: 2_500 },
      config: API,
      stopped: true,
    });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    gateway.token = TOKEN;
    await gateway.start();
    await gateway.ready();
    const publishing = load.publish(stand.share);
    for (let turn = 1; turn <= 5; turn++) {
      await until("the load is on its way", () => load.acknowledged > stand.share * (turn - 1) / 6, {
        every: 5,
      });
      await stand.configure(HOT);
      assertEquals(await changes(reload(gateway)), ["alerts.hot added"]);
      assertEquals(await inForce(gateway), ["hot"]);

      await stand.configure(BAD);
      const refused = await reload(gateway);
      assertEquals([refused.status, refused.body.reason], [422, "config_invalid"]);
      const [error] = refused.body.errors;
      assertEquals([error.in, error.file, error.name], ["file", gateway.configPath, "alerts[0].belov"]);
      assert(error.line > 1 && error.column >= 1);
      assertMatch(error.detail, /Unknown key.*below/);
      assertEquals(await inForce(gateway), ["hot"], "the one in force stays");

      await stand.configure(API);
      // Several at once: each reads the file when its turn comes, so the first changes it and the others nothing.
      const all = await Promise.all([1, 2, 3, 4].map(() => changes(reload(gateway))));
      assertEquals(all.filter((one) => one.length > 0), [["alerts.hot removed"]]);
      assertEquals(await inForce(gateway), []);
    }
    await publishing;
    stand.faultOver();
    const { items } = (await gateway.get("/api/v1/audit?limit=500")).body;
    const told = (action: string): number =>
      items.filter((item: { action: string; actor: string }) =>
        item.action === action && item.actor === "ops"
      )
        .length;
    assertEquals([told("config_reloaded"), told("config_refused")], [25, 5]);
    return await stand.accounted("5 good, 5 bad, 5 back by four callers at once");
  },
);

function reload(gateway: GatewayProcess): Promise<Answer> {
  return gateway.get("/api/v1/config/reload", { method: "POST", signal: AbortSignal.timeout(60_000) });
}

async function changes(asked: Promise<Answer>): Promise<string[]> {
  const { status, text, body } = await asked;
  assertEquals(status, 200, text);
  return body.differences.map(({ path, change }: { path: string; change: string }) => `${path} ${change}`);
}

async function inForce(gateway: GatewayProcess): Promise<string[]> {
  const { items } = (await gateway.get("/api/v1/rules")).body;
  return items.map((item: { rule?: { name: string }; name?: string }) => item.rule?.name ?? item.name);
}
