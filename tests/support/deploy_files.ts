import { parse } from "yaml";
import { type GatewayConfig, loadConfig, renderProblem } from "../../src/config/mod.ts";
import type { Rules } from "../../src/model/mod.ts";

/** The checkout. */
export const ROOT: string = new URL("../../", import.meta.url).pathname;
/** What an installation is made of. */
export const DEPLOY: string = `${ROOT}deploy/`;

/** A document of YAML or JSON, as deep as a test looks into it. */
// deno-lint-ignore no-explicit-any -- a test reads foreign formats without their types
export type Document = any;

/** Reads a file of deploy/. */
export async function text(path: string): Promise<string> {
  return await Deno.readTextFile(`${DEPLOY}${path}`);
}

/** Reads a file of deploy/ as YAML, of which JSON is a part. */
export async function document(path: string): Promise<Document> {
  return parse(await text(path));
}

/** Whether a path below deploy/ exists. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(`${DEPLOY}${path}`).then(() => true, () => false);
}

/**
 * Loads a configuration as it is loaded where it is installed.
 *
 * @param yaml its text
 * @param env the environment there
 * @param secrets texts of the files that the installation puts there, by path
 * @throws Error with every problem, warnings among them
 */
export async function loadInstalled(
  yaml: string,
  env: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Promise<{ config: GatewayConfig; rules: Rules }> {
  const here = (path: string): string => path.replace(/^\/app\//, ROOT);
  const loaded = await loadConfig("/etc/sluice/gateway.yaml", {
    readText(path): Promise<string> {
      if (path === "/etc/sluice/gateway.yaml") return Promise.resolve(yaml);
      const secret = secrets[path];
      return secret === undefined ? Deno.readTextFile(here(path)) : Promise.resolve(secret);
    },
    listFiles: (folder) => Array.fromAsync(Deno.readDir(here(folder)), (entry) => entry.name),
    env: (name) => env[name],
    hostName: () => "edge-7",
  });
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (!loaded.ok || problems.length > 0) throw new Error(problems.map(renderProblem).join("\n"));
  return loaded;
}

/** The fields that a profile's points have, by measurement: what a dashboard can ask for. */
export function outputs(rules: Rules): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { measurement, fields } of Object.values(rules.profiles)) {
    const names = found.get(measurement) ?? new Set<string>();
    found.set(measurement, names);
    for (const { name, downsample, tag } of fields) {
      if (tag === true) continue;
      const aggregates = downsample.kind === "window" ? downsample.aggregates : [];
      const plain = aggregates.length === 0 || (aggregates.length === 1 && aggregates[0] === "last");
      for (const field of plain ? [name] : aggregates.map((one) => `${name}_${one}`)) names.add(field);
    }
  }
  return found;
}
