import { assertEquals } from "@std/assert";
import type { TimeUnit } from "../../../src/model/mod.ts";
import { judgeTime } from "../../../src/validate/mod.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const MINUTES_5 = 300_000;
const DAYS_30 = 2_592_000_000;

function verdict(ms: number, changes: { now?: number; implausible?: boolean; unit?: TimeUnit } = {}) {
  const { now = NOW, implausible = false, unit = "ms" } = changes;
  return judgeTime(ms, now, implausible, MINUTES_5, DAYS_30, unit);
}

Deno.test("V17 both bounds themselves are allowed", () => {
  assertEquals(verdict(NOW), undefined);
  assertEquals(verdict(NOW + MINUTES_5), undefined);
  assertEquals(verdict(NOW - DAYS_30), undefined);
});

Deno.test("V17 beyond a bound, the refusal names the time and the bound", () => {
  assertEquals(verdict(NOW + MINUTES_5 + 1), {
    reason: "future",
    found: "2026-03-01T12:05:00.001Z",
    allowed: "2026-03-01T12:05:00.000Z at the latest",
  });
  assertEquals(verdict(NOW - DAYS_30 - 1), {
    reason: "too_old",
    found: "2026-01-30T11:59:59.999Z",
    allowed: "2026-01-30T12:00:00.000Z at the earliest",
  });
});

Deno.test("V17 while the wall clock is implausible, future is not judged and too_old is", () => {
  const implausible = true;
  assertEquals(verdict(NOW, { now: 0, implausible }), undefined);
  assertEquals(verdict(NOW + MINUTES_5 + 1, { implausible }), undefined);
  assertEquals(verdict(NOW - DAYS_30 - 1, { implausible })?.reason, "too_old");
});

Deno.test("V17 what no database can hold is refused whatever the clock says", () => {
  assertEquals(verdict(1e13, { implausible: true })?.reason, "future");
  assertEquals(judgeTime(1e13, NOW, false, Infinity, Infinity, "ms")?.reason, "future");
  assertEquals(judgeTime(-1e13, NOW, false, Infinity, Infinity, "ms")?.reason, "too_old");
  assertEquals(verdict(1.79e21)?.found, "1.79e+21 ms since 1970");
});

const MISTAKEN: readonly [TimeUnit, TimeUnit, string][] = [
  ["s", "ms", "looks like seconds"],
  ["s", "us", "looks like seconds"],
  ["s", "ns", "looks like seconds"],
  ["ms", "s", "looks like milliseconds"],
  ["ms", "us", "looks like milliseconds"],
  ["ms", "ns", "looks like milliseconds"],
  ["us", "s", "looks like microseconds"],
  ["us", "ms", "looks like microseconds"],
  ["us", "ns", "looks like microseconds"],
  ["ns", "s", "looks like nanoseconds"],
  ["ns", "ms", "looks like nanoseconds"],
  ["ns", "us", "looks like nanoseconds"],
];

const PER_MS: Readonly<Record<TimeUnit, number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6, iso8601: 1 };

for (const [sent, read, hint] of MISTAKEN) {
  Deno.test(`V18 a time in ${sent} that the profile reads in ${read} ${hint}`, () => {
    const digits = (NOW - 3_600_000) * PER_MS[sent];
    const refusal = verdict(digits / PER_MS[read], { unit: read });
    assertEquals(refusal?.hint, hint);
    assertEquals(refusal?.reason, PER_MS[sent] > PER_MS[read] ? "future" : "too_old");
  });
}

Deno.test("V18 a time that fits no other unit has no hint, nor has a calendar date", () => {
  assertEquals(verdict(NOW + 10 * DAYS_30)?.hint, undefined);
  assertEquals(verdict(NOW / 1_000, { unit: "iso8601" })?.hint, undefined);
});
