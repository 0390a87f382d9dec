import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { nanoseconds, rfc3339 } from "../../../src/model/mod.ts";

Deno.test("nanoseconds are the exact digits, before 1970 too (property)", () => {
  const ms = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 });
  fc.assert(fc.property(fc.oneof(ms, fc.integer({ min: -3, max: 3 })), fc.nat(999_999), (whole, ns) => {
    assertEquals(nanoseconds(whole, ns), String(BigInt(whole) * 1_000_000n + BigInt(ns)));
  }));
});

Deno.test("rfc3339 writes what a Date writes (property)", () => {
  const dates = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(dates, (date) => assertEquals(rfc3339(date.getTime()), date.toISOString())));
});

Deno.test("rfc3339 gives null for a moment that no calendar holds", () => {
  for (const ms of [NaN, Infinity, -Infinity, 8.64e15 + 1]) assertEquals(rfc3339(ms), null);
  assertEquals(rfc3339(8.64e15), "275760-09-13T00:00:00.000Z");
});
