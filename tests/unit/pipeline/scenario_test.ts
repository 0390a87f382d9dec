import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import type { AlertRule } from "../../../src/model/mod.ts";
import { field, profile, RiverBench, rulesOf, windowed } from "./river_bench.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A dead-man that waits longer than any silence that a test means to be harmless. */
const silent: AlertRule = {
  name: "silent",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: null,
  condition: { kind: "silent", silentFor: 5 * MINUTE },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

const RULES = rulesOf(profile([field("t", windowed({ aggregates: ["mean", "count", "first", "last"] }))]), {
  alerts: [silent],
});

/** A reading: its device time and its value. */
type Reading = readonly [time: number, value: number];

/** One reading every so often, each with a value of its own. */
function series(from: number, to: number, every = SECOND): Reading[] {
  const readings: Reading[] = [];
  for (let time = from; time < to; time += every) {
    readings.push([time, Math.sin(time / 7_000) * 20 + time / MINUTE]);
  }
  return readings;
}

/** Everything is written: hours later, and no device has a word to say. */
function finish(bench: RiverBench): void {
  bench.tick(bench.elapsed + 24 * HOUR);
}

/** Nothing was late, and the database holds of every window what all its readings give. */
function assertWhole(bench: RiverBench, all: readonly Reading[]): void {
  finish(bench);
  assertEquals(bench.out.reasons, []);
  const { open, late, decoded } = bench.ledger.readings;
  assertEquals([open, late, decoded], [0, 0, all.length]);
  const windows = new Map<number, Reading[]>();
  for (const reading of all) {
    const start = Math.floor(reading[0] / (10 * SECOND)) * 10 * SECOND;
    windows.set(start, [...windows.get(start) ?? [], reading]);
  }
  const { database } = bench.out;
  assertEquals(database.size, 4 * windows.size);
  for (const [start, readings] of windows) {
    const value = (name: string): number => Number(database.get(`kiln t_${name} ${start}`));
    const inTime = readings.toSorted(([a], [b]) => a - b);
    const mean = readings.reduce((sum, [, value]) => sum + value, 0) / readings.length;
    assertEquals(value("count"), readings.length, `window ${start}`);
    assertAlmostEquals(value("mean"), mean, 1e-9, `window ${start}`);
    assertEquals([value("first"), value("last")], [inTime[0]?.[1], inTime.at(-1)?.[1]], `window ${start}`);
  }
}

/** The device sends live: journal time goes along with its own. */
function live(bench: RiverBench, readings: readonly Reading[], ahead = 0): void {
  for (const [time, value] of readings) {
    bench.report("kiln", time, { t: value }, { elapsed: time - ahead, wall: time });
  }
}

/** The device sends from its memory, one message every 20 ms. */
function remembered(bench: RiverBench, readings: readonly Reading[]): void {
  for (const [time, value] of readings) {
    bench.report("kiln", time, { t: value }, { elapsed: bench.elapsed + 20 });
  }
}

Deno.test("a device that falls silent in the middle of a window for an hour and comes back completes it", () => {
  for (const silence of [0.5 * HOUR, HOUR, 30 * HOUR]) {
    const bench = new RiverBench(RULES);
    const before = series(0, 34 * SECOND);
    const rest = series(34 * SECOND, 40 * SECOND);
    const after = series(34 * SECOND + silence, 35 * SECOND + silence + MINUTE);
    live(bench, before);
    bench.tick(34 * SECOND + silence);
    assertEquals(bench.ledger.readings.open, 0, "the half window was written for idleness");
    // First what it holds of the moment in which it fell silent, then live.
    remembered(bench, rest);
    live(bench, after);
    assertWhole(bench, [...before, ...rest, ...after]);
  }
});

Deno.test("it does so too when its live data comes first and its memory a while later", () => {
  const bench = new RiverBench(RULES);
  const before = series(0, 34 * SECOND);
  const after = series(HOUR, HOUR + MINUTE);
  const rest = series(34 * SECOND, 40 * SECOND);
  live(bench, before);
  live(bench, after);
  remembered(bench, rest);
  assertWhole(bench, [...before, ...after, ...rest]);
});

Deno.test("a gateway that stood still for hours makes nothing late and no device dead", () => {
  for (const queued of [true, false]) {
    const bench = new RiverBench(RULES);
    const before = series(0, 34 * SECOND);
    live(bench, before);
    // Journal time did not run. The broker kept what the device sent meanwhile, or some of it.
    const stood = 6 * HOUR;
    const kept = queued ? series(34 * SECOND, 34 * SECOND + stood, 10 * MINUTE + 3 * SECOND) : [];
    for (const [time, value] of kept) {
      bench.report("kiln", time, { t: value }, { elapsed: bench.elapsed + 1, wall: stood + 34 * SECOND });
    }
    const after = series(34 * SECOND + stood, 2 * MINUTE + stood);
    live(bench, after, stood);
    assertEquals(bench.out.alerts, []);
    assertWhole(bench, [...before, ...kept, ...after]);
  }
});

const OFFLINE = { from: 5 * MINUTE + 3 * SECOND, to: 3 * HOUR + 5 * MINUTE };

/** Live, three hours away, and live again for a minute; then the memory is to come. */
function away(): { bench: RiverBench; sent: Reading[]; memory: Reading[] } {
  const bench = new RiverBench(rulesOf(RULES.profiles["kiln"] ?? profile([])));
  const sent = [...series(0, OFFLINE.from), ...series(OFFLINE.to, OFFLINE.to + MINUTE)];
  live(bench, sent);
  return { bench, sent, memory: series(OFFLINE.from, OFFLINE.to, 4 * SECOND) };
}

Deno.test("three hours from a device's memory after its live data find their windows, oldest first", () => {
  const { bench, sent, memory } = away();
  remembered(bench, memory);
  assertWhole(bench, [...sent, ...memory]);
});

Deno.test("newest first", () => {
  const { bench, sent, memory } = away();
  remembered(bench, memory.toReversed());
  assertWhole(bench, [...sent, ...memory]);
});

Deno.test("with live data in between", () => {
  const { bench, sent, memory } = away();
  const more: Reading[] = [];
  memory.forEach((reading, index) => {
    remembered(bench, [reading]);
    if (index % 50 !== 0) return;
    const now: Reading = [OFFLINE.to + MINUTE + (bench.elapsed - OFFLINE.to - MINUTE), index];
    more.push(now);
    bench.report("kiln", now[0], { t: now[1] }, { elapsed: bench.elapsed });
  });
  assertWhole(bench, [...sent, ...memory, ...more]);
});

Deno.test("in bursts with pauses longer than idle_after, in either direction", () => {
  for (const reversed of [false, true]) {
    const { bench, sent, memory } = away();
    const ordered = reversed ? memory.toReversed() : memory;
    // 37 readings of 4 s: a burst ends in the middle of a window.
    for (let at = 0; at < ordered.length; at += 37) {
      remembered(bench, ordered.slice(at, at + 37));
      bench.tick(bench.elapsed + 45 * SECOND);
    }
    assertGreater(bench.out.points.filter(({ correction }) => correction).length, 100);
    assertWhole(bench, [...sent, ...memory]);
  }
});

Deno.test("and with a crash after every burst", () => {
  const { bench, sent, memory } = away();
  for (let at = 0; at < memory.length; at += 37) {
    remembered(bench, memory.slice(at, at + 37));
    bench.crash();
    bench.tick(bench.elapsed + 45 * SECOND);
    bench.crash();
  }
  assertWhole(bench, [...sent, ...memory]);
});

Deno.test("what a memory sends twice is late, accounted for, and overwrites nothing", () => {
  const { bench, sent, memory } = away();
  remembered(bench, memory);
  bench.tick(bench.elapsed + HOUR);
  const { database } = bench.out;
  // All but the window in which the device went away: that one is still held for it (W7).
  const again = memory.filter(([time]) => time >= OFFLINE.from + 10 * SECOND);
  remembered(bench, again.map(([time]) => [time, 1e6]));
  finish(bench);
  assertEquals(bench.out.database, database);
  assertEquals(bench.ledger.readings.late, again.length);
  assertEquals(new Set(bench.out.reasons), new Set(["late"]));
  assertEquals(bench.ledger.readings.decoded, sent.length + memory.length + again.length);
});

Deno.test("a device that really is silent is found by the dead-man, and reported when it is back", () => {
  const bench = new RiverBench(RULES);
  live(bench, series(0, 10 * SECOND));
  bench.tick(HOUR);
  live(bench, [[HOUR, 1]]);
  assertEquals(bench.out.alerts.map(({ transition }) => transition), ["firing", "resolved"]);
});
