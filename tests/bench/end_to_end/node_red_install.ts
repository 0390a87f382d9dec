import { tell } from "../../support/child_process.ts";
import { needService } from "../../support/services.ts";

/** What is compared with; the folder is named after it, so another version is installed beside. */
const NODE_RED = "4.1.15";
const INFLUXDB_NODES = "0.7.0";

/** An installed Node-RED. */
export interface NodeRed {
  /** The program that runs it. */
  readonly node: string;
  /** Its main script. */
  readonly script: string;
}

/**
 * Finds Node-RED in a folder among the temporary files, or installs it there with npm: later runs find it.
 *
 * @returns `undefined` where there is no node, no npm or no registry (the reason is printed)
 */
export async function installedNodeRed(): Promise<NodeRed | undefined> {
  const node = needService("node");
  const npm = needService("npm");
  if (node === undefined || npm === undefined) return undefined;
  const temp = Deno.env.get("TMPDIR") ?? "/tmp";
  const folder = `${temp}/sluice_bench_node_red_${NODE_RED}_${INFLUXDB_NODES}`;
  const script = `${folder}/node_modules/node-red/red.js`;
  if (await exists(script)) return { node, script };
  await tell(`Node-RED ${NODE_RED} is installed in ${folder} for this and later runs`);
  // Beside its place, then renamed: a run that is broken off leaves nothing that looks whole.
  const half = await Deno.makeTempDir({ dir: temp, prefix: "sluice_bench_node_red_half_" });
  const { success, stderr } = await new Deno.Command(npm, {
    args: [
      ...["install", "--prefix", half, "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"],
      ...[`node-red@${NODE_RED}`, `node-red-contrib-influxdb@${INFLUXDB_NODES}`],
    ],
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) {
    await Deno.remove(half, { recursive: true });
    await tell(
      `skipped: npm did not install Node-RED: ${new TextDecoder().decode(stderr).split("\n", 4).join("; ")}`,
    );
    return undefined;
  }
  await Deno.rename(half, folder);
  return { node, script };
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
