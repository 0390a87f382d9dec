import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { InboxRecord, Value } from "../../src/model/mod.ts";
import { RiverBench, START } from "../unit/pipeline/river_bench.ts";
import {
  CALM_RULES,
  calmHappenings,
  type Happening,
  happenings,
  KEYRING,
  recordsOf,
  RULE_SETS,
} from "./pipeline_traffic.ts";

/** A reading that the river took, as the payload says it. */
interface Accepted {
  readonly device: string;
  readonly field: string;
  readonly ts: number;
  readonly value: Value;
}

/** Lets the records through and notes, from the payloads and the refusals alone, which readings were taken. */
function taken(bench: RiverBench, records: readonly InboxRecord[]): Accepted[] {
  const accepted: Accepted[] = [];
  for (const record of records) {
    const { processed } = bench.river.totals;
    const refusals = bench.out.refusals.length;
    bench.record(record);
    if (record.content.kind !== "message" || bench.river.totals.processed === processed) continue;
    const { topic, payload } = record.content.message;
    const { ts, seq: _seq, extra: _extra, sev: _sev, zone: _zone, ...values } = JSON.parse(
      new TextDecoder().decode(payload),
    );
    const refused = bench.out.refusals.slice(refusals).map(({ refusal }) => refusal);
    if (refused.some(({ reason }) => reason === "future" || reason === "too_old")) continue;
    const gone = new Set(refused.flatMap(({ field }) => field?.split(", ") ?? []));
    for (const [field, value] of Object.entries(values)) {
      if (!gone.has(field)) accepted.push({ device: topic.slice(6), field, ts, value: value as Value });
    }
  }
  return accepted;
}

/** Length of each field's windows, ms. */
const EVERY: Readonly<Record<string, number>> = { t: 10_000, n: 20_000, mode: 10_000, slow: 60_000 };

/** What the database must hold: every window from all its readings, calculated the plain way. */
function recomputed(accepted: readonly Accepted[]): Map<string, Value> {
  const database = new Map<string, Value>();
  const windows = new Map<string, Accepted[]>();
  const doors = new Map<string, { ts: number; value: Value }>();
  for (const reading of accepted) {
    const { device, field, ts, value } = reading;
    const every = EVERY[field];
    if (every !== undefined) {
      const key = `${device} ${field} ${Math.floor(ts / every) * every - START}`;
      windows.set(key, [...windows.get(key) ?? [], reading]);
      continue;
    }
    const moment = `${device} ${field} ${ts - START}`;
    const newest = doors.get(device);
    const repeats = field === "door" && newest !== undefined && ts >= newest.ts && value === newest.value &&
      ts - newest.ts < 5_000;
    if (repeats) continue;
    database.set(moment, value);
    if (field === "door" && (newest === undefined || ts >= newest.ts)) doors.set(device, { ts, value });
  }
  for (const [key, readings] of windows) {
    const [device = "", field = "", start = ""] = key.split(" ");
    for (const [name, value] of aggregates(field, readings)) {
      database.set(`${device} ${name} ${start}`, value);
    }
  }
  return database;
}

function aggregates(field: string, readings: readonly Accepted[]): [string, Value][] {
  const inTime = readings.map((reading, index) => ({ reading, index })).sort((a, b) =>
    a.reading.ts - b.reading.ts || a.index - b.index
  );
  const earliest = readings.find(({ ts }) => ts === inTime[0]?.reading.ts)?.value ?? "";
  const latest = inTime.at(-1)?.reading.value ?? "";
  if (field === "n") return [["n", latest]];
  const count = readings.length;
  if (field === "mode") return [["mode_first", earliest], ["mode_last", latest], ["mode_count", count]];
  const values = readings.map(({ value }) => Number(value));
  const sum = values.reduce((so, value) => so + value, 0);
  const mean = sum / count;
  const spread = values.reduce((so, value) => so + (value - mean) ** 2, 0);
  const numbers: Record<string, Value> = {
    mean,
    sum,
    min: Math.min(...values),
    max: Math.max(...values),
    stddev: count < 2 ? 0 : Math.sqrt(spread / (count - 1)),
    ...(field === "t" ? { first: earliest, last: latest, count, ...percentiles(values) } : {}),
  };
  return Object.entries(numbers).map(([name, value]) => [`${field}_${name}`, value]);
}

/** By nearest rank. */
function percentiles(values: readonly number[]): Record<string, number> {
  const sorted = values.toSorted((a, b) => a - b);
  return Object.fromEntries([50, 90, 95, 99].map((percent) => {
    return [`p${percent}`, sorted[Math.ceil(percent * sorted.length / 100) - 1] ?? NaN];
  }));
}

function equalsRecomputed(all: readonly Happening[]): void {
  const bench = new RiverBench(CALM_RULES);
  const accepted = taken(bench, recordsOf(all, [CALM_RULES]));
  const { elapsed } = bench.river;
  // Every window is written, and every correction too.
  bench.record({
    position: bench.river.position + 1,
    stamp: { receivedAt: START, elapsed: elapsed + 1e9, implausible: false },
    content: { kind: "tick" },
  });
  assertEquals(bench.ledger.readings.open, 0);
  const expected = recomputed(accepted);
  const found = bench.out.database;
  assertEquals([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [key, value] of expected) {
    const actual = found.get(key);
    if (typeof value === "number" && typeof actual === "number") {
      const tolerance = /_p\d+ /.test(key) ? Math.abs(value) * 0.01 : Math.max(Math.abs(value), 1) * 1e-9;
      assertAlmostEquals(actual, value, tolerance, key);
    } else assertEquals(actual, value, key);
  }
}

Deno.test("P3: at rest every window is what a plain calculation over all its accepted readings gives", () => {
  fc.assert(fc.property(calmHappenings, equalsRecomputed), { numRuns: 300 });
});

Deno.test("the made-up traffic reaches every way that a message and a reading can take", () => {
  const seen = new Set<string>();
  for (const [index, all] of fc.sample(happenings, { seed: 20, numRuns: 400 }).entries()) {
    const rules = RULE_SETS[index % RULE_SETS.length];
    if (rules === undefined) continue;
    const bench = new RiverBench(rules, KEYRING);
    for (const record of recordsOf(all, RULE_SETS)) bench.record(record);
    const { messages, readings, beside } = bench.ledger;
    for (const [name, count] of Object.entries({ ...messages, ...readings, ...beside })) {
      if (count > 0) seen.add(name);
    }
    for (const { refusal } of bench.out.refusals) seen.add(refusal.reason);
    for (const { rule, reason } of bench.out.alerts) seen.add(`${rule} ${reason ?? "fires"}`);
    if (bench.out.points.some(({ correction, readings }) => correction && readings > 0)) {
      seen.add("correction");
    }
  }
  const wanted = [
    ...[
      "processed",
      "duplicate",
      "filtered",
      "sampled",
      "quarantined",
      "decoded",
      "open",
      "unchanged",
      "rejected",
      "late",
    ],
    ...["sequence_gaps", "duplicate_assumed", "correction"],
    ...["payload_too_large", "undecodable", "no_readings", "missing_field", "type", "range", "too_long"],
    ...["no_birth", "sequence_gap", "unknown_alias"],
    ...["unknown_field", "bad_time", "bad_tag", "cardinality", "rate", "future", "too_old"],
    ...[
      "hot fires",
      "hot cleared",
      "hot rule_removed",
      "silent fires",
      "silent reported_again",
      "stuck fires",
    ],
  ];
  assertEquals(wanted.filter((each) => !seen.has(each)), []);
  assert(seen.size >= wanted.length);
});

Deno.test("W13: a point that is no correction is newer than every one before it, so that no block holds two of one moment", () => {
  fc.assert(
    fc.property(fc.nat({ max: RULE_SETS.length - 1 }), happenings, (which, all) => {
      const bench = new RiverBench(RULE_SETS[which] ?? CALM_RULES, KEYRING);
      for (const record of recordsOf(all, RULE_SETS)) bench.record(record);
      const newest = new Map<string, number>();
      for (const { stream, fields, ms, ns, correction } of bench.out.points) {
        for (const { name } of fields) {
          const series = `${stream.device} ${stream.measurement} ${JSON.stringify(stream.tags)} ${name}`;
          const moment = (ms - START) * 1e6 + ns;
          const before = newest.get(series) ?? -Infinity;
          if (correction) continue;
          assert(moment > before, `${series}: ${moment} after ${before}`);
          newest.set(series, moment);
        }
      }
    }),
    { numRuns: 200 },
  );
});
