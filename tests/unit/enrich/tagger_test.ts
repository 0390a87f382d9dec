import { assert, assertEquals } from "@std/assert";
import { tagger, type Tagging } from "../../../src/enrich/mod.ts";
import { type Format, parseTemplate, type TopicTemplate } from "../../../src/model/mod.ts";

function template(text: string): TopicTemplate {
  const parsed = parseTemplate(text);
  assert(!("reason" in parsed), `${text} is no template`);
  return parsed;
}

type WithoutTopic<T> = T extends unknown ? Omit<T, "topic"> : never;

function tag(
  topicTemplate: string,
  topic: string,
  tags: Readonly<Record<string, string>> = {},
  format: Format = "json",
): WithoutTopic<Tagging> | undefined {
  const rule = { topic: topicTemplate, profile: "p", format, tags };
  const found = tagger(rule, template(topicTemplate))(topic);
  if (found === undefined) return undefined;
  // Without redaction the topic is the topic.
  const { topic: seen, ...tagging } = found;
  assertEquals(seen, topic);
  return tagging;
}

Deno.test("named levels and static tags become tags, sorted by name in code-unit order", () => {
  assertEquals(tag("site/{site}/{device}/telemetry", "site/north/t-1/telemetry", { line: "a", Zone: "z" }), {
    ok: true,
    device: "t-1",
    tags: [["Zone", "z"], ["device", "t-1"], ["line", "a"], ["site", "north"]],
  });
});

Deno.test("levels without a name give no tag", () => {
  assertEquals(tag("+/{device}/#", "a/t-1/b/c"), { ok: true, device: "t-1", tags: [["device", "t-1"]] });
});

Deno.test("the device is the static tag where no level names it", () => {
  assertEquals(tag("plant/{area}", "plant/hall", { device: "plc" }), {
    ok: true,
    device: "plc",
    tags: [["area", "hall"], ["device", "plc"]],
  });
});

Deno.test("the device is the whole topic where nothing names it: two devices never share a series", () => {
  assertEquals(tag("plant/#", "plant/hall/1"), {
    ok: true,
    device: "plant/hall/1",
    tags: [["device", "plant/hall/1"]],
  });
});

Deno.test("a level counts before a static tag of its name", () => {
  const tagging = tag("plant/{device}", "plant/t-1", { device: "plc" });
  assertEquals(tagging, { ok: true, device: "t-1", tags: [["device", "t-1"]] });
});

Deno.test("for the format value, {field} names the field and is no tag", () => {
  assertEquals(tag("{device}/{field}", "t-1/temperature", {}, "value"), {
    ok: true,
    device: "t-1",
    tags: [["device", "t-1"]],
    field: "temperature",
  });
});

Deno.test("for other formats, {field} is a tag like any other", () => {
  assertEquals(tag("{device}/{field}", "t-1/temperature"), {
    ok: true,
    device: "t-1",
    tags: [["device", "t-1"], ["field", "temperature"]],
  });
});

Deno.test("a topic that does not match gives nothing", () => {
  assertEquals(tag("a/{device}", "b/t-1"), undefined);
  assertEquals(tag("{device}/x", "$SYS/x"), undefined);
});

for (const level of ["$x", "a b", "a,b", "a=b", 'a"b"', "a'b", "å😀", "__proto__", "a\\b", "b#"]) {
  Deno.test(`the level ${JSON.stringify(level)} is a tag as it is`, () => {
    const tagging = tag("x/{device}", `x/${level}`);
    assertEquals(tagging, { ok: true, device: level, tags: [["device", level]] });
  });
}

const UNFIT: readonly [string, string, string][] = [
  ["an empty level", "", "it is empty"],
  ["a line break", "a\nb", "it holds a control character"],
  ["a tabulator", "a\tb", "it holds a control character"],
  ["DEL", "a\x7f", "it holds a control character"],
  ["a trailing backslash", "a\\", "it ends with a backslash"],
  ["a leading #", "#a", 'it begins with "#"'],
  ["half of a surrogate pair", "a\ud83d", "it holds half of a surrogate pair"],
  ["a level of 60,000 characters", "x".repeat(60_000), "it is longer than 8192 characters"],
];

for (const [what, level, hint] of UNFIT) {
  Deno.test(`${what} cannot be a tag, and the refusal names the level`, () => {
    const tagging = tag("x/{site}/{device}", `x/${level}/t-1`);
    assert(tagging !== undefined && !tagging.ok);
    const { reason, field, hint: said } = tagging.refusal;
    assertEquals([reason, field, said], ["bad_tag", "site", hint]);
  });
}

Deno.test("a static tag or a whole topic that cannot be a tag refuses the topic", () => {
  const fixed = tag("x/{device}", "x/t-1", { line: "" });
  assert(fixed !== undefined && !fixed.ok);
  assertEquals(fixed.refusal.field, "line");
  const named = tag("x/{device}", "x/t-1", { "a\n": "b" });
  assert(named !== undefined && !named.ok);
  assertEquals(named.refusal.field, "a\\x0a");
  const whole = tag("x/#", "x/a\\");
  assert(whole !== undefined && !whole.ok);
  assertEquals(whole.refusal.field, "device");
});
