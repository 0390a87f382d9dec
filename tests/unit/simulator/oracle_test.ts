import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  compare,
  expectedPoints,
  PointTable,
  type Published,
  seriesKey,
} from "../../../devices/simulator/mod.ts";
import type { FieldRule, Profile, SubscriptionRule } from "../../../src/model/mod.ts";
import { EVERY_READING, field, profile, windows } from "./rules.ts";

const MS = 1_000_000n;
/** A moment that is a whole number of 10 s windows, ms. */
const T = 1_700_000_000_000;
const KEY = seriesKey("m", [["device", "d1"], ["site", "north"]]);

function rules(fields: readonly FieldRule[], more: Partial<Profile> = {}) {
  const subscriptions: SubscriptionRule[] = [
    { topic: "site/{site}/{device}/telemetry", profile: "p", format: "json", tags: {} },
  ];
  return { subscriptions, profiles: { p: profile("p", "m", fields, more) } };
}

function says(...payloads: unknown[]): Published[] {
  return payloads.map((payload) => ({
    topic: "site/north/d1/telemetry",
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  }));
}

/** All values of the one series, as `[ms after T, field, value]`. */
function content(points: PointTable): [number, string, unknown][] {
  const series = points.get(KEY);
  if (series === undefined) return [];
  return [...series.rows].flatMap(([time, row]) =>
    series.columns.flatMap(({ name }, index): [number, string, unknown][] =>
      row[index] === undefined ? [] : [[Number(time / MS) - T, name, row[index]]]
    )
  );
}

Deno.test("a window aligned to the epoch holds what falls into [start, end), its point carries the start", () => {
  const aggregates = ["mean", "min", "max", "count", "sum", "first", "last", "stddev"] as const;
  const { points } = expectedPoints(
    says(
      { ts: T, v: 2 },
      { ts: T + 9_999, v: 9 },
      { ts: T + 4_000, v: 4 },
      { ts: T + 10_000, v: 100 },
    ),
    rules([field("v", "float", windows(10_000, aggregates))]),
  );
  assertEquals(content(points).filter(([at]) => at === 0), [
    [0, "v_mean", 5],
    [0, "v_min", 2],
    [0, "v_max", 9],
    [0, "v_count", 3],
    [0, "v_sum", 15],
    [0, "v_first", 2],
    [0, "v_last", 9],
    [0, "v_stddev", Math.sqrt((9 + 16 + 1) / 2)],
  ]);
  assertEquals(content(points).filter(([at]) => at === 10_000).map(([, , value]) => value), [
    100,
    100,
    100,
    1,
    100,
    100,
    100,
    0,
  ]);
});

Deno.test("a window of a single aggregate last goes by the field's plain name", () => {
  const { points } = expectedPoints(
    says({ ts: T + 100, v: 7 }, { ts: T + 200, v: 8 }),
    rules([field("v", "int", windows(60_000, ["last"]))]),
  );
  assertEquals(content(points), [[-20_000, "v", 8]]);
});

Deno.test("a moment before the epoch falls into the window that begins before it", () => {
  const { points } = expectedPoints(
    says({ ts: -1, v: 7 }),
    rules([field("v", "int", windows(10_000, ["first"]))]),
  );
  assertEquals([...points.get(KEY)?.rows.keys() ?? []], [-10_000n * MS]);
});

Deno.test("without downsampling each reading is a point", () => {
  const { points, readings } = expectedPoints(
    says({ ts: T, v: 1 }, { ts: T + 1, v: 1 }),
    rules([field("v", "float", EVERY_READING)]),
  );
  assertEquals(content(points), [[0, "v", 1], [1, "v", 1]]);
  assertEquals(readings, 2);
});

Deno.test("on change: the first, each change, and a repetition once the heartbeat has passed", () => {
  const door = (at: number, open: boolean): unknown => ({ ts: T + at, door: open });
  const { points, unchanged } = expectedPoints(
    says(
      door(0, false),
      door(10, false),
      door(20, true),
      door(30, true),
      // 100 ms after the last that passed, which was at 20 and not at 30.
      door(120, true),
      door(219, true),
      door(230, false),
    ),
    rules([field("door", "boolean", { kind: "change", heartbeat: 100 })]),
  );
  assertEquals(content(points), [
    [0, "door", false],
    [20, "door", true],
    [120, "door", true],
    [230, "door", false],
  ]);
  assertEquals(unchanged, 3);
});

Deno.test("on change: what comes from before the last that passed says something about the past, and passes", () => {
  const { points, unchanged } = expectedPoints(
    says({ ts: T + 50, v: 1 }, { ts: T + 20, v: 1 }, { ts: T + 60, v: 1 }),
    rules([field("v", "int", { kind: "change", heartbeat: null })]),
  );
  assertEquals(content(points), [[50, "v", 1], [20, "v", 1]]);
  assertEquals(unchanged, 1);
});

Deno.test("on change without a heartbeat an unchanged value is never repeated", () => {
  const { points, unchanged } = expectedPoints(
    says({ ts: T, v: "on" }, { ts: T + 86_400_000, v: "on" }),
    rules([field("v", "string", { kind: "change", heartbeat: null })]),
  );
  assertEquals(content(points), [[0, "v", "on"]]);
  assertEquals(unchanged, 1);
});

Deno.test("scale and offset come before the range; what is outside is refused by itself", () => {
  const { points, readings, rejected } = expectedPoints(
    says({ ts: T, a: 1, b: 10 }, { ts: T + 1, a: 1, b: 11 }, { ts: T + 2, a: 1, b: "10" }),
    rules([
      field("a", "int", EVERY_READING),
      field("b", "float", EVERY_READING, { scale: 2, offset: -1, range: [0, 19] }),
    ]),
  );
  assertEquals(content(points), [[0, "a", 1], [0, "b", 19], [1, "a", 1], [2, "a", 1]]);
  assertEquals([readings, rejected], [6, 2]);
});

Deno.test("a required field that is missing or refused sends the whole message into the quarantine", () => {
  const { points, quarantined, readings, filtered, messages } = expectedPoints(
    [
      ...says({ ts: T, b: 1 }, { ts: T, a: 300, b: 1 }, { ts: T, a: 1.5, b: 1 }, "{", { a: 1 }, { ts: T }),
      { topic: "elsewhere/d1", payload: "{}" },
    ],
    rules([
      field("a", "int", EVERY_READING, { required: true, range: [0, 200] }),
      field("b", "int", EVERY_READING),
    ]),
  );
  assertEquals(content(points), []);
  assertEquals({ messages, quarantined, filtered, readings }, {
    messages: 7,
    quarantined: 6,
    filtered: 1,
    readings: 0,
  });
});

Deno.test("device times are read digit by digit in every unit", () => {
  const times = [
    ["ns", 'x{"ts":1700000000123456789,"v":1}', 1_700_000_000_123_456_789n],
    ["us", 'x{"ts":1700000000123456,"v":1}', 1_700_000_000_123_456_000n],
    ["ms", 'x{"ts":1700000000123,"v":1}', 1_700_000_000_123_000_000n],
    ["s", 'x{"ts":1700000000.25,"v":1}', 1_700_000_000_250_000_000n],
    ["iso8601", 'x{"ts":"2023-11-14T22:13:20.123456789Z","v":1}', 1_700_000_000_123_456_789n],
    ["iso8601", 'x{"ts":"2023-11-15T00:13:20+02:00","v":1}', 1_700_000_000_000_000_000n],
  ] as const;
  for (const [unit, payload, expected] of times) {
    const { points } = expectedPoints(
      says(payload.slice(1)),
      rules([field("v", "int", EVERY_READING)], { time: { path: ["ts"], unit } }),
    );
    assertEquals([...points.get(KEY)?.rows.keys() ?? []], [expected], `${unit} ${payload}`);
  }
});

Deno.test("without a device time the time of receipt counts", () => {
  const messages = says({ v: 1 }).map((message) => ({ ...message, receivedAt: T }));
  const { points } = expectedPoints(messages, rules([field("v", "int", EVERY_READING)], { time: null }));
  assertEquals(content(points), [[0, "v", 1]]);
});

Deno.test("what the oracle cannot compute it says", () => {
  const { subscriptions, profiles } = rules([field("v", "int", EVERY_READING)]);
  const cbor = subscriptions.map((one) => ({ ...one, format: "cbor" as const }));
  assertThrows(() => expectedPoints(says({ ts: T }), { subscriptions: cbor, profiles }), Error, "cbor");
});

Deno.test("two tables of the same values do not differ, however their columns are ordered", () => {
  const one = new PointTable();
  const two = new PointTable();
  one.set("s", 1n, "a", 1);
  one.set("s", 1n, "b", true);
  two.set("s", 1n, "b", true);
  two.set("s", 1n, "a", 1);
  assertEquals(compare(one, two), []);
});

Deno.test("missing, spurious and differing values are told apart", () => {
  const expected = new PointTable();
  const actual = new PointTable();
  expected.set("s", 1n, "a", 1);
  expected.set("s", 2n, "a", 2);
  actual.set("s", 1n, "a", 1.5);
  actual.set("s", 3n, "a", 3);
  actual.set("t", 1n, "a", 1);
  assertEquals(compare(expected, actual).map(({ kind, series, time }) => [kind, series, time]), [
    ["differing", "s", 1n],
    ["missing", "s", 2n],
    ["spurious", "s", 3n],
    ["spurious", "t", 1n],
  ]);
});

Deno.test("rounding is forgiven in means alone, and only rounding", () => {
  const expected = new PointTable();
  const actual = new PointTable();
  expected.set("s", 1n, "mean", 20, "rounded");
  expected.set("s", 1n, "max", 20);
  actual.set("s", 1n, "mean", 20 + 1e-9);
  actual.set("s", 1n, "max", 20 + 1e-9);
  assertEquals(compare(expected, actual).map(({ field }) => field), ["max"]);
  actual.set("s", 1n, "mean", 20.000_001);
  assertEquals(compare(expected, actual).map(({ field }) => field), ["mean", "max"]);
});

Deno.test("a percentile must be there, within the 1 % of a sketch", () => {
  const { points } = expectedPoints(
    says(...[5, 1, 4, 2, 3].map((v, at) => ({ ts: T + at, v }))),
    rules([field("v", "float", windows(10_000, ["p50"]))]),
  );
  assertEquals(content(points), [[0, "v_p50", 3]]);
  const actual = new PointTable();
  assertEquals(compare(points, actual).map(({ kind }) => kind), ["missing"]);
  actual.set(KEY, BigInt(T) * MS, "v_p50", 3.02);
  assertEquals(compare(points, actual), []);
  actual.set(KEY, BigInt(T) * MS, "v_p50", 3.04);
  assertEquals(compare(points, actual).map(({ kind }) => kind), ["differing"]);
});

Deno.test("series keys cannot be confused by what stands in a tag", () => {
  assert(seriesKey("m", [["a", '1","b":"2']]) !== seriesKey("m", [["a", "1"], ["b", "2"]]));
  assertEquals(seriesKey("m", [["b", "2"], ["a", "1"]]), seriesKey("m", [["a", "1"], ["b", "2"]]));
});

Deno.test("the mean of many values does not depend on how it was added, within what is forgiven", () => {
  const values = Array.from({ length: 1_000 }, (_, n) => 20 + Math.sin(n));
  const { points } = expectedPoints(
    says(...values.map((v, at) => ({ ts: T + at, v }))),
    rules([field("v", "float", windows(10_000, ["mean"]))]),
  );
  const backwards = values.reduceRight((sum, value) => sum + value, 0) / values.length;
  assertAlmostEquals(Number(content(points)[0]?.[2]), backwards, 1e-10);
});
