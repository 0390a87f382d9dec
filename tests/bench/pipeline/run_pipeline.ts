import { V8_FLAGS } from "../../../src/cli/mod.ts";
import { ChildProcess } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess, type Section } from "../../support/gateway_process.ts";
import type { PipelineReport, PipelineTask } from "./pipeline_process.ts";

/** Runs it once in a fresh process, whose heap grows as the gateway's does. */
export async function runPipeline(
  task: Omit<PipelineTask, "configPath">,
  config: Section = {},
): Promise<PipelineReport> {
  await using site = await GatewayProcess.create({
    config: { ...siteConfig("mqtt://127.0.0.1:1883", 500), ...config },
    profiles: PROFILES,
  });
  const whole: PipelineTask = { ...task, configPath: site.configPath };
  const script = new URL("./pipeline_process.ts", import.meta.url);
  const child = new ChildProcess(script, whole, [`${V8_FLAGS},--expose-gc`]);
  try {
    return JSON.parse(await child.line());
  } finally {
    await child.end();
  }
}
