import { assertEquals } from "@std/assert";
import { readAlertRule, renderProblem } from "../../../src/config/mod.ts";

const SURROUNDINGS = { profiles: {}, notifiers: ["ops"] };

function problemsOf(text: string): string[] {
  const read = readAlertRule(text, SURROUNDINGS);
  return read.ok ? [] : read.problems.map(renderProblem);
}

const RULE = "name: hot\nfield: temperature\nabove: 80\nclear: 75\nfor: 30s\n";

Deno.test("a rule is read as it stands in the configuration, also as a list of one", () => {
  const alone = readAlertRule(RULE, { ...SURROUNDINGS, profiles: {} });
  const listed = readAlertRule(`- ${RULE.trimEnd().replaceAll("\n", "\n  ")}\n`, SURROUNDINGS);
  // No profile has the field.
  assertEquals([alone.ok, listed.ok], [false, false]);
  const silent = readAlertRule("name: gone\nsilent_for: 60s\nnotify: [ops]\n", SURROUNDINGS);
  assertEquals(silent.ok && silent.rule.condition, { kind: "silent", silentFor: 60_000 });
  const one = readAlertRule("- name: gone\n  silent_for: 60s\n", SURROUNDINGS);
  assertEquals(one.ok && one.rule.name, "gone");
});

Deno.test("each thing that is wrong has its line and column", () => {
  assertEquals(problemsOf("name: hot\nsilent_for: soon\n"), [
    'rule:2:13 silent_for: The duration cannot be understood, found "soon", allowed a number with a unit: 500ms, 10s, ' +
    "5m, 24h, 7d",
  ]);
  assertEquals(
    problemsOf("- name: hot\n  silent_for: 1m\n  notify: [nobody]\n").map((line) => line.slice(0, 26)),
    [
      "rule:3:12 [0].notify[0]: T",
    ],
  );
  assertEquals(
    problemsOf("name: hot\nabove: [1\n").map((line) => line.slice(0, 34)),
    ["rule:3:1: The YAML cannot be unders"]
      .map((line) => line.slice(0, 34)),
  );
  assertEquals(problemsOf("just words").length, 1);
  assertEquals(problemsOf("").length, 1);
  assertEquals(problemsOf("[]").length, 1);
});

Deno.test("nothing of the environment is filled in", () => {
  const [problem] = problemsOf('name: hot\nsilent_for: 1m\nsummary: "${HOME}"\n');
  assertEquals(problem?.startsWith("rule:3:10 summary: The environment variable is not set"), true, problem);
});
