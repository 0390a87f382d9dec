import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { AlertRule, FieldRule, Message, SampleRule } from "../../../src/model/mod.ts";
import { deviceLedger } from "../../../src/pipeline/mod.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const TENTH: SampleRule = { keep: 1, of: 10, except: {} };
const SEVERITY = field("severity", NONE, "string", { tag: true });

function bench(
  fields: readonly FieldRule[],
  sample: SampleRule,
  more: { sequence?: string; alerts?: readonly AlertRule[] } = {},
): RiverBench {
  const sequence = more.sequence === undefined ? null : [more.sequence];
  return new RiverBench(rulesOf(profile(fields, { sample, sequence }), { alerts: more.alerts ?? [] }));
}

function lineOf(n: number, values: Record<string, unknown> = {}): Message {
  return messageOf(`plant/d${n % 3}`, JSON.stringify({ ts: START + n, seq: n, v: n, ...values }));
}

/** Values of the points, in order. */
function kept(one: RiverBench): unknown[] {
  return one.out.points.map(({ fields }) => fields[0]?.value);
}

Deno.test("sampling keeps about one in ten, however alike the messages are", () => {
  for (const size of [0, 400]) {
    const one = bench([field("v", NONE)], TENTH);
    for (let n = 0; n < 20_000; n++) {
      one.river.step(recordOf(n, lineOf(n, { pad: "x".repeat(size) })), one.out);
    }
    const { processed, sampled, received } = one.ledger.messages;
    assertEquals([processed + sampled, received, one.out.points.length], [20_000, 20_000, processed]);
    assertGreater(processed, 1_800);
    assertLess(processed, 2_200);
    // No run of it is missing as a whole: in each thousand there are some.
    const values = kept(one).map(Number);
    for (let from = 0; from < 20_000; from += 1_000) {
      const here = values.filter((value) => value >= from && value < from + 1_000).length;
      assert(here > 50 && here < 160, `${here} of the thousand from ${from}`);
    }
  }
});

Deno.test("messages that differ in their last character alone do not share one fate", () => {
  const rules = rulesOf(profile([field("v", NONE)], { sample: TENTH, time: null }), { format: "value" });
  const one = new RiverBench(rules);
  for (let n = 0; n < 10_000; n++) one.message(messageOf("plant/d0", String(n)));
  const tens = new Map<number, number>();
  for (const value of kept(one)) {
    tens.set(Math.floor(Number(value) / 10), (tens.get(Math.floor(Number(value) / 10)) ?? 0) + 1);
  }
  assertLess(Math.max(...tens.values()), 7);
  assertGreater(tens.size, 500);
});

function recordOf(n: number, message: Message, elapsed = n) {
  const stamp = { receivedAt: START + elapsed, elapsed, implausible: false };
  return { position: n + 1, stamp, content: { kind: "message" as const, message } };
}

Deno.test("what a message is decides, so that another session, another time and a crash change nothing", () => {
  const first = bench([field("v", NONE)], TENTH);
  for (let n = 0; n < 500; n++) first.message(lineOf(n));
  const again = bench([field("v", NONE)], TENTH);
  for (let n = 0; n < 500; n++) {
    if (n % 100 === 50) again.crash();
    const message = { ...lineOf(n), connection: 7, packetId: n + 1 };
    again.message(message, { elapsed: 90_000 + n });
  }
  assertEquals(kept(again), kept(first));
  assertGreater(kept(first).length, 20);
});

Deno.test("a part of any size is kept: two thirds, all", () => {
  for (
    const [keep, of, least, most] of [[2, 3, 600, 730], [1, 1, 1_000, 1_000], [1, 1_000_000, 0, 2]] as const
  ) {
    const one = bench([field("v", NONE)], { keep, of, except: {} });
    for (let n = 0; n < 1_000; n++) one.message(lineOf(n));
    const { processed } = one.ledger.messages;
    assert(processed >= least && processed <= most, `${keep}/${of}: ${processed}`);
  }
});

Deno.test("exceptions are always kept, by tag and by field", () => {
  const sample: SampleRule = {
    keep: 1,
    of: 1_000_000,
    except: { severity: ["err", "crit"], door: [true], code: [500] },
  };
  const fields = [SEVERITY, field("door", NONE, "boolean"), field("code", NONE, "int"), field("v", NONE)];
  const one = bench(fields, sample);
  one.message(lineOf(1, { severity: "info" }));
  one.message(lineOf(2, { severity: "crit" }));
  one.message(lineOf(3, { door: true, code: 200 }));
  one.message(lineOf(4, { door: false, code: 500 }));
  one.message(lineOf(5, { severity: "debug", door: false, code: 200 }));
  const { processed, sampled } = one.ledger.messages;
  assertEquals([processed, sampled], [3, 2]);
});

Deno.test("what is refused, whole or in part, is never hidden by sampling", () => {
  const never: SampleRule = { keep: 1, of: 1_000_000, except: {} };
  const one = bench([field("v", NONE, "float", { range: [0, 9] }), field("w", NONE)], never);
  one.message(messageOf("plant/d0", "{not json"));
  one.message(lineOf(1, { v: 99, w: 1 }));
  one.message(lineOf(2, { v: 1, ts: START + 86_400_000 }));
  one.message(lineOf(3, { v: 1, w: 1 }));
  assertEquals(one.out.reasons, ["undecodable", "range", "future"]);
  const { messages, readings } = one.ledger;
  assertEquals([messages.quarantined, messages.processed, messages.sampled], [1, 2, 1]);
  assertEquals([readings.decoded, readings.rejected], [3, 2]);
});

Deno.test("what is left out makes no gap in a sequence, and a repetition of it is a duplicate", () => {
  const one = bench([field("v", NONE)], TENTH, { sequence: "seq" });
  for (let n = 0; n < 90; n += 3) {
    const message = messageOf("plant/d0", JSON.stringify({ ts: START + n, seq: n / 3, v: n }));
    one.message(message);
    one.message(message);
  }
  const { messages, beside } = one.ledger;
  assertEquals([messages.duplicate, beside.sequence_gaps], [30, 0]);
  assertEquals(messages.processed + messages.sampled, 30);
  assertGreater(messages.sampled, 15);
});

Deno.test("alert rules see every reading, and what is left out is a sign of life", () => {
  const alert: AlertRule = {
    name: "hot",
    profile: null,
    device: null,
    topic: null,
    tags: {},
    field: "v",
    condition: { kind: "above", limit: 90, clear: 80 },
    for: 0,
    severity: "critical",
    notify: [],
    summary: "",
  };
  const silent: AlertRule = {
    ...alert,
    name: "silent",
    field: null,
    condition: { kind: "silent", silentFor: 5_000 },
  };
  const never: SampleRule = { keep: 1, of: 1_000_000, except: {} };
  const one = bench([field("v", NONE)], never, { alerts: [alert, silent] });
  for (let n = 0; n < 20; n++) {
    one.report("d0", n * 1_000, { v: n === 10 ? 95 : 20 }, { elapsed: n * 1_000 });
  }
  assertEquals(one.ledger.messages.sampled, 20);
  assertEquals(one.out.points, []);
  assertEquals(one.out.alerts.map(({ rule, transition }) => `${rule} ${transition}`), [
    "hot firing",
    "hot resolved",
  ]);
});

Deno.test("windows of what is kept close by the time of everything that came", () => {
  const one = bench([field("v", windowed({ aggregates: ["count"], idleAfter: 3_600_000 }))], TENTH);
  for (let n = 0; n < 300; n++) one.report("d0", n * 100, { v: n }, { elapsed: n * 100 });
  const counted = one.out.points.reduce((sum, { fields }) => sum + Number(fields[0]?.value), 0);
  const { decoded, open } = one.ledger.readings;
  assertEquals(counted, decoded - open);
  assertEquals(one.out.points.length, 2);
});

Deno.test("each device's ledger says what was left out of its own", () => {
  const one = bench([field("v", NONE)], TENTH);
  for (let n = 0; n < 300; n++) one.message(lineOf(n));
  one.crash();
  const own = one.river.registry.devices.map((device) => deviceLedger(one.river, device).messages);
  assertEquals(own.map(({ received }) => received), [100, 100, 100]);
  const { sampled } = one.ledger.messages;
  assertEquals(own.reduce((sum, { sampled }) => sum + sampled, 0), sampled);
  assertGreater(sampled, 200);
});
