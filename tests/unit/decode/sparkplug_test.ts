import { assert, assertEquals } from "@std/assert";
import protocol from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import { timed } from "./decoding.ts";
import { NOW } from "./limits.ts";
import { bdSeq, SparkplugBench, sparkplugPayload } from "./sparkplug_bench.ts";

const TEMPERATURE = { name: "Temperature", alias: 1, value: 20 };
const PRESSURE = { name: "Pressure", alias: 2, value: 1_000 };

/** A node with two metrics and a device `d` with one, all born. */
function born(bench = new SparkplugBench()): SparkplugBench {
  bench.say("NBIRTH", 0, [bdSeq(7), TEMPERATURE, PRESSURE]);
  bench.say("DBIRTH", 1, [{ name: "Level", alias: 1, value: 3 }], "d");
  return bench;
}

Deno.test("S1 births give readings, and names to the aliases of later data", () => {
  const bench = new SparkplugBench();
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(7), TEMPERATURE, PRESSURE]), [{
    Temperature: 20,
    Pressure: 1_000,
  }]);
  assertEquals(bench.say("DBIRTH", 1, [{ name: "Level", alias: 1, value: 3 }], "d"), [{ Level: 3 }]);
  assertEquals(bench.say("NDATA", 2, [{ alias: 2, value: 990 }, { alias: 1, value: 21 }]), [
    { Pressure: 990, Temperature: 21 },
  ]);
  assertEquals(bench.say("DDATA", 3, [{ alias: 1, value: 4 }], "d"), [{ Level: 4 }]);
  assertEquals(bench.say("NDATA", 4, [{ name: "Temperature", value: 22 }]), [{ Temperature: 22 }]);
  assertEquals(bench.requests, []);
});

Deno.test("S1 an alias belongs to the node or device that gave it", () => {
  const bench = born();
  assertEquals(bench.say("DDATA", 2, [{ alias: 2, value: 1 }], "d"), "unknown_alias");
});

Deno.test("S1 a birth that repeats what was reported is no new reading", () => {
  const bench = new SparkplugBench();
  const old = { ...TEMPERATURE, timestamp: -5_000 };
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(0), old]), [{ Temperature: 20 }]);
  bench.take("NDATA", sparkplugPayload(1, [{ alias: 1, value: 21, timestamp: -1_000 }]));
  const repeated = { ...TEMPERATURE, value: 21, timestamp: -1_000 };
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(0), repeated, PRESSURE]), [{ Pressure: 1_000 }]);
  // Also after a death: the node came back and says what it said last.
  bench.say("NDEATH", undefined, [bdSeq(0)]);
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(1), repeated]), []);
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(1), { ...repeated, timestamp: -999 }]), [{ Temperature: 21 }]);
});

Deno.test("S1 a birth takes the place of an earlier one: its aliases are gone", () => {
  const bench = born();
  bench.say("NBIRTH", 0, [bdSeq(8), { ...TEMPERATURE, alias: 9 }]);
  assertEquals(bench.say("NDATA", 1, [{ alias: 9, value: 5 }]), [{ Temperature: 5 }]);
  assertEquals(bench.say("NDATA", 2, [{ alias: 1, value: 5 }]), "unknown_alias");
});

Deno.test("S2 the numbers of a node and its devices count together and wrap at 255", () => {
  const bench = born();
  for (let n = 2; n < 600; n++) {
    const [type, device] = n % 2 === 0 ? ["NDATA", undefined] : ["DDATA", "d"];
    assertEquals(typeof bench.say(type ?? "", n % 256, [{ alias: 1, value: n }], device), "object", `${n}`);
  }
});

Deno.test("S2 a missing message makes everything doubtful until the node's next birth", () => {
  const bench = born();
  assertEquals(bench.say("NDATA", 3, [{ alias: 1, value: 1 }]), "sequence_gap");
  assertEquals(bench.say("NDATA", 4, [{ alias: 1, value: 1 }]), "no_birth");
  assertEquals(bench.say("DDATA", 5, [{ alias: 1, value: 1 }], "d"), "no_birth");
  assertEquals(bench.say("DBIRTH", 6, [{ name: "Level", alias: 1, value: 3 }], "d"), "no_birth");
  born(bench);
  assertEquals(bench.say("DDATA", 2, [{ alias: 1, value: 9 }], "d"), [{ Level: 9 }]);
});

Deno.test("S2 a number that is repeated is a gap too", () => {
  const bench = born();
  bench.say("NDATA", 2, [{ alias: 1, value: 1 }]);
  assertEquals(bench.say("NDATA", 2, [{ alias: 1, value: 1 }]), "sequence_gap");
});

Deno.test("S3 data without a birth is refused, of a node as of a device", () => {
  const bench = new SparkplugBench();
  assertEquals(bench.say("NDATA", 5, [TEMPERATURE]), "no_birth");
  assertEquals(bench.say("DBIRTH", 6, [TEMPERATURE], "d"), "no_birth");
  born(bench);
  assertEquals(bench.say("DDATA", 2, [{ alias: 1, value: 1 }], "other"), "no_birth");
  // The number was counted all the same.
  assertEquals(bench.say("DDATA", 3, [{ alias: 1, value: 1 }], "d"), [{ Level: 1 }]);
});

Deno.test("S3 an unknown alias refuses its message, and the next one goes on", () => {
  const bench = born();
  assertEquals(bench.say("NDATA", 2, [{ alias: 1, value: 1 }, { alias: 77, value: 1 }]), "unknown_alias");
  assertEquals(bench.say("NDATA", 3, [{ alias: 1, value: 1 }]), [{ Temperature: 1 }]);
  assertEquals(bench.requests, ["spBv1.0/g/NCMD/n"]);
});

Deno.test("S4 a node is asked for its births at most once in 10 s of journal time, each node by itself", () => {
  const bench = new SparkplugBench();
  const doubt = (node: string): unknown => bench.say("NDATA", 5, [TEMPERATURE], undefined, node);
  doubt("n");
  doubt("n");
  doubt("m");
  assertEquals(bench.requests, ["spBv1.0/g/NCMD/n", "spBv1.0/g/NCMD/m"]);
  bench.elapsed = 9_999;
  bench.crash();
  doubt("n");
  assertEquals(bench.requests.length, 2);
  bench.elapsed = 10_000;
  doubt("n");
  assertEquals(bench.requests.length, 3);
});

Deno.test("S4 the request is the command Node Control/Rebirth = true", () => {
  const bench = new SparkplugBench();
  const { effect } = bench.take("NDATA", sparkplugPayload(5, [TEMPERATURE]));
  const { Payload } = protocol.org.eclipse.tahu.protobuf;
  const [metric] = Payload.decode(effect?.request?.payload ?? new Uint8Array()).metrics;
  assertEquals([metric?.name, metric?.datatype, metric?.booleanValue], ["Node Control/Rebirth", 11, true]);
});

Deno.test("S5 a node's death takes its devices along, and their data is unknown from then on", () => {
  const bench = born();
  assertEquals(bench.say("NDEATH", undefined, [bdSeq(7)]), []);
  assertEquals(bench.died, ["spBv1.0/g/NDEATH/n", "spBv1.0/g/DDEATH/n/d"]);
  assertEquals(bench.say("DDATA", 2, [{ alias: 1, value: 1 }], "d"), "no_birth");
});

Deno.test("S5 a death of a session that is over says nothing", () => {
  const bench = born();
  assertEquals(bench.say("NDEATH", undefined, [bdSeq(6)]), []);
  assertEquals(bench.died, []);
  assertEquals(bench.say("DDATA", 2, [{ alias: 1, value: 1 }], "d"), [{ Level: 1 }]);
});

Deno.test("S5 a device's death is its own; the node and its numbers go on", () => {
  const bench = born();
  assertEquals(bench.say("DDEATH", 2, [], "d"), []);
  assertEquals(bench.died, ["spBv1.0/g/DDEATH/n/d"]);
  assertEquals(bench.say("DDATA", 3, [{ alias: 1, value: 1 }], "d"), "no_birth");
  assertEquals(bench.say("NDATA", 4, [{ alias: 1, value: 1 }]), [{ Temperature: 1 }]);
});

Deno.test("S5 deaths of what is not known say nothing and ask for nothing", () => {
  const bench = new SparkplugBench();
  assertEquals(bench.say("NDEATH", undefined, [bdSeq(1)]), []);
  assertEquals(bench.say("DDEATH", 4, [], "d"), []);
  assertEquals([bench.died, bench.requests], [[], []]);
});

Deno.test("S6 a node's birth makes its devices unknown until theirs", () => {
  const bench = born();
  bench.say("NBIRTH", 0, [bdSeq(8), TEMPERATURE]);
  assertEquals(bench.say("DDATA", 1, [{ alias: 1, value: 1 }], "d"), "no_birth");
});

Deno.test("a message that is refused for what it is leaves the memory as it was", () => {
  const bench = born();
  const before = structuredClone(bench.memory);
  assertEquals(bench.take("NDATA", Uint8Array.of(0x12, 0xff)).ok, false);
  assertEquals(bench.take("NBIRTH", sparkplugPayload(0, [{ value: 1, alias: 4 }])).ok, false);
  assertEquals(bench.take("NBIRTH", sparkplugPayload(undefined, [TEMPERATURE])).ok, false);
  assertEquals(bench.memory, before);
});

Deno.test("decoding alone changes nothing: only the effect does", () => {
  const bench = born();
  const before = structuredClone(bench.memory);
  const first = bench.take("NDATA", sparkplugPayload(2, [{ alias: 1, value: 1 }]));
  assert(first.ok);
  assertEquals(bench.memory.sparkplug.nodes.get("g/n")?.seq, 2);
  bench.memory.sparkplug.nodes.clear();
  for (const [name, node] of before.sparkplug.nodes) bench.memory.sparkplug.nodes.set(name, node);
  const again = bench.take("NDATA", sparkplugPayload(2, [{ alias: 1, value: 1 }]));
  assert(again.ok);
  assertEquals(again.records, first.records);
});

Deno.test("the memory goes through a checkpoint", () => {
  const bench = born();
  bench.crash();
  assertEquals(bench.say("DDATA", 2, [{ alias: 1, value: 4 }], "d"), [{ Level: 4 }]);
  bench.crash();
  assertEquals(bench.say("NDATA", 4, [{ alias: 1, value: 4 }]), "sequence_gap");
});

Deno.test("bdSeq and the commands that a birth offers are no readings", () => {
  const bench = new SparkplugBench();
  const offered = { name: "Node Control/Rebirth", type: "Boolean", value: false } as const;
  assertEquals(bench.say("NBIRTH", 0, [bdSeq(7), offered]), []);
  assertEquals(bench.say("DBIRTH", 1, [{ ...offered, name: "Device Control/Reboot" }], "d"), []);
});

Deno.test("each metric has its own time, else the payload's, else that of the receipt", () => {
  const bench = born();
  const metrics = [{ alias: 1, value: 1, timestamp: 500 }, { alias: 2, value: 2 }];
  const result = bench.take("NDATA", sparkplugPayload(2, metrics, -100));
  assert(result.ok);
  assertEquals(timed(result.records), [[{ Pressure: 2 }, "-100"], [{ Temperature: 1 }, "500"]]);
  const { Payload } = protocol.org.eclipse.tahu.protobuf;
  const bare = Payload.encode({ seq: 3, metrics: [{ alias: 1, doubleValue: 5 }] }).finish();
  const now = bench.take("NDATA", bare);
  assert(now.ok);
  assertEquals(timed(now.records), [[{ Temperature: 5 }, "now"]]);
});

Deno.test("data without types is read by the types of the birth", () => {
  const bench = new SparkplugBench();
  const { Payload } = protocol.org.eclipse.tahu.protobuf;
  const types = [1, 2, 3, 5, 6, 7];
  const birth = types.map((datatype) => ({ name: `t${datatype}`, alias: datatype, datatype, intValue: 0 }));
  bench.take("NBIRTH", Payload.encode({ seq: 0, timestamp: NOW, metrics: birth }).finish());
  const data = types.map((alias) => ({ alias, intValue: 0xffffffff }));
  const result = bench.take("NDATA", Payload.encode({ seq: 1, timestamp: NOW, metrics: data }).finish());
  assert(result.ok, JSON.stringify(result));
  assertEquals(result.records[0]?.values, {
    ...{ t1: -1, t2: -1, t3: -1 },
    ...{ t5: 4294967295, t6: 4294967295, t7: 4294967295 },
  });
});

Deno.test("64-bit numbers keep all their digits, signed or not", () => {
  const bench = new SparkplugBench();
  // Name, type and value: 2^64 − 1 as Int64, as UInt64, and as DateTime 1.
  const varint = [0x58, ...new Uint8Array(9).fill(0xff), 0x01];
  const metric = (name: string, type: number, value: readonly number[]): number[] => {
    const body = [0x0a, 1, name.charCodeAt(0), 0x20, type, ...value];
    return [0x12, body.length, ...body];
  };
  const payload = [
    ...metric("i", 4, varint),
    ...metric("u", 8, varint),
    ...metric("d", 13, [0x58, 1]),
    0x18,
    0,
  ];
  const result = bench.take("NBIRTH", Uint8Array.from(payload));
  assert(result.ok);
  assertEquals(result.records[0]?.values, { i: -1, u: 18446744073709551615n, d: 1 });
});

Deno.test("null, bytes and templates are plain values; data sets are not read", () => {
  const bench = new SparkplugBench();
  const template = {
    isDefinition: false,
    templateRef: "Motor",
    metrics: [{ name: "rpm", type: "Int32", value: 1_500 }, { name: "on", type: "Boolean", value: true }],
  };
  const said = bench.say("NBIRTH", 0, [
    { name: "none", type: "Int32", value: null },
    { name: "raw", type: "Bytes", value: Uint8Array.of(251, 239, 190, 255) },
    { name: "motor", type: "Template", value: template },
    { name: "text", type: "String", value: "Öl" },
    { name: "__proto__", type: "Int32", value: 1 },
  ]);
  assertEquals(said, [{
    none: null,
    raw: "----_w",
    motor: { rpm: 1_500, on: true },
    text: "Öl",
    ...JSON.parse('{"__proto__":1}'),
  }]);
  assertEquals(Reflect.get({}, "rpm"), undefined);
});
