/**
 * Sparkplug B on a bench: a node and its devices from few words, and what becomes of each message.
 * @module
 */
import sparkplug from "sparkplug-payload";
import {
  type DecodeMemory,
  type Decoder,
  type DecodeResult,
  decoderFor,
  newDecodeMemory,
} from "../../../src/decode/mod.ts";
import type { Limits } from "../../../src/model/mod.ts";
import { limits, NOW, receipt } from "./limits.ts";

const library = sparkplug.get("spBv1.0");
if (library === null) throw new Error("The package knows no Sparkplug B");
const { encodePayload } = library;

/** A metric in few words: name and alias as they are given, the value by its type. */
export interface Metric {
  readonly name?: string;
  readonly alias?: number;
  readonly type?: Parameters<typeof encodePayload>[0]["metrics"] extends infer M
    ? M extends readonly (infer One)[] | null | undefined ? One extends { type: infer T } ? T : never : never
    : never;
  readonly value: unknown;
  readonly timestamp?: number;
}

/** The bytes of a payload; times are ms since the receipt. */
export function sparkplugPayload(
  seq: number | undefined,
  metrics: readonly Metric[],
  timestamp: number | undefined = 0,
): Uint8Array {
  return Uint8Array.from(encodePayload({
    ...(timestamp === undefined ? {} : { timestamp: NOW + timestamp }),
    ...(seq === undefined ? {} : { seq }),
    metrics: metrics.map(({ type = "Double", timestamp: at, value, ...rest }) => ({
      ...rest,
      type,
      // The package takes what its types do not say: 64-bit numbers as they are.
      value: value as null,
      ...(at === undefined ? {} : { timestamp: NOW + at }),
    })),
  }));
}

/** The metric by which births and deaths of a session are matched. */
export function bdSeq(value: number): Metric {
  return { name: "bdSeq", type: "UInt64", value };
}

/** A decoder with its memory, and a clock. */
export class SparkplugBench {
  memory: DecodeMemory = newDecodeMemory();
  elapsed = 0;
  readonly limits: Limits;
  /** What was asked of nodes, in order. */
  readonly requests: string[] = [];
  readonly died: string[] = [];
  #decoder: Decoder;

  constructor(changes: Partial<Limits> = {}) {
    this.limits = limits(changes);
    this.#decoder = decoderFor("sparkplug_b", this.memory);
  }

  /** Decodes a message on `g/{type}/n` or `g/{type}/n/{device}` and remembers it, as the pipeline does. */
  take(type: string, payload: Uint8Array, device?: string, node = "n"): DecodeResult {
    const topic = `spBv1.0/g/${type}/${node}${device === undefined ? "" : `/${device}`}`;
    const result = this.#decoder.decode(payload, this.limits, receipt({ topic, elapsed: this.elapsed }));
    result.effect?.remember();
    if (result.effect?.request !== undefined) this.requests.push(result.effect.request.topic);
    this.died.push(...result.effect?.died ?? []);
    return result;
  }

  /** The values of a message's records, or the reason why there are none. */
  say(
    type: string,
    seq: number | undefined,
    metrics: readonly Metric[],
    device?: string,
    node?: string,
  ): unknown {
    const result = this.take(type, sparkplugPayload(seq, metrics), device, node);
    return result.ok ? result.records.map(({ values }) => values) : result.refusal.reason;
  }

  /** Goes on with what a checkpoint would hold. */
  crash(): void {
    this.memory = structuredClone(this.memory);
    this.#decoder = decoderFor("sparkplug_b", this.memory);
  }
}
