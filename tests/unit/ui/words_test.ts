import { assertEquals } from "@std/assert";
import {
  age,
  bytes,
  duration,
  moment,
  number,
  percent,
  plural,
  rate,
  reading,
} from "../../../src/ui/parts/words.ts";

Deno.test("durations are told in their two largest units, never rounded up", () => {
  const cases = [
    [0, "under 1 ms"],
    [0.0012, "1.2 ms"],
    [0.25, "250 ms"],
    [1, "1 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3_599, "59 min"],
    [3_600, "1 h"],
    [12_000, "3 h 20 min"],
    [86_400, "1 d"],
    [3_564_750, "41 d 6 h"],
  ] as const;
  for (const [seconds, text] of cases) assertEquals(duration(seconds), text);
});

Deno.test("numbers, rates, sizes and shares are told as people read them", () => {
  assertEquals(number(1_204_331), "1,204,331");
  assertEquals([rate(0), rate(0.01), rate(0.2), rate(2_431.4)], ["0", "under 0.1", "0.2", "2,431"]);
  assertEquals([bytes(0), bytes(1_023), bytes(1_536), bytes(40_000_000)], [
    "0 B",
    "1023 B",
    "1.5 KiB",
    "38 MiB",
  ]);
  assertEquals([percent(0, 10), percent(1, 1_000), percent(999, 1_000), percent(1, 0)], [
    "0 %",
    "under 1 %",
    "99 %",
    "0 %",
  ]);
  assertEquals([plural(1, "device"), plural(2, "series", "series")], ["1 device", "2 series"]);
});

Deno.test("moments have a date only when it is another day's, ages are never negative", () => {
  const now = "2026-07-01T14:12:30.000Z";
  assertEquals(moment(now, "2026-07-01T14:02:00Z"), "14:02");
  assertEquals(moment(now, "2026-06-30T23:59:59.999Z"), "30 June 23:59");
  assertEquals(moment(now, "2025-12-31T08:00:00Z"), "31 December 2025 08:00");
  assertEquals([age(now, "2026-07-01T14:10:00Z"), age(now, "2026-07-01T14:20:00Z")], ["2 min", "under 1 ms"]);
});

Deno.test("values are told with their unit", () => {
  assertEquals(reading(84.2, "degC"), "84.2 °C");
  assertEquals(reading(0.1 + 0.2, "bar"), "0.3 bar");
  assertEquals([reading(true, null), reading(false, null)], ["yes", "no"]);
  assertEquals(reading("a\u0007b", null), "a\\x07b");
});
