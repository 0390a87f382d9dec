import { assertEquals } from "@std/assert";
import { compare, type Compared, rounding } from "../../../src/verify/compare.ts";
import type { Account, Found } from "../../../src/verify/mod.ts";
import { startOf } from "../../../src/verify/days.ts";
import { account, DAY, found, item } from "./build.ts";

const DAYS = { from: startOf(DAY), to: startOf("2026-03-02") };

function rowsOf(
  before: Account,
  there: readonly Found[],
  after = before,
  keeps: "double" | "decimal" = "double",
) {
  return compare(before, new Map([["climate", there]]), after, DAYS, keeps).rows;
}

/** Device, difference and verdict on the sum. */
function told(rows: readonly Compared[]): (readonly [string, number, string])[] {
  return rows.map(({ device, difference, sums }) => [device, difference, sums]);
}

Deno.test("V9: as many values as were delivered agree; fewer are missing, more are too many, none are all missing", () => {
  const own = account(item("a"), item("b"), item("c"), item("d"));
  const there = [found("a"), found("b", { values: 8 }), found("c", { values: 13 })];
  assertEquals(told(rowsOf(own, there)), [
    ["a", 0, "agrees"],
    ["b", -2, "not_compared"],
    ["c", 3, "not_compared"],
    ["d", -10, "not_compared"],
  ]);
});

Deno.test("V9: what was delivered before must be there, what is delivered, in doubt or on its way after may be", () => {
  const before = account(item("a"));
  const after = account(item("a", { values: 14, uncertain: 2, waiting: 3, sum: null }));
  for (const [values, difference] of [[9, -1], [10, 0], [14, 0], [19, 0], [20, 1]] as const) {
    const [row] = rowsOf(before, [found("a", { values })], after);
    assertEquals([row?.least, row?.most, row?.difference, row?.sums], [10, 19, difference, "not_compared"]);
  }
  // A gateway that died meanwhile says less than before.
  assertEquals(told(rowsOf(after, [found("a", { values: 14 })], before)), [["a", 0, "not_compared"]]);
});

Deno.test("V10: what is there on a day without a row is too much, of a device of the gateway; other devices are foreign", () => {
  const own = account(item("a"), item("b", { day: "2026-03-05" }));
  const result = compare(
    own,
    new Map([["climate", [found("a"), found("b", { values: 4 }), found("x", { values: 7 })]]]),
    own,
    DAYS,
    "double",
  );
  assertEquals(told(result.rows), [["a", 0, "agrees"], ["b", 4, "not_compared"]]);
  assertEquals(result.foreign, { devices: 1, values: 7 });
});

Deno.test("V10: days that were not asked for, and measurements, are left out", () => {
  const own = account(item("a"), item("a", { day: "2026-03-02" }), item("a", { measurement: "power" }));
  assertEquals(rowsOf(own, [found("a")]).map(({ day, measurement }) => [day, measurement]), [[
    DAY,
    "climate",
  ]]);
});

Deno.test("V11: sums agree within rounding and differ beyond it", () => {
  const own = account(item("a", { sum: 0.3, magnitude: 0.3, values: 2 }));
  const verdict = (sum: number): string | undefined => rowsOf(own, [found("a", { values: 2, sum })])[0]?.sums;
  assertEquals([verdict(0.1 + 0.2), verdict(0.3), verdict(0.300001)], ["agrees", "agrees", "differs"]);
});

Deno.test("V11: naive addition in any order stays within what is taken for rounding, and one other value does not", () => {
  const values = Array.from({ length: 86_400 }, (_, n) => 20 + 5 * Math.sin(n / 1_000) + (n % 7) / 100);
  const sum = (numbers: readonly number[]): number => numbers.reduce((so, each) => so + each, 0);
  const magnitude = sum(values.map(Math.abs));
  const allowed = rounding({ values: values.length, rewritten: 0, magnitude }, "double");
  const forward = sum(values);
  for (const other of [values.toReversed(), values.toSorted((a, b) => a - b)]) {
    const off = Math.abs(sum(other) - forward);
    assertEquals([off > 0, off <= allowed], [true, true]);
  }
  assertEquals(allowed < 0.01, true, `${allowed} is taken for rounding`);
});

Deno.test("V12: where a database keeps twelve digits a billionth is rounding, and corrections have no sum", () => {
  const own = account(item("a", { sum: 1e9, magnitude: 1e9 }), item("b", { rewritten: 1 }));
  const there = [found("a", { sum: 1e9 + 0.5 }), found("b")];
  assertEquals(told(rowsOf(own, there, own, "decimal")), [["a", 0, "agrees"], ["b", 0, "not_compared"]]);
  assertEquals(told(rowsOf(own, there)), [["a", 0, "differs"], ["b", 0, "agrees"]]);
});
