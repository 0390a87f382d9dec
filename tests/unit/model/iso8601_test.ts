import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { iso8601 } from "../../../src/model/iso8601.ts";

const READ: readonly [string, string, number][] = [
  ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 0],
  ["2026-03-01t12:00:00z", "2026-03-01T12:00:00Z", 0],
  ["2026-03-01 12:00:00Z", "2026-03-01T12:00:00Z", 0],
  ["2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123Z", 456_789],
  ["2026-03-01T12:00:00,5Z", "2026-03-01T12:00:00.500Z", 0],
  ["2026-03-01T12:00Z", "2026-03-01T12:00:00Z", 0],
  ["2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00Z", 0],
  ["2026-03-01T12:00:00-0530", "2026-03-01T17:30:00Z", 0],
  ["2026-03-01T12:00:00+14", "2026-02-28T22:00:00Z", 0],
  ["2026-03-01T12:00:00-00:00", "2026-03-01T12:00:00Z", 0],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 0],
  ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z", 0],
  ["1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999Z", 999_999],
  ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", 0],
  ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", 0],
];

for (const [text, same, ns] of READ) {
  Deno.test(`V16 ${text} is ${same}${ns === 0 ? "" : ` and ${ns} ns`}`, () => {
    assertEquals(iso8601(text), { ms: Date.parse(same), ns });
  });
}

const NO_TIME = [
  "",
  "2026-03-01",
  "2026-03-01T12:00:00",
  "2026-03-01T12:00:00.Z",
  "2026-03-01T12:00:00.1234567890Z",
  "2026-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-03-00T00:00:00Z",
  "2026-03-01T24:00:00Z",
  "2026-03-01T12:60:00Z",
  "2026-03-01T12:00:61Z",
  "2026-03-01T12:00:00+24:00",
  "2026-03-01T12:00:00+01:60",
  "2026-03-01T12:00:00+1",
  "2026-03-01T12:00:00+01:",
  "2026-03-01T12:00:00 Z",
  "2026-03-01T12:00:00Z ",
  " 2026-03-01T12:00:00Z",
  "26-03-01T12:00:00Z",
  "+2026-03-01T12:00:00Z",
  "2026-3-1T12:00:00Z",
  "2026-03-01T12:00:00ZZ",
  "２０２６-03-01T12:00:00Z",
];

for (const text of NO_TIME) {
  Deno.test(`V16 ${JSON.stringify(text)} is no time`, () => assertEquals(iso8601(text), undefined));
}

Deno.test("V16 reads what a Date writes, at any offset (property)", () => {
  const dates = fc.date({
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9998-12-30T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(dates, fc.integer({ min: -1_439, max: 1_439 }), (date, offset) => {
    const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
    const two = (n: number): string => String(n).padStart(2, "0");
    const ahead = Math.abs(offset);
    const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
    assertEquals(iso8601(local + zone), { ms: date.getTime(), ns: 0 });
  }));
});

Deno.test("V16 no text throws (property)", () => {
  const pieces = fc.array(fc.constantFrom("2026", "-", "03", "T", ":", "12", ".", "5", "Z", "+", " ", "x"));
  fc.assert(fc.property(fc.oneof(fc.string(), pieces.map((all) => all.join(""))), (text) => {
    const moment = iso8601(text);
    if (moment !== undefined) assertEquals(Number.isSafeInteger(moment.ms), true);
  }));
});
