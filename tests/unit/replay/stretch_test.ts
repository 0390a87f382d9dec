import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { AlertRule, Rules } from "../../../src/model/mod.ts";
import { ReplayProblem } from "../../../src/replay/mod.ts";
import { field, NONE, profile, rulesOf, START, windowed } from "../pipeline/river_bench.ts";
import { everySecond, gatewayOf, replayed, report, seconds, transitions } from "./replay_bench.ts";

const WINDOWS = rulesOf(profile([field("t")]));
const hot = (above: number): AlertRule => ({
  name: "hot",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: "t",
  condition: { kind: "above", limit: above, clear: above },
  for: 0,
  severity: "critical",
  notify: ["ops"],
  summary: "",
});

Deno.test("H2, H4: with the whole journal at hand the points are the gateway's, each once and in its last version", async () => {
  const records = [
    ...everySecond("d1", [0, 40]),
    // A late reading completes a window that was written; the next ones close it for good.
    report(41, "d1", 22_500, { t: 100 }, 40_000),
    ...everySecond("d1", [41, 120]),
  ];
  const gateway = gatewayOf(WINDOWS, records);
  const { out, summary } = await replayed(WINDOWS, records);
  assertEquals(out.database, gateway.database);
  assertEquals([gateway.points.length, out.points.length], [12, 11], "the corrected window went out once");
  assertEquals(seconds(out.points), seconds(gateway.points.filter(({ correction }) => !correction)));
  assertEquals(summary.points, new Map([["kiln", 11]]));
  assertEquals([summary.first, summary.last], [1, 120]);
  assertEquals(summary.messages.received, 120);
  assertEquals(summary.readings.decoded, 120);
});

Deno.test("H5: a window that is open at the end, or waits to be written again, does not go out", async () => {
  const open = await replayed(WINDOWS, everySecond("d1", [0, 25]));
  assertEquals(seconds(open.out.points), [0, 10]);
  assertEquals(open.summary.leftOut, { edge: 0, open: 1 });
  const dirty = await replayed(WINDOWS, [
    ...everySecond("d1", [0, 25]),
    report(26, "d1", 12_500, { t: 100 }, 25_000),
  ]);
  assertEquals(seconds(dirty.out.points), [0]);
  assertEquals(dirty.summary.leftOut, { edge: 0, open: 2 });
});

Deno.test("H3: the stretch is half open by time of receipt; what lies before it gives the state and nothing else", async () => {
  const rules = rulesOf(
    profile([field("t", NONE), field("door", { kind: "change", heartbeat: null }, "boolean")]),
    {
      alerts: [hot(50)],
    },
  );
  const records = Array.from(
    { length: 10 },
    (_, n) => report(n + 1, "d1", n * 1_000, { t: n < 3 ? 60 : n < 8 ? 61 : 10, door: true }),
  );
  const { out, summary } = await replayed(rules, records, { from: START + 4_000, to: START + 9_000 });
  assertEquals(seconds(out.points), [4, 5, 6, 7, 8], "and the door has not changed since");
  assertEquals(transitions(out.alerts), ["hot resolved 8"], "it had fired before");
  assertEquals(summary.alerts, new Map([["hot", { firing: 0, resolved: 1 }]]));
  assertEquals(summary.messages.received, 5);
  assertEquals(summary.readings, { decoded: 10, unchanged: 5, rejected: 0, late: 0 });
  assertEquals(summary.received, { from: START + 4_000, to: START + 8_000 });
  assertEquals([summary.first, summary.last], [1, 10], "all of it was read");
});

Deno.test("H3: a window that was begun before the stretch and is written within it is whole", async () => {
  const records = everySecond("d1", [0, 60]);
  const { out } = await replayed(WINDOWS, records, { from: START + 15_000 });
  assertEquals(out.database.get("d1 t_count 10000"), 10);
  assertEquals(seconds(out.points), [10, 20, 30, 40]);
});

Deno.test("H3, H4: a window of the stretch that a later reading completes goes out complete, and nothing else that is later", async () => {
  const records = [
    ...everySecond("d1", [0, 25]),
    report(26, "d1", 12_500, { t: 100 }, 25_000),
    ...everySecond("d1", [26, 200]),
  ];
  const { out, summary } = await replayed(WINDOWS, records, { to: START + 25_000 });
  assertEquals(seconds(out.points), [0, 10]);
  assertEquals(out.database.get("d1 t_count 10000"), 11);
  assertEquals(summary.leftOut, { edge: 0, open: 1 }, "the window from 20 s on belongs to the next stretch");
  assertEquals(summary.last < 100, true, `it need not be read to its end: ${summary.last}`);
});

Deno.test("H3: two stretches that meet give together what one gives", async () => {
  const records = [...everySecond("d1", [0, 300])];
  const whole = await replayed(WINDOWS, records);
  const first = await replayed(WINDOWS, records, { to: START + 137_000 });
  const second = await replayed(WINDOWS, records, { from: START + 137_000 });
  assertEquals([...first.out.database, ...second.out.database], [...whole.out.database]);
});

Deno.test("H3: a record whose wall clock was not to be trusted goes with its neighbour", async () => {
  const rules = rulesOf(profile([field("t", NONE)]));
  const records = everySecond("d1", [0, 10]).map((record) =>
    record.position === 4
      ? { ...record, stamp: { ...record.stamp, receivedAt: 0, implausible: true } }
      : record.position === 8
      ? { ...record, stamp: { ...record.stamp, receivedAt: START + 86_400_000, implausible: true } }
      : record
  );
  const { out } = await replayed(rules, records, { from: START + 2_000, to: START + 9_000 });
  assertEquals(seconds(out.points), [2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("H2: the rules are those of the configuration: other windows, other alerts, and what was refused is taken", async () => {
  const old = rulesOf(profile([field("t", windowed(), "float", { range: [0, 30] })]), {
    alerts: [hot(1_000)],
  });
  const now: Rules = rulesOf(profile([field("t", windowed({ every: 20_000 }))]), { alerts: [hot(50)] });
  const messages = everySecond("d1", [0, 80]);
  const records = messages.map((record) =>
    record.position === 1 ? { ...record, content: { kind: "rules", rules: old } as const } : record
  );
  const before = gatewayOf(old, records);
  const { out, summary } = await replayed(now, records);
  assertEquals(new Set(before.reasons), new Set(["range"]));
  assertEquals(before.alerts, []);
  assertEquals(seconds(out.points), [0, 20, 40]);
  assertEquals(out.database.get("d1 t_count 40000"), 20);
  assertEquals([...summary.refusals], []);
  assertEquals(transitions(out.alerts), ["hot firing 51"]);
  assertEquals(summary.rulesSkipped, 1);
});

Deno.test("refusals are counted by their reasons, and a message that cannot be routed as filtered", async () => {
  const rules = rulesOf(profile([field("t", NONE, "float", { range: [0, 5] }), field("u", NONE)]));
  const strange = report(4, "d1", 3_000, { u: 1 });
  const records = [
    ...everySecond("d1", [0, 2]),
    report(3, "d1", 2_000, { t: 99, u: 1 }),
    {
      ...strange,
      content: { kind: "message", message: { ...messageOf(strange), topic: "elsewhere" } } as const,
    },
    report(5, "d1", 4_000, { t: "x" }),
  ];
  const { summary } = await replayed(rules, records);
  assertEquals(summary.refusals, new Map([["range", 1], ["type", 1]]));
  assertEquals(summary.messages, {
    received: 5,
    processed: 4,
    duplicate: 0,
    filtered: 1,
    sampled: 0,
    quarantined: 0,
  });
});

Deno.test("a record that cannot be taken in ends the replay, and says which it is", async () => {
  const privacy = { keyId: "gone", rotate: null, keepRefusedPayloads: false };
  const subscriptions = WINDOWS.subscriptions.map((one) => ({
    ...one,
    redact: { device: { kind: "hash", digits: 16 } } as const,
  }));
  const error = await assertRejects(
    () => replayed({ ...WINDOWS, privacy, subscriptions }, everySecond("d1", [6, 8])),
    ReplayProblem,
  );
  assertStringIncludes(error.message, "The record 7 cannot be taken in: ");
});

Deno.test("nothing to read gives an empty summary", async () => {
  const { out, summary } = await replayed(WINDOWS, []);
  assertEquals([out.points, summary.first, summary.last, summary.received], [[], 0, 0, undefined]);
});

function messageOf({ content }: ReturnType<typeof report>) {
  if (content.kind !== "message") throw new Error("It is no message");
  return content.message;
}
