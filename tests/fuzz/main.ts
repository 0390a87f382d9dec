/**
 * The longer run: `deno task test:fuzz --payloads 20000000 --seed 7`. Ends with 1 where a promise is broken, and with
 * a file that replays it.
 * @module
 */
import { parseArgs } from "node:util";
import { Finding, FORMATS, fuzz } from "./kit/mod.ts";
import { report } from "./report.ts";

const USAGE = `deno task test:fuzz [--payloads N] [--seed S] [--formats ${FORMATS.join(",")}]`;

/** Writes to the terminal, all of it. */
async function say(
  text: string,
  to: { write(bytes: Uint8Array): Promise<number> } = Deno.stdout,
): Promise<void> {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

const { values } = parseArgs({
  args: Deno.args,
  options: {
    payloads: { type: "string", default: "5000000" },
    seed: { type: "string", default: String(1 + Math.floor(Math.random() * 1e6)) },
    formats: { type: "string", default: FORMATS.join(",") },
  },
});
const [payloads, seed] = [Number(values.payloads), Number(values.seed)];
const names = values.formats.split(",");
const strange = names.find((name) => !FORMATS.some((format) => format === name));
if (![payloads, seed].every((one) => Number.isSafeInteger(one) && one > 0) || strange !== undefined) {
  await say(
    `--payloads is "${values.payloads}", --seed "${values.seed}", --formats "${values.formats}"; ` +
      `allowed are whole numbers above 0 and formats of this list\n${USAGE}`,
    Deno.stderr,
  );
  Deno.exit(2);
}
await say(`${payloads.toLocaleString("en")} payloads, --seed ${seed}`);
const started = performance.now();
try {
  const run = await fuzz({ formats: FORMATS.filter((format) => names.includes(format)), payloads, seed });
  const seconds = (performance.now() - started) / 1_000;
  const rate = Math.round(payloads / seconds).toLocaleString("en");
  await say(report(run));
  await say(`  ${rate} payloads/s over all, ${Math.round(seconds)} s`);
  await say("No exception escaped, every book is balanced.");
} catch (error) {
  if (!(error instanceof Finding)) throw error;
  await say(error.message, Deno.stderr);
  Deno.exit(1);
}
