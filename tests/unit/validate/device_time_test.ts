import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Moment, nanoseconds, type TimeUnit } from "../../../src/model/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf } from "./profiles.ts";

function momentOf(unit: TimeUnit, raw: unknown): Moment | undefined {
  const checker = compileProfile(profile([field("a")], { time: { path: ["meta", "ts"], unit } }));
  const verdict = checker.check({ a: 1, meta: { ts: raw } }, undefined);
  return verdict.ok ? verdict.moment : undefined;
}

const READ: readonly [TimeUnit, unknown, number, number][] = [
  ["s", 1_790_000_000, 1_790_000_000_000, 0],
  ["s", 1.5, 1_500, 0],
  ["s", 1_790_000_000.123456, 1_790_000_000_123, 456_000],
  ["s", "1790000000.123456789", 1_790_000_000_123, 456_789],
  ["s", "1790000000.1234567899", 1_790_000_000_123, 456_789],
  ["s", 1e-9, 0, 1],
  ["s", 0, 0, 0],
  ["s", -1, -1_000, 0],
  ["s", -0.5, -500, 0],
  ["s", -0.0000005, -1, 999_500],
  ["s", 1_790_000_000_123_456_789n, 1_790_000_000_123_456_789_000, 0],
  ["ms", 1_790_000_000_123, 1_790_000_000_123, 0],
  ["ms", 1_790_000_000_123.25, 1_790_000_000_123, 250_000],
  ["ms", "1790000000123", 1_790_000_000_123, 0],
  ["us", 1_790_000_000_123_456, 1_790_000_000_123, 456_000],
  ["us", "1790000000123456", 1_790_000_000_123, 456_000],
  ["us", -1, -1, 999_000],
  ["us", -1_000, -1, 0],
  ["ns", 1_790_000_000_123_456_789n, 1_790_000_000_123, 456_789],
  ["ns", "1790000000123456789", 1_790_000_000_123, 456_789],
  ["ns", 1.79e18, 1_790_000_000_000, 0],
  ["ns", 1, 0, 1],
  ["ns", "-1", -1, 999_999],
  ["ns", -1n * 10n ** 18n, -1_000_000_000_000, 0],
];

for (const [unit, raw, ms, ns] of READ) {
  Deno.test(`V15 ${typeof raw} ${String(raw)} in ${unit} is exact`, () => {
    assertEquals(momentOf(unit, raw), { ms, ns });
  });
}

const BAD: readonly [TimeUnit, unknown, string?][] = [
  ["s", "soon"],
  ["s", ""],
  ["s", "1e9"],
  ["s", " 1790000000"],
  ["s", true],
  ["s", {}],
  ["s", []],
  ["ms", NaN],
  ["ms", Infinity],
  ["ms", 1e300],
  ["ns", 10n ** 60n],
  ["s", 10n ** 25n],
  ["ms", "9".repeat(100_000)],
  ["ms", "2026-03-01T12:00:00Z", "looks like iso8601"],
  ["iso8601", 1_790_000_000, "it is a number: the profile must name its unit (s, ms, us, ns)"],
  ["iso8601", "2026-03-01T12:00:00", "the zone is missing: append Z or an offset"],
  ["iso8601", "yesterday"],
];

for (const [unit, raw, hint] of BAD) {
  Deno.test(`V15 ${typeof raw} ${String(raw).slice(0, 30)} is no time in ${unit}`, () => {
    const checker = compileProfile(profile([field("a")], { time: { path: ["meta", "ts"], unit } }));
    const refusal = refusalOf(checker.check({ a: 1, meta: { ts: raw } }, undefined));
    assertEquals([refusal.reason, refusal.field, refusal.hint], ["bad_time", "meta.ts", hint]);
    assert((refusal.found?.length ?? 0) <= 80);
  });
}

Deno.test("V15 a record without its time is refused, and says that the time is meant", () => {
  const checker = compileProfile(profile([field("a")], { time: { path: ["ts"], unit: "ms" } }));
  for (const record of [{ a: 1 }, { a: 1, ts: null }]) {
    const refusal = refusalOf(checker.check(record, undefined));
    assertEquals([refusal.reason, refusal.field], ["missing_field", "ts"]);
    assertEquals(refusal.hint, "the profile takes the time from this field");
  }
});

Deno.test("V15 without a time in the profile there is no moment: the time of receipt counts", () => {
  const verdict = compileProfile(profile([field("a")])).check({ a: 1, ts: 5 }, undefined);
  assert(verdict.ok);
  assertEquals(verdict.moment, undefined);
});

Deno.test("V15 every unit gives the same moment, to the nanosecond, as number, bigint and text (property)", () => {
  const units: readonly [TimeUnit, bigint, number][] = [["s", 10n ** 9n, 9], ["ms", 10n ** 6n, 6], [
    "us",
    1000n,
    3,
  ], ["ns", 1n, 0]];
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
    for (const [unit, size, places] of units) {
      const magnitude = ns < 0n ? -ns : ns;
      const fraction = places === 0 ? "" : `.${String(magnitude % size).padStart(places, "0")}`;
      const moment = momentOf(unit, `${ns < 0n ? "-" : ""}${magnitude / size}${fraction}`);
      assert(moment !== undefined);
      assert(Number.isSafeInteger(moment.ms) && moment.ns >= 0 && moment.ns < 1_000_000);
      assertEquals(nanoseconds(moment.ms, moment.ns), String(ns));
      const whole = ns / size;
      const integer = whole >= -(2n ** 53n) && whole <= 2n ** 53n ? Number(whole) : whole;
      const ofInteger = momentOf(unit, integer);
      assert(ofInteger !== undefined);
      assertEquals(nanoseconds(ofInteger.ms, ofInteger.ns), String(whole * size));
    }
  }));
});
