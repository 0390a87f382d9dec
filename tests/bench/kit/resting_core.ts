import { denoIo } from "../../../src/cli/mod.ts";
import { type Core, openCore } from "../../../src/gateway/core.ts";
import { machine } from "../../../src/gateway/mod.ts";
import { makeTelemetry } from "../../../src/gateway/telemetry.ts";
import { Lifecycle } from "../../../src/lifecycle.ts";
import type { Rules } from "../../../src/model/mod.ts";
import { loadedConfig } from "./loaded_config.ts";

/** A gateway's inside without its two ends: data folder, inbox, river, outbox. */
export interface RestingCore {
  readonly core: Core;
  readonly rules: Rules;
}

/**
 * Opens the data folder of a configuration as the gateway would, and starts nothing. It is never closed: whoever
 * opened it is killed, as a gateway may be.
 */
export async function openRestingCore(configPath: string): Promise<RestingCore> {
  const { config, rules } = await loadedConfig(configPath);
  const ports = machine((line) => denoIo().stderr(`${line}\n`), false);
  return { core: await openCore(config, rules, ports, new Lifecycle(), makeTelemetry(config, ports)), rules };
}
