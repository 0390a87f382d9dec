/** Measures the stages in a fresh process and says the figures. */
import type { Rules } from "../../../src/model/mod.ts";
import { tell } from "../../support/child_process.ts";
import { stageCosts } from "./stages.ts";

if (import.meta.main) {
  const rules: Rules = JSON.parse(Deno.args[0] ?? "");
  await tell(JSON.stringify(await stageCosts(rules)));
}
