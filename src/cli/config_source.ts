import { type GatewayConfig, loadConfig } from "../config/mod.ts";
import type { ConfigSource, ReadConfig } from "../gateway/mod.ts";
import type { CliIo } from "./io.ts";
import { overlaid } from "./overlay.ts";

/** The configuration file of this process, read anew each time. */
export function configSource(path: string, io: CliIo): ConfigSource {
  return {
    read(text): Promise<ReadConfig> {
      return readConfig(
        path,
        text === undefined ? io : { ...io, sources: overlaid(io.sources, [{ path, text }]) },
      );
    },
  };
}

/** Reads a configuration as this process would run with it. Never throws for a wrong one. */
export async function readConfig(path: string, io: CliIo): Promise<ReadConfig> {
  const loaded = await loadConfig(path, io.sources);
  if (!loaded.ok) return { problems: loaded.problems };
  return { ...loaded, config: forTerminal(loaded.config, io) };
}

/** At a terminal the log is text for people, unless the file asks for something else. */
export function forTerminal(config: GatewayConfig, io: Pick<CliIo, "isTerminal">): GatewayConfig {
  return io.isTerminal ? { ...config, log: { ...config.log, format: "text" } } : config;
}
