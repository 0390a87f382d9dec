import { assert, assertEquals } from "@std/assert";
import type { AlertEvent, AlertRule, StreamIdentity } from "../../../src/model/mod.ts";
import { AlertStage, matchGlob } from "../../../src/alerts/mod.ts";
import { rule, silentRule, stream, TOPIC } from "./build.ts";

function concerns(over: Partial<AlertRule>, who: StreamIdentity = stream(), topic = TOPIC): boolean {
  return new AlertStage([rule(over)]).watchersFor(who, topic, "temperature", null).length === 1;
}

Deno.test("R3: every filter that is set must match", () => {
  assert(concerns({}));
  assert(concerns({ profile: "kiln", device: "kiln-*", topic: "site/+/kiln-1/#", tags: { line: "a" } }));
  assert(!concerns({ profile: "oven" }));
  assert(!concerns({ device: "oven-*" }));
  assert(!concerns({ topic: "plant/#" }));
  assert(!concerns({ tags: { line: "b" } }));
  assert(!concerns({ tags: { line: "a", hall: "1" } }), "a tag that the stream does not have");
  assert(!concerns({ field: "humidity" }));
});

Deno.test("R3: a topic filter follows MQTT: a leading wildcard does not see $SYS", () => {
  assert(!concerns({ topic: "#" }, stream(), "$SYS/broker/load"));
  assert(concerns({ topic: "$SYS/#" }, stream(), "$SYS/broker/load"));
});

Deno.test("a glob matches the whole text, and a hostile pattern costs no more than text times pattern", () => {
  const cases: [string, string, boolean][] = [
    ["*", "", true],
    ["?", "", false],
    ["kiln-?", "kiln-1", true],
    ["kiln-?", "kiln-12", false],
    ["*-1", "kiln-1-1", true],
    ["k*n*1", "kiln-1", true],
    ["Kiln*", "kiln-1", false],
    ["[a-z]*", "kiln", false],
    ["a?c", "a🔥c", true],
    ["", "", true],
    ["", "x", false],
  ];
  for (const [pattern, text, expected] of cases) {
    assertEquals(matchGlob(pattern, text), expected, `${pattern} on ${text}`);
  }
  assert(!matchGlob("*a".repeat(200) + "b", "a".repeat(4_000)));
});

Deno.test("series without a rule share one empty list", () => {
  const stage = new AlertStage([rule(), silentRule()]);
  assert(stage.watchersFor(stream(), TOPIC, "a", null) === stage.watchersFor(stream(), TOPIC, "b", null));
  assertEquals(stage.watchersFor(stream(), TOPIC, "silent", null).length, 0);
});

Deno.test("two rules on one series are two alerts, in the rules' order", () => {
  const stage = new AlertStage([
    rule({ name: "warn", condition: { kind: "above", limit: 60, clear: 60 }, severity: "warning" }),
    rule(),
  ]);
  const events: AlertEvent[] = [];
  for (const watcher of stage.watchersFor(stream(), TOPIC, "temperature", null)) {
    watcher.reading(90, 1, 1, (event) => events.push(event));
  }
  assertEquals(events.map((e) => e.rule), ["warn", "too-hot"]);
});

Deno.test("A9: identities of different series never collide, whatever their names hold", () => {
  const odd = [
    stream({ device: "a:b", profile: "c" }),
    stream({ device: "a", profile: "b:c" }),
    stream({ device: "a", profile: "c", tags: [["x", "1&y=2"]] }),
    stream({ device: "a", profile: "c", tags: [["x", "1"], ["y", "2"]] }),
    stream({ device: "a%3Ab", profile: "c" }),
  ];
  const stage = new AlertStage([rule()]);
  const ids = odd.map((s) => stage.watchersFor(s, TOPIC, "temperature", null)[0]?.alert);
  assertEquals(new Set(ids).size, odd.length);
});

Deno.test("summaries are filled in one pass: a device cannot write placeholders or break lines", () => {
  const say = (summary: string, over: Partial<StreamIdentity> = {}, unit: string | null = "degC"): string => {
    const stage = new AlertStage([rule({ summary, condition: { kind: "not_equals", value: 0 } })]);
    let text = "";
    const [watcher] = stage.watchersFor(stream(over), TOPIC, "temperature", unit);
    watcher?.reading("a\nb {rule}", 1, 1, (event) => text = event.summary);
    return text;
  };
  assertEquals(
    say("{device}: {field} {value} {unit}; {limit} {rule} {severity}"),
    "kiln-1: temperature a\\x0ab {rule} degC; 0 too-hot critical",
  );
  assertEquals(say("{device}", { device: "{severity} $& $1" }), "{severity} $& $1");
  assertEquals(say("{device} {nothing} {unit} x", {}, null), "kiln-1 {nothing} x");
});

Deno.test("R1: a removed rule resolves what fires, forgets what is pending, and says so", () => {
  const stage = new AlertStage([rule(), rule({ name: "slow", for: 60_000 }), silentRule()]);
  const events: AlertEvent[] = [];
  const take = (event: AlertEvent): unknown => events.push(event);
  for (const watcher of stage.watchersFor(stream(), TOPIC, "temperature", null)) {
    watcher.reading(90, 5, 6, take);
  }
  const [deadman] = stage.deadmenFor(stream(), TOPIC);
  deadman?.alive(0, 0, take);
  stage.due(deadman?.index ?? -1, 60_000, 60_000, 60_000, take);
  events.length = 0;
  stage.replaceRules([], 99_000, take);
  assertEquals(events.map((e) => [e.rule, e.reason, e.at, e.firedAt]), [
    ["too-hot", "rule_removed", 99_000, 5],
    ["silent", "rule_removed", 99_000, 60_000],
  ]);
  assertEquals(stage.active(), []);
  assertEquals(stage.snapshot().watchers, []);
  assertEquals(stage.watchersFor(stream(), TOPIC, "temperature", null), []);
});

Deno.test("R1: a rule that differs in anything starts anew; one that is the same keeps its state", () => {
  const keep = rule({ name: "keep", tags: { line: "a", site: "north" } });
  const stage = new AlertStage([rule(), keep]);
  const events: AlertEvent[] = [];
  const take = (event: AlertEvent): unknown => events.push(event);
  const before = stage.watchersFor(stream(), TOPIC, "temperature", null);
  for (const watcher of before) watcher.reading(90, 5, 6, take);
  stage.replaceRules([{ ...keep, tags: { site: "north", line: "a" } }, rule({ severity: "info" })], 10, take);
  assertEquals(events.slice(2).map((e) => [e.rule, e.reason]), [["too-hot", "rule_removed"]]);
  const after = stage.watchersFor(stream(), TOPIC, "temperature", null);
  assertEquals(after.map((w) => w.rule.name), ["keep", "too-hot"]);
  assert(after[0] === before[1]);
  assertEquals(after[0]?.reading(91, 7, 8, take), "firing");
  assertEquals(after[1]?.reading(91, 7, 8, take), "fired");
});

Deno.test("R2: the snapshot is plain data and names each stream once, also after a restore", () => {
  const rules = [rule(), rule({ name: "second" }), silentRule()];
  const stage = new AlertStage(rules);
  stage.watchersFor(stream(), TOPIC, "temperature", "degC")[0]?.reading(90, 5, 6, () => {});
  stage.deadmenFor(stream(), TOPIC);
  const snapshot = stage.snapshot();
  assertEquals(snapshot.streams, [stream()]);
  assertEquals(JSON.parse(JSON.stringify(snapshot)), snapshot);
  const restored = new AlertStage(rules, snapshot);
  restored.deadmenFor(stream(), TOPIC);
  restored.watchersFor(structuredClone(stream()), TOPIC, "temperature", "degC");
  assertEquals(restored.snapshot(), snapshot);
});

Deno.test("R2: what belongs to no rule in force is left out of a restore", () => {
  const stage = new AlertStage([rule(), silentRule()]);
  stage.watchersFor(stream(), TOPIC, "temperature", "degC")[0]?.reading(90, 5, 6, () => {});
  stage.deadmenFor(stream(), TOPIC);
  const restored = new AlertStage([], stage.snapshot());
  assertEquals(restored.snapshot(), { streams: [], watchers: [], deadmen: [], nextDeadMan: 1 });
});
