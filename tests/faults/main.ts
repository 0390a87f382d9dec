/**
 * Runs every scenario of this folder and prints the table.
 *
 *     deno task test:faults                 all of them
 *     deno task test:faults --filter disk   those whose names hold a word (or match a /pattern/)
 *     deno task test:faults --write         also puts the table into README.md beside this file
 * @module
 */
import { putTable } from "./kit/readme.ts";
import type { ScenarioResult } from "./kit/scenario.ts";
import { tableOf } from "./kit/table.ts";

const HERE = new URL(".", import.meta.url).pathname;

const write = Deno.args.includes("--write");
const passed = Deno.args.filter((argument) => argument !== "--write");
const rows = await Deno.makeTempFile({ prefix: "sluice_fault_rows_" });
const began = performance.now();
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--parallel", ...passed, HERE],
  env: { SLUICE_FAULTS: "all", SLUICE_FAULT_ROWS: rows, DENO_JOBS: Deno.env.get("DENO_JOBS") ?? "2" },
}).spawn().status;

const results = (await Deno.readTextFile(rows)).split("\n").filter((line) => line !== "")
  .map((line): ScenarioResult => JSON.parse(line))
  .sort((a, b) => a.scenario.localeCompare(b.scenario, "en"));
await Deno.remove(rows);
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
