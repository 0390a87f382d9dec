/**
 * The figures, each beside a baseline of the same run, so that they mean the same on any machine:
 * `deno task bench [--messages 200000] [--rounds 3]`. Rounds take turns and start every process anew.
 * @module
 */
import { parseArgs } from "node:util";
import { ChildProcess, tell } from "../support/child_process.ts";
import { DEVICES, PROFILES, siteConfig } from "../support/climate_site.ts";
import { GatewayProcess } from "../support/gateway_process.ts";
import { bareSubscriber, gateway, type GatewayRun, type Run, type Traffic } from "./end_to_end.ts";
import { endToEndRows, stageRows } from "./rows.ts";
import type { StageCosts } from "./stages.ts";
import { stagesDecodeValidate } from "./stages_decode_validate.ts";
import { median, tableText } from "./table.ts";

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      messages: { type: "string", default: "200000" },
      rounds: { type: "string", default: "3" },
    },
  });
  const [messages, rounds] = [Number(values.messages), Number(values.rounds)];
  const live: Taken = { bare: [], gateway: [] };
  const queued: Taken = { bare: [], gateway: [] };
  const stages: StageCosts[] = [];
  for (let round = 0; round < rounds; round++) {
    await both(messages, "live", live);
    await both(messages, "queued", queued);
    stages.push(await stagesOnce());
  }
  if (live.gateway.length > 0) {
    const points = median(live.gateway.map((run) => run.produced));
    await tell(`${messages} messages of ${DEVICES} devices, medians of ${rounds} rounds`);
    await tell(`${points} points of four values went to ${live.gateway[0]?.database} at the same time`);
    await tell("");
  }
  const whole = live.gateway.length > 0 ? endToEndRows(messages, live, queued) : [];
  for (const line of tableText([...whole, ...stageRows(stages)])) await tell(line);
  await tell("");
  const more: string[] = [];
  stagesDecodeValidate((line) => more.push(line));
  for (const line of more) await tell(line);
}

interface Taken {
  readonly bare: Run[];
  readonly gateway: GatewayRun[];
}

/** One run of each, where there is a broker. */
async function both(messages: number, traffic: Traffic, into: Taken): Promise<void> {
  const baseline = await bareSubscriber(messages, traffic);
  const run = await gateway(messages, traffic);
  if (baseline === undefined || run === undefined) return;
  into.bare.push(baseline);
  into.gateway.push(run);
}

async function stagesOnce(): Promise<StageCosts> {
  const config = siteConfig("mqtt://127.0.0.1:1883", 500);
  await using gateway = await GatewayProcess.create({ config, profiles: PROFILES });
  const process = new ChildProcess(new URL("./stages_process.ts", import.meta.url), await gateway.rules());
  try {
    return JSON.parse(await process.line());
  } finally {
    await process.end();
  }
}
