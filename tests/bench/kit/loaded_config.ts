import { denoIo } from "../../../src/cli/mod.ts";
import { type GatewayConfig, loadConfig } from "../../../src/config/mod.ts";
import type { Rules } from "../../../src/model/mod.ts";

/** Reads a configuration as the gateway would. @throws where it is wrong */
export async function loadedConfig(path: string): Promise<{ config: GatewayConfig; rules: Rules }> {
  const loaded = await loadConfig(path, denoIo().sources);
  if (!loaded.ok) throw new Error(`The bench's configuration is wrong: ${JSON.stringify(loaded.problems)}`);
  return { config: loaded.config, rules: loaded.rules };
}
