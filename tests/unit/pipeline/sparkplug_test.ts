import { assertEquals } from "@std/assert";
import type { AlertRule, FieldRule, Rules } from "../../../src/model/mod.ts";
import { bdSeq, type Metric, sparkplugPayload } from "../decode/sparkplug_bench.ts";
import { NOW } from "../decode/limits.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START } from "./river_bench.ts";

const SILENT: AlertRule = {
  name: "silent",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: null,
  condition: { kind: "silent", silentFor: 20_000 },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

/** Rules with one subscription to all nodes. */
function rules(fields: readonly FieldRule[] = [field("t", NONE, "float", { path: ["Temperature"] })]): Rules {
  const one = profile(fields, { time: null, maxAge: 10 * 86_400_000 });
  const plain = rulesOf(one, { alerts: [SILENT] });
  const topic = "spBv1.0/{group}/+/{node}/#";
  return { ...plain, subscriptions: [{ topic, profile: one.name, format: "sparkplug_b", tags: {} }] };
}

/** A node on a river; times of metrics are ms since START. */
class Node {
  readonly bench: RiverBench;

  constructor(given: Rules = rules()) {
    this.bench = new RiverBench(given);
  }

  say(
    type: string,
    seq: number | undefined,
    metrics: readonly Metric[],
    device?: string,
    elapsed?: number,
  ): void {
    const at = (ms: number): number => START - NOW + ms;
    const moved = metrics.map((each) => ({ ...each, timestamp: at(each.timestamp ?? this.bench.elapsed) }));
    const topic = `spBv1.0/g/${type}/n${device === undefined ? "" : `/${device}`}`;
    const payload = sparkplugPayload(seq, moved, at(this.bench.elapsed));
    this.bench.message({ ...messageOf(topic, ""), payload }, elapsed === undefined ? {} : { elapsed });
  }

  born(): void {
    this.say("NBIRTH", 0, [bdSeq(1), { name: "Temperature", alias: 1, value: 20 }]);
    this.say("DBIRTH", 1, [{ name: "Temperature", alias: 2, value: 30 }], "d");
  }

  get points(): string[] {
    return this.bench.out.points.map(({ stream, fields }) => `${stream.device} ${fields[0]?.value}`);
  }
}

Deno.test("births and data by alias become points of the node and of its device", () => {
  const node = new Node();
  node.born();
  node.say("NDATA", 2, [{ alias: 1, value: 21 }]);
  node.say("DDATA", 3, [{ alias: 2, value: 31 }], "d");
  assertEquals(node.points, ["g/n 20", "g/n/d 30", "g/n 21", "g/n/d 31"]);
  assertEquals(node.bench.out.reasons, []);
});

Deno.test("a birth without a field of the profile is no refusal, and its aliases hold", () => {
  const node = new Node();
  node.say("NBIRTH", 0, [bdSeq(1), { name: "Other", alias: 1, value: 1 }]);
  node.say("NDATA", 1, [{ alias: 1, value: 2 }]);
  assertEquals(node.bench.out.reasons, ["no_readings"]);
  assertEquals([node.bench.ledger.messages.processed, node.bench.ledger.messages.quarantined], [1, 1]);
});

Deno.test("metrics of several times: those without a field of the profile are passed over", () => {
  const node = new Node();
  node.born();
  node.say("NDATA", 2, [
    { name: "Other", value: 1, timestamp: -500 },
    { alias: 1, value: 21, timestamp: -400 },
    { alias: 1, value: 22, timestamp: -300 },
  ]);
  assertEquals(node.points.slice(2), ["g/n 21", "g/n 22"]);
  assertEquals(node.bench.out.reasons, []);
});

Deno.test("a gap quarantines, asks once in 10 s, and a birth sets it right, also after a crash", () => {
  const node = new Node();
  node.born();
  node.say("NDATA", 5, [{ alias: 1, value: 1 }]);
  node.bench.crash();
  node.say("DDATA", 6, [{ alias: 2, value: 1 }], "d", 9_000);
  node.say("DDATA", 7, [{ alias: 2, value: 1 }], "d", 10_000);
  assertEquals(node.bench.out.reasons, ["sequence_gap", "no_birth", "no_birth"]);
  assertEquals(node.bench.out.requests, ["spBv1.0/g/NCMD/n", "spBv1.0/g/NCMD/n"]);
  node.say("NBIRTH", 0, [bdSeq(1), { name: "Temperature", alias: 1, value: 2 }]);
  node.say("NDATA", 1, [{ alias: 1, value: 3 }]);
  assertEquals(node.points.slice(2), ["g/n 2", "g/n 3"]);
});

Deno.test("what the profile refuses is counted in the sequence all the same", () => {
  const node = new Node(rules([
    field("t", NONE, "float", { path: ["Temperature"], required: true, range: [0, 100] }),
  ]));
  node.born();
  node.say("NDATA", 2, [{ alias: 1, value: 500 }]);
  node.say("NDATA", 3, [{ alias: 1, value: 22 }]);
  assertEquals(node.bench.out.reasons, ["range"]);
  assertEquals(node.points.slice(2), ["g/n 22"]);
});

Deno.test("a device dies with its node: it is no sign of life, and it is gone at once", () => {
  const node = new Node();
  node.born();
  const states = (): unknown[] => node.bench.river.registry.devices.map(({ id, dead }) => [id, dead]);
  node.say("NDEATH", undefined, [bdSeq(1)], undefined, 15_000);
  assertEquals(states(), [["g/n", true], ["g/n/d", true]]);
  assertEquals(node.bench.out.points.length, 2);
  assertEquals(node.bench.ledger.messages.processed, 3);
  node.bench.crash();
  // The dead-man counts from the births, not from the death.
  node.bench.tick(20_001);
  assertEquals(node.bench.out.alerts.map(({ rule, device }) => [rule, device]), [
    ["silent", "g/n"],
    ["silent", "g/n/d"],
  ]);
  node.say("NBIRTH", 0, [bdSeq(2), { name: "Temperature", alias: 1, value: 20 }]);
  assertEquals(states(), [["g/n", false], ["g/n/d", true]]);
});

Deno.test("commands to a node, the gateway's own among them, are filtered and make no device", () => {
  const node = new Node();
  node.bench.message(messageOf("spBv1.0/g/NCMD/n", "x"));
  node.bench.message(messageOf("spBv1.0/STATE/host", '{"online":true}'));
  assertEquals([node.bench.ledger.messages.filtered, node.bench.river.registry.devices.length], [2, 0]);
});

Deno.test("other rules do not make the births forgotten", () => {
  const node = new Node();
  node.born();
  node.bench.rules(rules([field("hot", NONE, "float", { path: ["Temperature"] })]));
  node.say("NDATA", 2, [{ alias: 1, value: 25 }]);
  assertEquals(node.points.slice(2), ["g/n 25"]);
});

Deno.test("I8: data of the past is not tried again: births that came later would explain it wrongly", () => {
  const node = new Node();
  const { bench } = node;
  // Its metric goes by an alias, which only the births to come will know.
  node.say("NDATA", 2, [{ alias: 1, value: 21 }]);
  const [refused] = bench.out.refusals;
  assertEquals(refused?.refusal.reason, "no_birth");
  if (refused === undefined) return;
  node.born();
  const { inboxPosition, topic, payload, device, receivedAt } = refused;
  const entry = {
    ...{
      id: 1,
      what: "message" as const,
      reason: "no_birth" as const,
      inboxPosition,
      topic,
      payload,
      device,
    },
    ...{ retain: false, userProperties: [], receivedAt, implausible: false, readings: 0 },
  };
  bench.step({ kind: "command", command: { kind: "reinject", by: "anna", oldest: 1, entries: [entry] } });
  assertEquals(bench.out.results.at(-1), {
    kind: "reinject",
    items: [{ id: 1, outcome: "refused", why: { kind: "out_of_order" } }],
  });
  // What the node says next is what its births explain: nothing was remembered of the try.
  node.say("NDATA", 2, [{ alias: 1, value: 22 }]);
  assertEquals([node.points, bench.ledger.messages.quarantined], [["g/n 20", "g/n/d 30", "g/n 22"], 1]);
});
