import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Limits, Reason } from "../../../src/model/mod.ts";
import { bytes } from "./limits.ts";
import { bdSeq, SparkplugBench, sparkplugPayload } from "./sparkplug_bench.ts";

const NAMED = { name: "a", alias: 1, value: 1 };

/** A field of bytes in protocol buffers: its number and its content. */
function field(number: number, content: readonly number[]): number[] {
  const length: number[] = [];
  let rest = content.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return [
    ...(number < 16 ? [number << 3 | 2] : [(number << 3 | 2) & 0x7f | 0x80, number >> 4]),
    ...length,
    ...content,
  ];
}

/** A metric whose template holds a metric whose template … */
function nested(levels: number): Uint8Array {
  let inner: number[] = [0x0a, 1, 0x61, 0x50, 1];
  for (let level = 0; level < levels; level++) inner = [0x0a, 1, 0x61, ...field(18, field(2, inner))];
  return Uint8Array.of(...field(2, inner), 0x18, 0);
}

const HOSTILE: readonly [string, Uint8Array, Reason, Partial<Limits>?][] = [
  ["nothing", new Uint8Array(0), "undecodable"],
  ["JSON", bytes('{"seq":0}'), "undecodable"],
  [
    "a metric that is longer than the payload",
    Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f),
    "undecodable",
  ],
  ["a number that does not end", new Uint8Array(20).fill(0xff), "undecodable"],
  ["groups within groups without end", new Uint8Array(100_000).fill(0x4b), "too_deep"],
  ["templates in 40 levels", nested(40), "too_deep"],
  ["11 metrics where 10 are allowed", sparkplugPayload(0, Array(11).fill(NAMED)), "too_many_keys", {
    keys: 10,
  }],
  [
    "100,000 empty metrics",
    Uint8Array.from({ length: 200_000 }, (_, n) => n % 2 ? 0 : 0x12),
    "too_many_keys",
  ],
  ["a number of the sequence beyond 255", sparkplugPayload(256, [NAMED]), "undecodable"],
  [
    "a number of the sequence of 64 bits",
    Uint8Array.of(0x18, ...new Uint8Array(9).fill(0xff), 1),
    "undecodable",
  ],
  ["no number of the sequence", sparkplugPayload(undefined, [NAMED]), "undecodable"],
  ["a metric without a name", sparkplugPayload(0, [{ alias: 1, value: 1 }]), "undecodable"],
  ["a metric with an empty name", sparkplugPayload(0, [{ name: "", value: 1 }]), "undecodable"],
  [
    "a name that is no UTF-8",
    Uint8Array.of(...field(2, [0x0a, 2, 0xc3, 0x28, 0x50, 1]), 0x18, 0),
    "undecodable",
  ],
  [
    "a time of 64 bits",
    Uint8Array.of(...field(2, [0x0a, 1, 0x61, 0x18, ...new Uint8Array(9).fill(0xff), 1, 0x50, 1]), 0x18, 0),
    "bad_time",
  ],
  [
    "more metrics than series are allowed",
    sparkplugPayload(0, [NAMED, { name: "b", value: 1 }]),
    "cardinality",
    {
      series: 1,
    },
  ],
  ["more nodes than devices are allowed", sparkplugPayload(0, [NAMED]), "cardinality", { devices: 0 }],
  ["a payload beyond the limit", sparkplugPayload(0, [NAMED]), "payload_too_large", { payload: 4 }],
];

for (const [what, payload, reason, limits] of HOSTILE) {
  Deno.test(`sparkplug refuses a birth of ${what} as ${reason}, and remembers nothing of it`, () => {
    const bench = new SparkplugBench(limits);
    const result = bench.take("NBIRTH", payload);
    assertEquals(result.ok ? "read" : result.refusal.reason, reason);
    assertEquals(bench.memory.sparkplug.nodes.size, 0);
  });
}

Deno.test("sparkplug: births that are repeated do not make the memory grow", () => {
  const bench = new SparkplugBench();
  for (let n = 0; n < 50; n++) {
    bench.say("NBIRTH", 0, [bdSeq(n), NAMED, { name: `only in ${n}`, value: 1 }]);
    bench.say("DBIRTH", 1, [NAMED], "d");
  }
  const { nodes, entities, metrics } = bench.memory.sparkplug;
  assertEquals([nodes.size, entities, metrics], [1, 2, 4]);
});

Deno.test("sparkplug: made-up nodes that are asked for their births do not fill the memory", () => {
  const bench = new SparkplugBench({ devices: 3 });
  for (let n = 0; n < 10; n++) bench.say("NDATA", 0, [NAMED], undefined, `n${n}`);
  assertEquals(bench.memory.sparkplug.nodes.size, 3);
  assertEquals(bench.requests.length, 3);
});

Deno.test("sparkplug: a real payload that was damaged is read or refused, and never throws (property)", () => {
  const real = fc.constantFrom(
    sparkplugPayload(0, [bdSeq(1), NAMED, { name: "t", type: "String", value: "text" }]),
    sparkplugPayload(1, [{ alias: 1, value: 2 }]),
    nested(3),
  );
  const change = fc.record({ at: fc.nat(200), remove: fc.nat(4), insert: fc.uint8Array({ maxLength: 3 }) });
  const type = fc.constantFrom("NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH");
  const message = fc.tuple(type, real, fc.array(change, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), (messages) => {
      const bench = new SparkplugBench();
      bench.say("NBIRTH", 0, [bdSeq(1), NAMED]);
      for (const [type, payload, changes] of messages) {
        const damaged = changes.reduce((body, { at, remove, insert }) => {
          const start = at % (body.length + 1);
          return Uint8Array.of(...body.subarray(0, start), ...insert, ...body.subarray(start + remove));
        }, payload);
        const result = bench.take(type, damaged, type.startsWith("D") ? "d" : undefined);
        assert(result.ok || result.refusal.reason.length > 0);
      }
      bench.crash();
    }),
    { numRuns: 1_000 },
  );
});
