import { basename, dirname, normalize } from "node:path";
import { type ConfigSources, loadConfig, renderProblem } from "../../../src/config/mod.ts";

/** Sources out of a map of files; a missing one rejects as Deno does. */
export function memorySources(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): ConfigSources {
  return {
    readText(path): Promise<string> {
      const text = files[normalize(path)];
      return text === undefined ? Promise.reject(new Deno.errors.NotFound(path)) : Promise.resolve(text);
    },
    listFiles(folder): Promise<string[]> {
      const names = Object.keys(files).filter((path) => dirname(path) === normalize(folder)).map((path) =>
        basename(path)
      );
      return names.length === 0 ? Promise.reject(new Deno.errors.NotFound(folder)) : Promise.resolve(names);
    },
    env: (name) => env[name],
    hostName: () => "edge-7",
  };
}

/** Two lines that every configuration needs; what a test adds begins in line 3. */
export const SUBSCRIPTION = `subscriptions:
  - { topic: "site/{device}/telemetry", profile: room }
`;

/** A profile with nothing special. */
export const ROOM = `profile: room
fields:
  temperature: { type: float }
  door: { type: boolean }
`;

/** A small configuration with what a test adds. */
export function small(extra: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { "gateway.yaml": SUBSCRIPTION + extra, "devices/profiles/room.yaml": ROOM, ...more };
}

/** The rendered problems, or `["valid"]` followed by the warnings. */
export async function judged(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const loaded = await loadConfig("gateway.yaml", memorySources(files, env));
  return loaded.ok ? ["valid", ...loaded.warnings.map(renderProblem)] : loaded.problems.map(renderProblem);
}
