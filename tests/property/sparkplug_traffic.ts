/**
 * Made-up traffic of two edge nodes with a device each: births, data by alias, deaths, and messages that get lost.
 * @module
 */
import fc from "fast-check";
import sparkplug from "sparkplug-payload";
import type { Message, Rules } from "../../src/model/mod.ts";
import { field, messageOf, NONE, profile, windowed } from "../unit/pipeline/river_bench.ts";

/** One message of a node or its device. */
export interface SparkplugHappening {
  readonly kind: "sparkplug";
  /** Journal time since the happening before, ms. */
  readonly after: number;
  readonly node: number;
  readonly type: "NBIRTH" | "NDATA" | "NDEATH" | "DBIRTH" | "DDATA" | "DDEATH";
  readonly value: number;
  /** How old the value is at its receipt, ms. */
  readonly age: number;
  /** An alias that no birth gives. */
  readonly strange: boolean;
  /** A message before this one was lost. */
  readonly lost: boolean;
}

const TYPES = ["NBIRTH", "NDATA", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDATA", "DDEATH"] as const;

/** What a node may say. */
export const sparkplugHappening: fc.Arbitrary<SparkplugHappening> = fc.record({
  kind: fc.constant("sparkplug" as const),
  after: fc.constantFrom(0, 10, 1_000, 4_000, 11_000),
  node: fc.nat({ max: 1 }),
  type: fc.constantFrom(...TYPES),
  value: fc.constantFrom(1, 2, 3, 99, 1_000),
  age: fc.constantFrom(0, 0, 100, 7_000, 3_600_000),
  strange: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  lost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const library = sparkplug.get("spBv1.0");
if (library === null) throw new Error("The package knows no Sparkplug B");
const { encodePayload } = library;

/** The nodes, each with the number of its newest message. */
export class SparkplugNodes {
  readonly #seq = [-1, -1];

  /** The message of a happening. */
  message(happening: SparkplugHappening, wall: number, more: Partial<Message>): Message {
    const { node, type, value, age, strange, lost } = happening;
    const seq = type === "NBIRTH" ? 0 : ((this.#seq[node] ?? -1) + (lost ? 2 : 1)) % 256;
    if (type !== "NDEATH") this.#seq[node] = seq;
    const timestamp = wall - age;
    const isBirth = type.endsWith("BIRTH");
    const name = { name: "t" };
    const alias = { alias: strange ? 9 : 1 };
    const reading = {
      ...(isBirth ? { ...name, alias: 1 } : alias),
      type: "Int32",
      value: -value,
      timestamp,
    } as const;
    const session = { name: "bdSeq", type: "UInt64", value: lost ? 4 : 3, timestamp } as const;
    const metrics = type.endsWith("DEATH") ? [session] : type === "NBIRTH" ? [session, reading] : [reading];
    const payload = encodePayload({ timestamp: wall, ...(type === "NDEATH" ? {} : { seq }), metrics });
    const topic = `spBv1.0/g/${type}/n${node}${type.startsWith("D") ? "/d" : ""}`;
    return { ...messageOf(topic, "", more), payload: Uint8Array.from(payload) };
  }
}

/** The same rules with a subscription to the nodes. */
export function withSparkplug(rules: Rules): Rules {
  const fields = [
    field("t", windowed({ every: 5_000, hold: 8_000 })),
    field("raw", NONE, "int", { path: ["t"] }),
  ];
  const tahu = profile(fields, { name: "tahu", measurement: "tahu", time: null, unknownFields: "keep" });
  const topic = "spBv1.0/{group}/+/{node}/#";
  return {
    ...rules,
    subscriptions: [...rules.subscriptions, { topic, profile: "tahu", format: "sparkplug_b", tags: {} }],
    profiles: { ...rules.profiles, tahu },
  };
}
