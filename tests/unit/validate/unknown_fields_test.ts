import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Profile } from "../../../src/model/mod.ts";
import { compileProfile, type KeptFields } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf, refusalsOf, valuesOf } from "./profiles.ts";

const WINDOW = {
  kind: "window",
  every: 10_000,
  aggregates: ["mean"],
  lateness: 0,
  idleAfter: 30_000,
  hold: 30_000,
} as const;

function with_(unknownFields: Profile["unknownFields"]): Profile {
  return profile([field("a"), field("v", { path: ["s", "v"] })], {
    unknownFields,
    keep: WINDOW,
    time: { path: ["meta", "ts"], unit: "ms" },
    sequence: ["seq"],
  });
}

const CLAIMED = { a: 1, s: { v: 2, w: 3 }, meta: { ts: 1, x: 2 }, seq: 4 };

Deno.test("V11 ignore: members that nothing names are not looked at", () => {
  const verdict = compileProfile(with_("ignore")).check({ ...CLAIMED, z: "x" }, undefined);
  assertEquals(valuesOf(verdict), { a: 1, v: 2 });
  assertEquals(refusalsOf(verdict), []);
});

Deno.test("V12 reject: one member that nothing names refuses the record and is named", () => {
  const checker = compileProfile(with_("reject"));
  assertEquals(valuesOf(checker.check(CLAIMED, undefined)), { a: 1, v: 2 });
  for (const z of [1, null, {}, "x"]) {
    const refusal = refusalOf(checker.check({ ...CLAIMED, z }, undefined));
    assertEquals([refusal.reason, refusal.field], ["unknown_field", "z"]);
  }
});

Deno.test("V13 keep: single values become fields, null and what holds more are passed over", () => {
  const record = { ...CLAIMED, n: 5, big: 2n ** 60n, b: true, s2: "x", nil: null, list: [1], object: {} };
  const verdict = compileProfile(with_("keep")).check(record, undefined);
  assertEquals(valuesOf(verdict), { a: 1, v: 2, n: 5, big: 2 ** 60, b: true, s2: "x" });
  assertEquals(refusalsOf(verdict), []);
});

Deno.test("V13 keep: numbers are downsampled as the profile says, the rest on change", () => {
  const verdict = compileProfile(with_("keep")).check({ ...CLAIMED, n: 5, b: true, s2: "x" }, undefined);
  assert(verdict.ok);
  const rules = new Map(verdict.fields.map((one) => [one.rule.name, one.rule]));
  assertEquals(rules.get("n")?.downsample, WINDOW);
  assertEquals(rules.get("n")?.type, "float");
  assertEquals(rules.get("b")?.downsample, { kind: "change", heartbeat: null });
  assertEquals(rules.get("s2")?.downsample, { kind: "change", heartbeat: null });
});

Deno.test("V13 keep: a kept field has one rule and one number, after those of the profile", () => {
  const checker = compileProfile(with_("keep"));
  const first = checker.check({ ...CLAIMED, x: 1, y: 2 }, undefined);
  const second = checker.check({ ...CLAIMED, y: 3.5 }, undefined);
  assert(first.ok && second.ok);
  assertEquals(first.fields.map((one) => one.index), [0, 1, 2, 3]);
  assertEquals(second.fields.map((one) => one.index), [0, 1, 3]);
  assertStrictEquals(first.fields[3]?.rule, second.fields[2]?.rule);
});

Deno.test("V13 keep: the first value fixes the type, another one is refused by itself", () => {
  const checker = compileProfile(with_("keep"));
  checker.check({ ...CLAIMED, x: 1 }, undefined);
  const verdict = checker.check({ ...CLAIMED, x: "one", y: 2 }, undefined);
  assertEquals(valuesOf(verdict), { a: 1, v: 2, y: 2 });
  const [refusal] = refusalsOf(verdict);
  assertEquals([refusal?.reason, refusal?.field, refusal?.allowed], ["type", "x", "float"]);
});

Deno.test("V13 keep: the memory of kept fields carries over to the next checker, numbers and types", () => {
  const kept: KeptFields = new Map();
  compileProfile(with_("keep"), kept).check({ ...CLAIMED, x: 1, y: true }, undefined);
  assertEquals([...kept], [["x", "float"], ["y", "boolean"]]);
  const next = compileProfile(with_("keep"), new Map(kept)).check(
    { ...CLAIMED, z: 1, y: 5, x: 2 },
    undefined,
  );
  assert(next.ok);
  assertEquals(next.fields.map((one) => [one.rule.name, one.index]), [["a", 0], ["v", 1], ["z", 4], [
    "x",
    2,
  ]]);
  assertEquals(next.refusals.map((one) => [one.reason, one.field]), [["type", "y"]]);
});

Deno.test("V14 keep: names that cannot stand in a line are refused by themselves", () => {
  const checker = compileProfile(with_("keep"));
  for (const name of ["", "#x", "x\\", "a\nb", "\ud800", "x".repeat(10_000)]) {
    const [refusal] = refusalsOf(checker.check({ ...CLAIMED, [name]: 1 }, undefined));
    assertEquals(refusal?.reason, "unknown_field");
    assert(refusal?.hint?.startsWith("its name cannot be kept: "), refusal?.hint);
  }
});

Deno.test("V14 keep: a name that the profile gives to another path is refused by itself", () => {
  const [refusal] = refusalsOf(compileProfile(with_("keep")).check({ ...CLAIMED, v: 9 }, undefined));
  assertEquals([refusal?.reason, refusal?.field], ["unknown_field", "v"]);
});

Deno.test("V14 keep: a device that invents names does not fill the memory", () => {
  const kept: KeptFields = new Map();
  const checker = compileProfile(with_("keep"), kept);
  for (let batch = 0; batch < 11; batch++) {
    const names = Array.from({ length: 1_000 }, (_, n) => [`x${batch}_${n}`, 1] as const);
    checker.check({ ...CLAIMED, ...Object.fromEntries(names) }, undefined);
  }
  assertEquals(kept.size, 10_000);
  const verdict = checker.check({ ...CLAIMED, x0_0: 1, x10_0: 1 }, undefined);
  assertEquals(valuesOf(verdict), { a: 1, v: 2, x0_0: 1 });
  assertEquals(refusalsOf(verdict).map((one) => [one.reason, one.field]), [["cardinality", "x10_0"]]);
});

Deno.test("V13 keep: __proto__ is a name like any other", () => {
  const record: unknown = JSON.parse('{"a":1,"meta":{"ts":1},"__proto__":5}');
  const verdict = compileProfile(with_("keep")).check(record, undefined);
  assert(verdict.ok);
  assertEquals(verdict.fields.map((one) => [one.rule.name, one.value]), [["a", 1], ["__proto__", 5]]);
});
