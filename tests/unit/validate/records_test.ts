import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { compileProfile } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf, refusalsOf, valuesOf } from "./profiles.ts";

Deno.test("V1 paths go through objects and arrays", () => {
  const checker = compileProfile(profile([
    field("vibration", { path: ["sensors", "vib", 1] }),
    field("deep", { path: ["a", 0, "b", "c"] }),
  ]));
  const record = { sensors: { vib: [1, 2, 3] }, a: [{ b: { c: 7 } }] };
  assertEquals(valuesOf(checker.check(record, undefined)), { vibration: 2, deep: 7 });
});

Deno.test("V1 a record may be an array", () => {
  const checker = compileProfile(profile([field("second", { path: [1] })]));
  assertEquals(valuesOf(checker.check([1, 2], undefined)), { second: 2 });
});

const NOWHERE: readonly [string, (string | number)[], unknown][] = [
  ["a member that every object inherits", ["constructor"], {}],
  ["the prototype", ["__proto__", "a"], {}],
  ["the length of an array", ["a", "length"], { a: [1, 2] }],
  ["the length of a text", ["a", "length"], { a: "xy" }],
  ["an index of a text", ["a", 0], { a: "xy" }],
  ["an index of an object", ["a", 0], { a: { 0: 1 } }],
  ["a key of an array", ["a", "0"], { a: [1] }],
  ["an index beyond the end", ["a", 5], { a: [1] }],
  ["something below null", ["a", "b"], { a: null }],
  ["something below a number", ["a", "b", "c"], { a: 5 }],
];

for (const [what, path, record] of NOWHERE) {
  Deno.test(`V1 a path does not find ${what}`, () => {
    const checker = compileProfile(profile([field("f", { path })]));
    assertEquals(refusalOf(checker.check(record, undefined)).reason, "no_readings");
  });
}

Deno.test("V1 __proto__ and constructor as own members are found like any other", () => {
  const checker = compileProfile(profile([field("p", { path: ["__proto__"] }), field("constructor")]));
  const record: unknown = JSON.parse('{"__proto__":1,"constructor":2}');
  assertEquals(valuesOf(checker.check(record, undefined)), { p: 1, constructor: 2 });
});

Deno.test("V2 an absent and a null member are the same", () => {
  const checker = compileProfile(profile([field("a", { required: true }), field("b")]));
  for (const a of [{ b: 1 }, { a: null, b: 1 }]) {
    assertEquals(refusalOf(checker.check(a, undefined)), { reason: "missing_field", field: "a" });
  }
  for (const b of [{ a: 1 }, { a: 1, b: null }]) {
    assertEquals(valuesOf(checker.check(b, undefined)), { a: 1 });
    assertEquals(refusalsOf(checker.check(b, undefined)), []);
  }
});

Deno.test("V2 a missing field says where it was expected", () => {
  const checker = compileProfile(
    profile([field("vib", { path: ["sensors", "vib", 0], required: true })]),
  );
  assertEquals(refusalOf(checker.check({}, undefined)).hint, "it is expected at sensors.vib[0]");
});

Deno.test("V3 a bad optional field costs only itself", () => {
  const checker = compileProfile(profile([field("a", { range: [0, 1] }), field("b"), field("c")]));
  const verdict = checker.check({ a: 2, b: "x", c: 3 }, undefined);
  assertEquals(valuesOf(verdict), { c: 3 });
  assertEquals(refusalsOf(verdict).map((one) => [one.field, one.reason]), [["a", "range"], ["b", "type"]]);
});

Deno.test("V3 a bad required field costs the record", () => {
  const checker = compileProfile(profile([field("a"), field("b", { required: true, range: [0, 1] })]));
  const refusal = refusalOf(checker.check({ a: 1, b: 2 }, undefined));
  assertEquals([refusal.field, refusal.reason], ["b", "range"]);
});

Deno.test("V4 a record that nothing knows holds no readings", () => {
  const checker = compileProfile(profile([field("a"), field("v", { path: ["s", 0] })]));
  const refusal = refusalOf(checker.check({ z: 1 }, undefined));
  assertEquals(refusal, { reason: "no_readings", found: "an object", allowed: "a, s[0]" });
});

Deno.test("V4 a record with only refusals is accepted: its readings are accounted for one by one", () => {
  const verdict = compileProfile(profile([field("a")])).check({ a: "x" }, undefined);
  assertEquals(valuesOf(verdict), {});
  assertEquals(refusalsOf(verdict).length, 1);
});

Deno.test("V5 each field comes with its rule and the rule's place", () => {
  const rules = [field("a"), field("b"), field("c")];
  const verdict = compileProfile(profile(rules)).check({ c: 1, b: 2 }, undefined);
  assert(verdict.ok);
  assertEquals(verdict.fields.map((one) => [one.index, one.value]), [[1, 2], [2, 1]]);
  assertStrictEquals(verdict.fields[0]?.rule, rules[1]);
});

const SEQUENCES: readonly [unknown, number | undefined | string][] = [
  [0, 0],
  [7, 7],
  [-0, 0],
  [9007199254740991, 9007199254740991],
  [null, undefined],
  [undefined, undefined],
  [-1, "range"],
  [9007199254740992n, "range"],
  [1e300, "range"],
  [Infinity, "range"],
  [1.5, "type"],
  ["7", "type"],
  [true, "type"],
  [[], "type"],
];

for (const [raw, expected] of SEQUENCES) {
  Deno.test(`V19 the sequence number ${typeof raw} ${String(raw)} gives ${expected}`, () => {
    const checker = compileProfile(profile([field("a")], { sequence: ["meta", "seq"] }));
    const verdict = checker.check({ a: 1, meta: { seq: raw } }, undefined);
    if (typeof expected === "string") {
      const refusal = refusalOf(verdict);
      assertEquals([refusal.field, refusal.reason], ["meta.seq", expected]);
    } else {
      assert(verdict.ok);
      assertStrictEquals(verdict.sequence, expected);
    }
  });
}
