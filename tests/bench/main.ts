/**
 * The figures, each beside a baseline of the same run, so that they mean something on any machine:
 * `deno task bench [--only NAME,NAME] [--rounds 3] [--quick] [--check] [--keep] [--ratios FILE]
 * [--markdown FILE]`. Rounds take turns and start every process anew.
 * @module
 */
import { parseArgs } from "node:util";
import { tell } from "../support/child_process.ts";
import { CASES } from "./cases.ts";
import { checkRatios, keepRatios, keptRatios, RATIOS } from "./kit/ratios.ts";
import { type Row, tableMarkdown, tableText } from "./kit/table.ts";

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      only: { type: "string" },
      rounds: { type: "string", default: "3" },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      ratios: { type: "string" },
      markdown: { type: "string" },
    },
  });
  const only = values.only?.split(",");
  const unknown = only?.find((name) => !CASES.some((each) => each.name === name));
  if (unknown !== undefined) {
    const names = CASES.map(({ name }) => name).join(", ");
    await tell(`There is no case "${unknown}"; there are ${names}`);
    Deno.exit(2);
  }
  const scale = values.quick ? { rounds: 1, part: 0.05 } : { rounds: Number(values.rounds), part: 1 };
  const rows: Row[] = [];
  for (const each of CASES) {
    if (only !== undefined && !only.includes(each.name)) continue;
    await tell(`${each.name}: ${each.about}`);
    const found = await each.measure(scale);
    for (const line of tableText(found)) await tell(`  ${line}`);
    await tell("");
    rows.push(...found);
    if (each.plot !== undefined && found.length > 0 && (values.keep || values.markdown !== undefined)) {
      await Deno.writeTextFile(each.plot.file, each.plot.draw(found));
    }
  }
  if (values.markdown !== undefined) {
    await Deno.writeTextFile(values.markdown, `${tableMarkdown(rows).join("\n")}\n`);
  }
  const ratios = values.ratios ?? RATIOS;
  if (values.keep) await keepRatios(rows, ratios);
  if (values.check) {
    const { lines, code } = checkRatios(rows, await keptRatios(ratios));
    for (const line of lines) await tell(line);
    if (code > 0) Deno.exit(code);
  }
}
