import { parseLines } from "../../devices/simulator/mod.ts";
import { cli } from "./cli_process.ts";
import type { GatewayProcess } from "./gateway_process.ts";
import { PointTable, seriesKey } from "./oracle.ts";

/** What `replay --json` says at its end, with its exit code. */
export interface Replayed {
  readonly code: number;
  readonly stderr: string;
  readonly first: number;
  readonly last: number;
  readonly messages: Readonly<Record<string, number>>;
  readonly points: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, { readonly firing: number; readonly resolved: number }>>;
  readonly left_out: { readonly edge: number; readonly open: number };
  readonly lost: { readonly records: number; readonly gaps: number };
  readonly unchecked: number;
}

/** Runs `replay` on a gateway's data folder as a process of its own, under its configuration. */
export async function replayed(gateway: GatewayProcess, ...more: readonly string[]): Promise<Replayed> {
  const result = await cli(
    "replay",
    "--config",
    gateway.configPath,
    "--from",
    gateway.dataDir,
    "--json",
    ...more,
  );
  const { summary } = result.stdout === "" ? { summary: {} } : result.lines.at(-1);
  return { code: result.code, stderr: result.stderr, ...summary };
}

/** Runs `replay --dry-run`, and reads the lines that it prints back with a strict parser. */
export async function dryRun(gateway: GatewayProcess, ...more: readonly string[]): Promise<PointTable> {
  const args = ["--config", gateway.configPath, "--from", gateway.dataDir, "--dry-run", ...more];
  const { code, stdout, stderr } = await cli("replay", ...args);
  if (code !== 0) throw new Error(`replay ended with ${code}: ${stderr}`);
  const table = new PointTable();
  for (const { measurement, tags, fields, timestamp } of parseLines(stdout)) {
    for (const { name, value } of fields) table.set(seriesKey(measurement, tags), timestamp, name, value);
  }
  return table;
}
