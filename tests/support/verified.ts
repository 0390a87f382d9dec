import { cli } from "./cli_process.ts";
import type { GatewayProcess } from "./gateway_process.ts";

/** A row that differs, as `verify --json` tells it. */
export interface Differing {
  readonly device: string;
  readonly measurement: string;
  readonly day: string;
  readonly difference: number;
  readonly sums: string;
  readonly sum_expected: number | null;
  readonly sum_found: number;
}

/** What `verify --json` says, with its exit code. */
export interface Verified {
  readonly code: number;
  readonly verdict: string;
  readonly text: string;
  readonly expected_least: number;
  readonly expected_most: number;
  readonly found: number;
  readonly rows: number;
  readonly sums_compared: number;
  readonly differences: readonly Differing[];
  readonly foreign: { readonly devices: number; readonly values: number };
  readonly skipped: readonly string[];
  readonly notes: readonly string[];
}

/** Runs `verify` on a gateway as a process of its own. */
export async function verified(gateway: GatewayProcess, ...more: readonly string[]): Promise<Verified> {
  const own = more.includes("--patience") ? [] : ["--patience", "3s"];
  const result = await cli("verify", "--config", gateway.configPath, "--json", ...own, ...more);
  if (result.stderr !== "") throw new Error(`verify ended with ${result.code}: ${result.stderr}`);
  return { code: result.code, ...result.lines[0] };
}

/** Device, measurement and difference of each row that differs. */
export function differing({ differences }: Verified): (readonly [string, string, number])[] {
  return differences.map(({ device, measurement, difference }) => [device, measurement, difference]);
}
