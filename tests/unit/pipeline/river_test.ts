import { assertEquals } from "@std/assert";
import type { AlertRule } from "../../../src/model/mod.ts";
import { deviceLedger } from "../../../src/pipeline/mod.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const silent: AlertRule = {
  name: "silent",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: null,
  condition: { kind: "silent", silentFor: 60_000 },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

const EVERY_READING = rulesOf(profile([field("t", NONE)]));
const WINDOWS = rulesOf(profile([field("t")]));

const device = (bench: RiverBench, id: string) => bench.river.registry.device(id);

Deno.test("a retained message is the broker's memory: a reading, but no sign of life", () => {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE)]), { alerts: [silent] }));
  const retained = messageOf("plant/d1", `{"ts":${START},"t":1}`, { retain: true });
  bench.message(retained, { elapsed: 0 });
  bench.tick(600_000);
  assertEquals(
    [bench.out.alerts.length, device(bench, "d1")?.lastSeen],
    [0, 0],
    "not watched before it lives",
  );
  bench.report("d1", 600_000, { t: 2 });
  bench.tick(700_000);
  bench.message({ ...retained, payload: new TextEncoder().encode(`{"ts":${START},"t":3}`) });
  assertEquals(
    bench.out.alerts.map(({ transition }) => transition),
    ["firing"],
    "and it brings no device back",
  );
  assertEquals(bench.ledger.messages.processed, 3);
});

Deno.test("W1: a device whose clock runs ahead does not close the windows of its other readings", () => {
  const bench = new RiverBench(WINDOWS);
  bench.report("d1", 1_000, { t: 1 }, { elapsed: 1_000 });
  bench.report("d1", 200_000, { t: 50 }, { elapsed: 2_000 });
  bench.report("d1", 3_000, { t: 3 }, { elapsed: 3_000 });
  bench.report("d1", 12_000, { t: 9 }, { elapsed: 12_000 });
  assertEquals(bench.out.database.get("d1 t_mean 0"), 2);
  assertEquals(bench.out.points.map(({ readings }) => readings), [2]);
});

Deno.test("while the wall clock is implausible the device's own time counts, and `future` is not judged", () => {
  const bench = new RiverBench(WINDOWS);
  const boot = { wall: -50 * 365 * 86_400_000, implausible: true };
  bench.report("d1", 1_000, { t: 1 }, { elapsed: 1_000, ...boot });
  bench.report("d1", 12_000, { t: 9 }, { elapsed: 12_000, ...boot });
  assertEquals([bench.out.reasons, bench.out.database.get("d1 t_mean 0")], [[], 1]);
});

Deno.test("a device at a thousand times its rate is refused beyond it, in journal time; others go on", () => {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE)]), { limits: { deviceRate: 2 } }));
  for (let n = 0; n < 100; n++) bench.report("mad", n, { t: n }, { elapsed: n });
  bench.report("calm", 100, { t: 1 }, { elapsed: 100 });
  const counts = { ...device(bench, "mad")?.counts };
  assertEquals([counts.processed, counts.quarantined, new Set(bench.out.reasons)], [
    2,
    98,
    new Set(["rate"]),
  ]);
  assertEquals(device(bench, "calm")?.counts.processed, 1);
  // The wall clock may jump as it likes; half a second of journal time is one message more.
  bench.report("mad", 0, { t: 1 }, { elapsed: 600, wall: 86_400_000 });
  bench.report("mad", 0, { t: 1 }, { elapsed: 600 });
  assertEquals(device(bench, "mad")?.counts.processed, 3);
});

Deno.test("beyond the limit of devices new ones are refused, known ones go on", () => {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE)]), { limits: { devices: 2 } }));
  for (const id of ["d1", "d2", "d3", "d1", "d3"]) bench.report(id, 0, { t: 1 });
  assertEquals([bench.out.reasons, bench.ledger.messages.processed], [["cardinality", "cardinality"], 3]);
});

Deno.test("beyond the limit of series the readings of new ones are refused, their message goes on", () => {
  const two = profile([field("t", NONE), field("u", NONE)]);
  const bench = new RiverBench(rulesOf(two, { limits: { series: 3 } }));
  bench.report("d1", 0, { t: 1, u: 1 });
  bench.report("d2", 0, { t: 1, u: 1 });
  bench.report("d2", 1, { t: 2, u: 2 });
  assertEquals(bench.out.refusals.map(({ refusal, readings }) => [refusal.field, readings]), [["u", 1], [
    "u",
    1,
  ]]);
  assertEquals([bench.ledger.messages.processed, bench.ledger.readings.rejected], [3, 2]);
});

Deno.test("readings late in one message are one entry, with all their fields", () => {
  const bench = new RiverBench(
    rulesOf(profile([field("a"), field("b"), field("c", windowed({ every: 60_000 }))])),
  );
  for (let second = 5; second < 90; second += 10) {
    bench.report("d1", second * 1_000, { a: 1, b: 1, c: 1 }, { elapsed: second * 1_000 });
  }
  bench.report("d1", 1_000, { a: 1, b: 1, c: 1 });
  const [late] = bench.out.refusals;
  assertEquals([late?.refusal.reason, late?.refusal.field, late?.readings], ["late", "a, b", 2]);
  assertEquals(bench.ledger.readings.late, 2, "the longer window still takes its reading");
});

Deno.test("a payload of several records is one message and as many readings", () => {
  const bench = new RiverBench(EVERY_READING);
  const records = [3, 1, 2].map((n) => ({ ts: START + n, t: n }));
  bench.message(messageOf("plant/d1", JSON.stringify(records)));
  assertEquals([bench.ledger.messages.processed, bench.ledger.readings.decoded], [1, 3]);
  assertEquals(bench.out.points.map(({ correction }) => correction), [false, true, true]);
});

Deno.test("a payload of which one record is refused as a whole is refused, and no reading of it counts", () => {
  const bench = new RiverBench(EVERY_READING);
  bench.message(messageOf("plant/d1", `[{"ts":${START},"t":1},{"t":2}]`));
  assertEquals([bench.out.reasons, bench.out.points.length], [["missing_field"], 0]);
  assertEquals(bench.ledger.readings.decoded, 0);
});

Deno.test("the ledger of one device is the gateway's where it is the only one", () => {
  const bench = new RiverBench(WINDOWS);
  for (const [time, t] of [[1, 1], [2, "x"], [3_000, 3], [-1e10, 4], [13_000, 5]] as const) {
    bench.report("d1", time, { t }, { elapsed: Math.max(0, time) });
  }
  const only = device(bench, "d1");
  if (only === undefined) throw new Error("The device is not known");
  assertEquals(deviceLedger(bench.river, only), bench.ledger);
});

Deno.test("deadlines up to a record's journal time come before it, in the order of their times", () => {
  const two = profile([
    field("a", windowed({ idleAfter: 5_000 })),
    field("b", windowed({ idleAfter: 4_000 })),
  ]);
  const bench = new RiverBench(
    rulesOf(two, { alerts: [{ ...silent, condition: { kind: "silent", silentFor: 4_500 } }] }),
  );
  bench.report("d1", 0, { a: 1, b: 1 });
  bench.report("d1", 6_000, { a: 2, b: 2 }, { elapsed: 6_000 });
  assertEquals(bench.out.log.map((line) => /_mean|firing|resolved/.exec(line)?.[0]), [
    "_mean",
    "firing",
    "_mean",
    "resolved",
  ]);
  assertEquals(bench.out.points.map(({ fields }) => fields[0]?.name), ["b_mean", "a_mean"]);
});

Deno.test("what a river remembers of connection and position goes through a crash", () => {
  const bench = new RiverBench(EVERY_READING);
  bench.session(false, 7);
  bench.report("d1", 0, { t: 1 }, { elapsed: 5_000 });
  bench.crash();
  const { connection, position, elapsed } = bench.river;
  assertEquals([connection, position, elapsed], [7, 2, 5_000]);
});
