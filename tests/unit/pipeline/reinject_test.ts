import { assert, assertEquals, assertGreater } from "@std/assert";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { Refused, ReinjectedEntry, ReinjectedItem } from "../../../src/model/mod.ts";
import { deviceLedger } from "../../../src/pipeline/mod.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const NARROW = rulesOf(
  profile([field("t", windowed(), "float", { range: [0, 100], required: true }), field("n")]),
);
const WIDE = rulesOf(profile([field("t", windowed(), "float", { range: [0, 900] }), field("n")]));

/** What the gateway makes of an entry; ids count up in order of the refusals. */
export function entryOf(bench: RiverBench, id: number, more: Partial<ReinjectedEntry> = {}): ReinjectedEntry {
  const refused: Refused | undefined = bench.out.refusals[id - 1];
  if (refused === undefined) throw new Error(`There is no entry ${id}`);
  const { what, refusal, inboxPosition, topic, payload, device, receivedAt, readings, record, fields } =
    refused;
  const names = fields ?? (refusal.field === undefined ? undefined : [refusal.field]);
  return {
    ...{ id, what, reason: refusal.reason, inboxPosition, topic, payload, device, receivedAt, readings },
    ...{ retain: refused.retain === true, userProperties: [], implausible: refused.implausible === true },
    ...(record === undefined ? {} : { record }),
    ...(names === undefined || what === "message" ? {} : { fields: names }),
    ...more,
  };
}

/** Has entries tried again; returns what became of them. */
function again(
  bench: RiverBench,
  entries: readonly ReinjectedEntry[],
  oldest = 1,
): readonly ReinjectedItem[] {
  bench.step({ kind: "command", command: { kind: "reinject", by: "anna", oldest, entries } });
  const result = bench.out.results.at(-1);
  assert(result?.kind === "reinject");
  return result.items;
}

function outcomes(items: readonly ReinjectedItem[]): string[] {
  return items.map((item) => item.outcome === "refused" ? `refused: ${item.why.kind}` : item.outcome);
}

function line(bench: RiverBench, back = 1): string {
  const point = bench.out.points.at(-back);
  return point === undefined ? "nothing" : encodeLine(point);
}

/** A message that its profile refuses whole, between two that it takes. */
function refusedOnce(): RiverBench {
  const bench = new RiverBench(NARROW);
  bench.report("k1", 1_000, { t: 20, n: 1 });
  bench.report("k1", 2_000, { t: 700, n: 2 });
  bench.report("k1", 3_000, { t: 22, n: 3 });
  assertEquals([bench.ledger.messages.quarantined, bench.out.reasons], [1, ["range"]]);
  return bench;
}

Deno.test("I1: a message that is taken now moves from quarantined to processed, and its readings into their window", () => {
  const bench = refusedOnce();
  bench.rules(WIDE);
  const [item] = again(bench, [entryOf(bench, 1)]);
  assertEquals(item, { id: 1, outcome: "accepted", readings: 2, repeated: false, points: [], alerts: [] });
  const { messages, readings, beside } = bench.ledger;
  assertEquals([messages.received, messages.processed, messages.quarantined], [3, 3, 0]);
  assertEquals([readings.decoded, readings.open, beside.replayed], [6, 6, 1]);
  const device = bench.river.registry.device("k1");
  assert(device !== undefined);
  assertEquals(deviceLedger(bench.river, device).beside.replayed, 1);
  bench.tick(60_000);
  assertEquals(bench.out.points.map(encodeLine).map((text) => text.split(" ")[1]), [
    `t_mean=${(20 + 700 + 22) / 3},t_count=3i`,
    "n_mean=2,n_count=3i",
  ]);
});

Deno.test("I2: it goes through once, also after a crash, and what was forgotten counts as done", () => {
  const bench = refusedOnce();
  bench.rules(WIDE);
  const entry = entryOf(bench, 1);
  assertEquals(outcomes(again(bench, [entry, entry])), ["accepted", "already_replayed"]);
  bench.crash();
  assertEquals(outcomes(again(bench, [entry])), ["already_replayed"]);
  assertEquals(outcomes(again(bench, [entry], 7)), ["already_replayed"]);
  assertEquals([bench.ledger.messages.processed, bench.ledger.beside.replayed], [3, 1]);
});

Deno.test("I3: what is refused again stays where it is, says why, and is not counted twice", () => {
  const bench = refusedOnce();
  const before = bench.ledger;
  const [item] = again(bench, [entryOf(bench, 1)]);
  assert(item?.outcome === "refused" && item.why.kind === "refused");
  assertEquals(item.why.refusal, { reason: "range", field: "t", found: "700", allowed: "0 … 100" });
  assertEquals([bench.ledger, bench.out.refusals.length], [before, 1]);
  assertEquals(bench.river.reinjected.snapshot().edges, []);
  bench.rules({ ...WIDE, subscriptions: [] });
  assertEquals(outcomes(again(bench, [entryOf(bench, 1)])), ["refused: no_subscription"]);
});

Deno.test("I4: what is late is written by itself, under a tag that keeps it apart, and no window is overwritten", () => {
  const bench = refusedOnce();
  // Time passes step by step: a device that was away would have its windows kept for it.
  for (let at = 5_000; at <= 120_000; at += 5_000) bench.report("k1", at, { t: 25, n: 4 }, { elapsed: at });
  const written = bench.out.points.length;
  assertGreater(written, 0);
  bench.rules(WIDE);
  const [item] = again(bench, [entryOf(bench, 1)]);
  assert(item?.outcome === "accepted");
  assertEquals(item.points.map(encodeLine), [
    `kiln,device=k1,replayed=true t=700 ${START + 2_000}000000`,
    `kiln,device=k1,replayed=true n=2 ${START + 2_000}000000`,
  ]);
  assertEquals(bench.out.points.length, written + 2);
  assert(bench.out.points.slice(-2).every(({ correction, readings }) => correction && readings === 1));
  assertEquals(bench.ledger.readings.late, 0);
});

Deno.test("I5: single readings move from rejected or late, and the rest of their message is left alone", () => {
  const narrow = field("t", NONE, "float", { range: [0, 100] });
  const bench = new RiverBench(rulesOf(profile([narrow, field("n", NONE)])));
  bench.report("k1", 1_000, { t: 700, n: 1 });
  assertEquals([bench.ledger.readings.rejected, line(bench)], [
    1,
    `kiln,device=k1 n=1 ${START + 1_000}000000`,
  ]);
  assertEquals(outcomes(again(bench, [entryOf(bench, 1)])), ["refused: refused"]);
  bench.rules(rulesOf(profile([field("t", NONE), field("n", NONE)])));
  assertEquals(outcomes(again(bench, [entryOf(bench, 1)])), ["accepted"]);
  assertEquals(line(bench), `kiln,device=k1 t=700 ${START + 1_000}000000`);
  const { messages, readings } = bench.ledger;
  assertEquals([messages.received, messages.processed, readings.decoded, readings.rejected], [1, 1, 2, 0]);
  assertEquals(bench.out.points.length, 2);
});

Deno.test("I5: of a message with several records only the one that the entry is about is taken", () => {
  const senml = (range: readonly [number, number]) => {
    const one = profile([field("t", NONE, "float", { range })], { time: null });
    const rules = rulesOf(one);
    return {
      ...rules,
      subscriptions: rules.subscriptions.map((each) => ({ ...each, format: "senml" as const })),
    };
  };
  const bench = new RiverBench(senml([0, 100]));
  const pack = [1, 2, 3].map((n) => ({ n: "t", v: n === 2 ? 20 : n * 300, t: START / 1_000 + n }));
  bench.message(messageOf("plant/k1", JSON.stringify(pack)));
  assertEquals(bench.out.refusals.map(({ record, refusal }) => [record, refusal.found]), [[0, "300"], [
    2,
    "900",
  ]]);
  bench.rules(senml([0, 1_000]));
  const { record: _, ...unknown } = entryOf(bench, 2);
  assertEquals(outcomes(again(bench, [unknown])), ["refused: record_unknown"]);
  assertEquals(outcomes(again(bench, [entryOf(bench, 2)])), ["accepted"]);
  assertEquals(line(bench), `kiln,device=k1 t=900 ${START + 3_000}000000`);
  assertEquals([bench.ledger.readings.rejected, bench.out.points.length], [1, 2]);
});

Deno.test("I6: a message that has come again meanwhile is a repetition; what it fills of a gap is missing no more", () => {
  const counted = (range: readonly [number, number]) =>
    rulesOf(profile([field("t", windowed(), "float", { range, required: true })], { sequence: ["seq"] }));
  const bench = new RiverBench(counted([0, 100]));
  for (const [seq, t] of [[1, 20], [2, 700], [3, 22], [4, 800], [5, 23]] as const) {
    bench.report("k1", seq * 100, { seq, t });
  }
  assertEquals([bench.ledger.beside.sequence_gaps, bench.ledger.messages.quarantined], [2, 2]);
  bench.rules(counted([0, 900]));
  bench.report("k1", 200, { seq: 2, t: 700 });
  bench.report("k1", 600, { seq: 6, t: 24 });
  assertEquals(bench.ledger.beside.sequence_gaps, 1);
  const items = again(bench, [entryOf(bench, 1), entryOf(bench, 2)]);
  assertEquals(items.map((item) => item.outcome === "accepted" && item.repeated), [true, false]);
  const { messages, beside } = bench.ledger;
  assertEquals([messages.received, messages.processed, messages.duplicate, messages.quarantined], [
    7,
    6,
    1,
    0,
  ]);
  assertEquals([beside.sequence_gaps, beside.replayed], [0, 2]);
  bench.report("k1", 700, { seq: 7, t: 24 });
  assertEquals(bench.ledger.beside.sequence_gaps, 0);
});

Deno.test("I7: what was never counted for its device is counted where it goes; nothing goes below zero", () => {
  const small = rulesOf(profile([field("t", NONE)]), { limits: { devices: 1 } });
  const bench = new RiverBench(small);
  for (const device of ["k1", "k2", "k2"]) bench.report(device, 1, { t: 1 });
  assertEquals(bench.out.reasons, ["cardinality", "cardinality"]);
  bench.rules(rulesOf(profile([field("t", NONE)])));
  assertEquals(outcomes(again(bench, [entryOf(bench, 1), entryOf(bench, 2)])), ["accepted", "accepted"]);
  const device = bench.river.registry.device("k2");
  assert(device !== undefined);
  assertEquals([device.counts.received, device.counts.processed, device.counts.quarantined], [2, 2, 0]);
  // The device that it is counted for need not be the one that it leads to.
  const moved = entryOf(bench, 1, { id: 9, device: "k1" });
  assertEquals(outcomes(again(bench, [moved])), ["accepted"]);
});

Deno.test("I8: it is no sign of life, asks nothing of a device, and does not touch the count of receipts", () => {
  const own = profile([field("t", NONE, "float", { range: [0, 100], required: true })], { time: null });
  const bench = new RiverBench(rulesOf(own));
  const message = (t: number) => messageOf("plant/k1", JSON.stringify({ t }));
  bench.message(message(1));
  bench.message(message(700));
  bench.rules(rulesOf(profile([field("t", NONE)], { time: null })));
  bench.step({ kind: "tick" }, { elapsed: 50_000 });
  const device = bench.river.registry.device("k1");
  const seen = device?.lastSeen;
  bench.message(message(2));
  assertEquals(outcomes(again(bench, [entryOf(bench, 1)])), ["accepted"]);
  bench.message(message(3));
  assertEquals(device?.lastSeen, (seen ?? 0) + 50_000);
  // A time within the millisecond of its receipt that nothing else has: here 1, 2, 3 are at 0 and 1 ns.
  const times = bench.out.points.map(({ ms, ns }) => [ms - START, ns]);
  assertEquals(times, [[0, 0], [50_000, 0], [0, 500_000 + 2 * 31], [50_000, 1]]);
});

Deno.test("I9: a point that the database refused is offered again, as the line that it was", () => {
  const bench = new RiverBench(WIDE);
  bench.report("k1", 1_000, { t: 20 });
  const text = String.raw`kiln,device=k1 t_count=3i,words="a b, \"c\"" 1800003600000000000`;
  const entry: ReinjectedEntry = {
    ...{
      id: 1,
      what: "point",
      reason: "refused",
      inboxPosition: 0,
      topic: "kiln",
      device: "k1",
      retain: false,
    },
    ...{ userProperties: [], receivedAt: START, implausible: false, readings: 0 },
    payload: new TextEncoder().encode(text),
  };
  assertEquals(outcomes(again(bench, [entry])), ["accepted"]);
  assertEquals([line(bench), bench.out.points.at(-1)?.correction], [text, true]);
  assertEquals(outcomes(again(bench, [{ ...entry, id: 2, device: "k9" }])), ["refused: device_unknown"]);
  const broken = { ...entry, id: 3, payload: new TextEncoder().encode("kiln t=") };
  assertEquals(outcomes(again(bench, [broken])), ["refused: line_unreadable"]);
});

Deno.test("a command is done whether anybody listens to what became of it or not", () => {
  const bench = refusedOnce();
  bench.rules(WIDE);
  const content = {
    kind: "command" as const,
    command: { kind: "reinject" as const, by: "anna", oldest: 1, entries: [entryOf(bench, 1)] },
  };
  const stamp = { receivedAt: START, elapsed: 0, implausible: false };
  bench.river.step({ position: 9, stamp, content }, { point() {}, refused() {}, alert() {} });
  assertEquals(bench.ledger.beside.replayed, 1);
});
