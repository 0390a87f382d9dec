/**
 * Made-up traffic in the formats that JSON, bare values and Sparkplug B leave: CBOR, MessagePack, SenML, and line
 * protocol in gzip, sound and damaged.
 * @module
 */
import { encode as msgpack } from "@msgpack/msgpack";
import { encode as cbor } from "cborg";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import type { Format, Message, Rules, SubscriptionRule } from "../../src/model/mod.ts";
import { field, messageOf, NONE, profile, windowed } from "../unit/pipeline/river_bench.ts";

/** One message of a device that packs what it says. */
export interface PackedHappening {
  readonly kind: "packed";
  /** Journal time since the happening before, ms. */
  readonly after: number;
  readonly device: number;
  readonly format: typeof FORMATS[number];
  readonly value: number;
  /** How old the value is at its receipt, ms. */
  readonly age: number;
  /** Its end is missing. */
  readonly damaged: boolean;
}

const FORMATS = ["cbor", "msgpack", "senml", "line_protocol"] as const satisfies readonly Format[];

/** What such a device may say. */
export const packedHappening: fc.Arbitrary<PackedHappening> = fc.record({
  kind: fc.constant("packed" as const),
  after: fc.constantFrom(0, 10, 1_000, 4_000, 11_000),
  device: fc.nat({ max: 1 }),
  format: fc.constantFrom(...FORMATS),
  value: fc.constantFrom(1, 2, 2, 3, 0.5, 1_000),
  age: fc.constantFrom(0, 0, 100, 7_000, 3_600_000, -400_000),
  damaged: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

/** The message of a happening. */
export function packedMessage(happening: PackedHappening, wall: number, more: Partial<Message>): Message {
  const { format, device, damaged, age } = happening;
  const whole = payloadOf(happening, wall - age);
  const payload = damaged ? whole.slice(0, -2) : whole;
  return { ...messageOf(`packed/${format}/p${device}`, "", more), payload: Uint8Array.from(payload) };
}

function payloadOf({ format, value }: PackedHappening, ts: number): Uint8Array {
  const values = { t: value, n: Math.floor(value), mode: `m${value}`, extra: value };
  switch (format) {
    case "cbor":
      return cbor({ ts, ...values });
    case "msgpack":
      return msgpack({ ts, ...values });
    case "senml":
      return text(
        JSON.stringify([
          { bn: "d:", bt: ts / 1_000, n: "t", v: values.t },
          { n: "n", v: values.n },
          { n: "t", t: -1, v: values.t },
          { n: "mode", vs: values.mode },
        ]),
      );
    case "line_protocol":
      return gzipSync(
        text(`m,zone=a t=${values.t},n=${values.n}i,mode="${values.mode}" ${ts}000000\nm t=1 ${ts}000000`),
      );
  }
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

/** The same rules with a subscription to each of the formats. */
export function withPacked(rules: Rules): Rules {
  const fields = [
    field("t", windowed({ every: 5_000, hold: 8_000, aggregates: ["mean", "p90", "count"] })),
    field("n", NONE, "int"),
    field("mode", { kind: "change", heartbeat: 4_000 }, "string"),
  ];
  const packed = profile(fields, { name: "packed", measurement: "packed", unknownFields: "keep" });
  const flat = { ...packed, name: "packed-flat", time: null };
  const subscriptions = FORMATS.map((format): SubscriptionRule => ({
    topic: `packed/${format}/{device}`,
    profile: format === "cbor" || format === "msgpack" ? "packed" : "packed-flat",
    format,
    tags: { by: format },
    ...(format === "line_protocol" ? { compression: "gzip" } : {}),
  }));
  return {
    ...rules,
    subscriptions: [...rules.subscriptions, ...subscriptions],
    profiles: { ...rules.profiles, packed, "packed-flat": flat },
  };
}
