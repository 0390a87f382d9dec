import { encode as encodeCbor } from "cborg";
import { encode as encodeMsgpack } from "@msgpack/msgpack";
import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { encodePayload } from "../../support/edge_node.ts";
import { bytes, NOW } from "../decode/limits.ts";
import { learned, onlyKind, repeated, rulesOf, type Sent, taken } from "./learning.ts";

const record = (turn: number): Record<string, number> => ({ temperature: 20.5 + turn, humidity: 45 });
const pack = (turn: number): object[] => [
  { bn: "oven-1:", n: "temperature", u: "Cel", v: 20.5 + turn },
  { n: "humidity", u: "%RH", v: 45 },
];
const line = (turn: number): string => `climate,room=a temperature=${20.5 + turn},humidity=45`;

const cases: readonly [what: string, format: string, payload: (turn: number) => unknown][] = [
  ["JSON", "json", record],
  ["several records of JSON", "json", (turn) => [record(turn), record(turn + 1)]],
  ["CBOR", "cbor", (turn) => encodeCbor(record(turn))],
  ["MessagePack", "msgpack", (turn) => encodeMsgpack(record(turn))],
  ["SenML in JSON", "senml", pack],
  [
    "SenML in CBOR",
    "senml",
    (turn) =>
      encodeCbor([
        new Map<number, unknown>([[0, "temperature"], [2, 20.5 + turn]]),
        new Map<number, unknown>([[0, "humidity"], [2, 45]]),
      ]),
  ],
  ["line protocol", "line_protocol", line],
];

for (const [what, format, payload] of cases) {
  Deno.test(`N1, N14: ${what} is recognised, and read by what is proposed`, async () => {
    const sent = repeated("hall/oven-1/climate", payload);
    const kind = onlyKind(sent);
    assertEquals(kind.format, format);
    const rules = await rulesOf(kind);
    assertEquals(taken(rules, sent), { processed: 6, refused: [] });
    const { subscriptions, profiles } = rules;
    assertEquals(subscriptions[0]?.format, format);
    const fields = Object.values(profiles)[0]?.fields.filter(({ tag }) => tag !== true);
    assertEquals(fields?.map(({ name }) => name).sort(), ["humidity", "temperature"]);
  });

  Deno.test(`N1: ${what} in gzip`, async () => {
    const kind = onlyKind(repeated("hall/oven-1/climate", (turn) => {
      const plain = payload(turn);
      const raw = plain instanceof Uint8Array
        ? plain
        : bytes(typeof plain === "string" ? plain : JSON.stringify(plain));
      return new Uint8Array(gzipSync(raw));
    }));
    const [subscription] = (await rulesOf(kind)).subscriptions;
    assertEquals([subscription?.format, subscription?.compression], [format, "gzip"]);
  });
}

Deno.test("N7: tags of line protocol become tags", async () => {
  const [profile] = Object.values((await rulesOf(onlyKind(repeated("lp/oven-1", line)))).profiles);
  assertEquals(profile?.fields.filter(({ tag }) => tag).map(({ name, path }) => [name, path]), [
    ["room", ["tags", "room"]],
  ]);
});

Deno.test("N6: a bare value without a word at the end of its topic is the only field", async () => {
  const kind = onlyKind(repeated("temperature/17", (turn) => `${20 + turn}.5`));
  assertEquals([kind.topic, kind.format], ["temperature/{device}", "value"]);
  assertEquals(Object.values((await rulesOf(kind)).profiles)[0]?.fields.map(({ name }) => name), ["value"]);
});

Deno.test("N1: nodes of Sparkplug B and their devices are one kind, understood by their births", async () => {
  let seq = 0;
  const send = (topic: string, value: number, born: boolean): Sent => [
    `spBv1.0/works/${topic}`,
    new Uint8Array(encodePayload({
      timestamp: NOW,
      seq: seq++,
      metrics: born && topic.startsWith("N")
        ? [{ name: "bdSeq", type: "UInt64", value: 0 }]
        : [{ name: "Oven/Temp", alias: 1, type: "Double", value }],
    })),
  ];
  const sent = [
    send("NBIRTH/line", 0, true),
    send("DBIRTH/line/oven", 20, true),
    ...[21, 22, 23, 24, 25].map((value) => send("DDATA/line/oven", value, false)),
  ];
  const kind = onlyKind(sent);
  assertEquals(taken(await rulesOf(kind), sent), { processed: 7, refused: [] });
  assertEquals([kind.topic, kind.format, kind.state], [
    "spBv1.0/{group}/+/{node}/#",
    "sparkplug_b",
    "proposed",
  ]);
  const [profile] = Object.values((await rulesOf(kind)).profiles);
  assertEquals(profile?.fields.find(({ path }) => path[0] === "Oven/Temp")?.name, "Oven_Temp");
});

Deno.test("N1: what no format fits is counted nowhere and proposed never", () => {
  assertEquals(learned(repeated("hall/oven-1", () => new Uint8Array([0xff, 0, 1, 2]))), []);
  assertEquals(learned(repeated("hall/oven-1", () => "")), []);
  assertEquals(learned(repeated("hall/oven-1", () => "[]")), []);
});

Deno.test("N3: a topic that says something else now and then stays what it is", () => {
  const kind = onlyKind([...repeated("hall/oven-1", record), ["hall/oven-1", "offline"]]);
  assertEquals([kind.format, kind.messages], ["json", 7]);
});
