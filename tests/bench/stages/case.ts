import { ChildProcess } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { typicalAlerts } from "../kit/typical_alerts.ts";
import { stageRows } from "./rows.ts";
import { RULES, type StageCosts } from "./stages.ts";

/** What each stage costs a message on one core. */
export const stages: BenchCase = {
  name: "stages",
  about: "each stage alone on one core; its share is of their sum",
  async measure({ rounds }) {
    const costs: StageCosts[] = [];
    for (let round = 0; round < rounds; round++) costs.push(await stagesOnce());
    return stageRows(costs);
  },
};

async function stagesOnce(): Promise<StageCosts> {
  const config = { ...siteConfig("mqtt://127.0.0.1:1883", 500), alerts: typicalAlerts(RULES) };
  await using gateway = await GatewayProcess.create({ config, profiles: PROFILES });
  const process = new ChildProcess(new URL("./stages_process.ts", import.meta.url), await gateway.rules());
  try {
    return JSON.parse(await process.line());
  } finally {
    await process.end();
  }
}
