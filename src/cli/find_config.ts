import type { ConfigSources } from "../config/mod.ts";
import { CONFIG } from "./args.ts";

/** Where the configuration is that grows out of nothing: the only place that `deno task start` may write to. */
export const GROWN_CONFIG = "data/gateway.yaml";

/** Where a configuration is looked for where none is named, in this order. */
export const SEARCHED: readonly string[] = [CONFIG, "/etc/sluice/gateway.yaml", GROWN_CONFIG];

/**
 * The configuration file where none is named: the first that is there. One that is there and cannot be read is that one,
 * so that whoever loads it says why.
 *
 * @returns `undefined` where there is none at all
 */
export async function findConfig(sources: Pick<ConfigSources, "readText">): Promise<string | undefined> {
  for (const path of SEARCHED) if (await isThere(path, sources)) return path;
  return undefined;
}

/** The configuration file that an option names, else the one that is found, else the first place to look. */
export async function configOf(
  named: string | undefined,
  sources: Pick<ConfigSources, "readText">,
): Promise<string> {
  return named ?? await findConfig(sources) ?? CONFIG;
}

/** Whether something stands at a path, readable or not. Where one may not even look, nothing does. */
export async function isThere(path: string, sources: Pick<ConfigSources, "readText">): Promise<boolean> {
  try {
    await sources.readText(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && ["NotFound", "NotCapable", "NotADirectory"].includes(error.name));
  }
}
