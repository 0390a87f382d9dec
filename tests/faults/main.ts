/**
 * Runs every scenario of this folder and prints the table.
 *
 *     deno task test:faults                 all of them
 *     deno task test:faults --filter disk   those whose names hold a word (or match a /pattern/)
 *     deno task test:faults --write         also puts the table into README.md beside this file
 *
 * With SLUICE_FAULT_ROWS=FILE the rows are kept in a file, and those of an earlier run that are in it count too, unless
 * the scenario was run again.
 * @module
 */
import { putTable } from "./kit/readme.ts";
import type { ScenarioResult } from "./kit/scenario.ts";
import { tableOf } from "./kit/table.ts";

const HERE = new URL(".", import.meta.url).pathname;

const write = Deno.args.includes("--write");
const passed = Deno.args.filter((argument) => argument !== "--write");
const kept = Deno.env.get("SLUICE_FAULT_ROWS");
const rows = kept ?? await Deno.makeTempFile({ prefix: "sluice_fault_rows_" });
const began = performance.now();
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--parallel", ...passed, HERE],
  env: { SLUICE_FAULTS: "all", SLUICE_FAULT_ROWS: rows, DENO_JOBS: Deno.env.get("DENO_JOBS") ?? "2" },
}).spawn().status;

const latest = new Map(
  (await Deno.readTextFile(rows)).split("\n").filter((line) => line !== "")
    .map((line): ScenarioResult => JSON.parse(line))
    .map((result) => [result.scenario, result]),
);
const results = [...latest.values()].sort((a, b) => a.scenario.localeCompare(b.scenario, "en"));
if (kept === undefined) await Deno.remove(rows);
const failed = results.filter((result) => result.failure !== undefined).length;
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
const table = tableOf(results);
await say(`\n${table}\n\n${results.length} scenarios, ${failed} failed, ${minutes} minutes\n`);
if (write) await putTable(`${HERE}README.md`, table, results.length);
Deno.exit(code);

async function say(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
