import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explain, type Explanation } from "../../../src/explain/mod.ts";
import type { AlertRule } from "../../../src/model/mod.ts";
import { field, NONE, profile, RiverBench, rulesOf, START, windowed } from "../pipeline/river_bench.ts";

const hot: AlertRule = {
  name: "hot",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: "t",
  condition: { kind: "above", limit: 80, clear: 80 },
  for: 0,
  severity: "critical",
  notify: [],
  summary: "",
};

const RULES = rulesOf(
  profile([
    field("t", windowed({ aggregates: ["mean", "max"] }), "float", { unit: "degC", range: [-40, 125] }),
    field("door", NONE, "boolean"),
  ]),
  { alerts: [hot, { ...hot, name: "silent", field: null, condition: { kind: "silent", silentFor: 1_000 } }] },
);

function explained(payload: string, topic = "plant/k1"): Explanation {
  return explain(RULES, topic, new TextEncoder().encode(payload), START + 5_000);
}

const steps = ({ steps }: Explanation): string[] =>
  steps.map(({ step, goesOn }) => `${step}${goesOn ? "" : " stops"}`);

Deno.test("a good message is shown from its subscription to the points that it would make", () => {
  const found = explained(`{"ts":${START + 3_000},"t":21.5,"door":true}`);
  assertEquals(steps(found), [
    "subscription",
    "device",
    "decoded",
    "field",
    "field",
    "window",
    "point",
    "point",
  ]);
  const text = found.steps.map(({ text }) => text).join("\n");
  for (
    const part of [
      '"plant/{device}", profile kiln, format json',
      "k1, measurement kiln, tags device=k1",
      "t = 21.5 degC at 2027-01-15T09:00:03.000Z",
      "t: 2027-01-15T09:00:00.000Z to 2027-01-15T09:00:10.000Z, mean, max",
      "device's time passes 2027-01-15T09:00:12.000Z, or 30 s after its last reading",
      "kiln device=k1 t_mean=21.5 t_max=21.5 at 2027-01-15T09:00:00.000Z",
    ]
  ) assertStringIncludes(text, part);
});

Deno.test("its points are the very ones that the river makes", () => {
  const payload = { t: 81.25, door: false };
  const bench = new RiverBench(RULES);
  bench.report("k1", 3_000, payload, { elapsed: 0, wall: 5_000 });
  bench.tick(60_000);
  assertEquals(explained(JSON.stringify({ ts: START + 3_000, ...payload })).points, bench.out.points);
});

Deno.test("a refused message is shown as far as it came, with the reason in words", () => {
  const cases: [payload: string, reason: string, words: string][] = [
    ["{", "undecodable", 'found "{"'],
    ['{"t":1}', "missing_field", "A required field is missing (ts)"],
    [`{"ts":${START},"colour":1}`, "no_readings", "holds no field of its profile"],
  ];
  for (const [payload, reason, words] of cases) {
    const found = explained(payload);
    assertEquals(found.refused.map(({ refusal }) => refusal.reason), [reason]);
    const last = found.steps.at(-1);
    assertEquals([last?.step, last?.goesOn], ["refused", false]);
    assertStringIncludes(last?.text ?? "", words);
    assertEquals(found.points, []);
  }
});

Deno.test("a field that is refused by itself is shown beside those that go on", () => {
  const found = explained(`{"ts":${START},"t":200,"door":true}`);
  assertEquals(found.refused.map(({ refusal, what }) => [refusal.reason, what]), [["range", "readings"]]);
  assertEquals(found.points.length, 1);
  assert(steps(found).includes("refused stops") && steps(found).includes("point"));
});

Deno.test("a topic that no subscription matches is filtered, and that is all there is to say", () => {
  const found = explained("{}", "elsewhere/k1");
  assertEquals(steps(found), ["subscription stops"]);
  assertStringIncludes(found.steps[0]?.text ?? "", '"elsewhere/k1"');
});

Deno.test("a topic that can be no tag says so", () => {
  const found = explained("{}", "plant/#k");
  assertEquals(found.refused.map(({ refusal }) => refusal.reason), ["bad_tag"]);
});

Deno.test("rules that it trips are shown; a dead-man says nothing about one message", () => {
  const found = explained(`{"ts":${START},"t":90}`);
  assertEquals(found.alerts.map(({ rule, transition }) => [rule, transition]), [["hot", "firing"]]);
  assertStringIncludes(found.steps.at(-1)?.text ?? "", "hot (critical) fires");
});

Deno.test("a payload of any length and depth is shown shortened, integers beyond 2^53 with their digits", () => {
  const found = explained(`{"ts":${START},"t":1,"big":9007199254740993,"note":"${"x".repeat(2_000)}"}`);
  const decoded = found.steps.find(({ step }) => step === "decoded")?.text ?? "";
  assertStringIncludes(decoded, "9007199254740993");
  assert(decoded.length <= 400 && decoded.endsWith("…"), `${decoded.length} characters`);
});

Deno.test("it keeps nothing: asking twice gives the same", () => {
  const payload = `{"ts":${START},"t":90}`;
  assertEquals(explained(payload), explained(payload));
});
