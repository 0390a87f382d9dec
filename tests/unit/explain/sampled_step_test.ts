import { assertEquals, assertStringIncludes } from "@std/assert";
import { explain } from "../../../src/explain/mod.ts";
import { field, NONE, profile, rulesOf, START } from "../pipeline/river_bench.ts";

Deno.test("explain says that sampling leaves a message out, and shows the tags of one that it keeps", () => {
  const severity = field("severity", NONE, "string", { tag: true });
  const sample = { keep: 1, of: 1_000_000, except: { severity: ["err"] } };
  const rules = rulesOf(profile([field("v", NONE), severity], { sample }));
  const stepsOf = (severity: string) => {
    const payload = new TextEncoder().encode(JSON.stringify({ ts: START, v: 1, severity }));
    return explain(rules, "plant/k1", payload, START).steps;
  };
  const out = stepsOf("info");
  assertEquals(out.map(({ step }) => step), ["subscription", "device", "decoded", "field", "sampled"]);
  assertEquals(out.at(-1)?.goesOn, false);
  assertStringIncludes(out.at(-1)?.text ?? "", "sample 1/1000000 leaves this message out");
  assertStringIncludes(stepsOf("err").at(-1)?.text ?? "", "kiln device=k1 severity=err v=1 at");
});
