import { type Decoder, decoderFor, newDecodeMemory } from "../../decode/mod.ts";
import {
  type Compression,
  type Format,
  type Limits,
  nameProblem,
  parseSparkplugTopic,
} from "../../model/mod.ts";

/** A payload that could be read. */
export interface Recognised {
  /** The format that it has. */
  readonly format: Format;
  /** How it is compressed. */
  readonly compression: Compression;
  /** What each of its records holds. */
  readonly records: readonly unknown[];
}

/** What payloads may have at most, of the limits in force. */
export interface PayloadLimits {
  /** Bytes of a payload. */
  readonly payload: number;
  /** Levels of nested input. */
  readonly depth: number;
  /** Keys of one object. */
  readonly keys: number;
}

/** What is looked into at most: this is a look at strangers, not their way into the database. */
const LIMITS: PayloadLimits = { payload: 65_536, depth: 16, keys: 200 };

/** Longest bare text that is a value and no document. */
const LONGEST_TEXT = 256;

/** Nodes of Sparkplug B whose births are remembered; beyond it the memory starts anew. */
const MOST_NODES = 100;

/** The order in which formats are tried: text that nobody refuses comes last. */
const ORDER = ["json", "line_protocol", "cbor", "msgpack", "value"] as const;

/** Keys of a SenML record (RFC 8428), and the same as CBOR has them. */
const SENML: ReadonlySet<string> = new Set([
  ...["bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut"],
  ...["-1", "-2", "-3", "-4", "-5", "-6", "0", "1", "2", "3", "4", "5", "6", "7", "8"],
]);

/** Finds out what format a payload has, by the very decoders that would read it later. */
export class FormatReader {
  readonly #limits: Limits;
  #memory = newDecodeMemory();
  #sparkplug: Decoder;
  readonly #decoders = new Map<string, Decoder>();

  /** @param limits those in force; less is looked into */
  constructor({ payload, depth, keys }: PayloadLimits) {
    this.#limits = {
      payload: Math.min(payload, LIMITS.payload),
      depth: Math.min(depth, LIMITS.depth),
      keys: Math.min(keys, LIMITS.keys),
      // Births of Sparkplug B that are remembered; the rest is nothing that decoding asks for.
      ...{ devices: 1_000, series: 20_000, windows: 0, deviceRate: 0 },
    };
    this.#sparkplug = decoderFor("sparkplug_b", this.#memory);
  }

  /** @returns `undefined` where no format fits */
  read(topic: string, payload: Uint8Array, receivedAt: number): Recognised | undefined {
    const receipt = { topic, receivedAt, elapsed: receivedAt };
    if (parseSparkplugTopic(topic) !== undefined) return this.#ofSparkplug(payload, receipt);
    const compression: Compression = payload[0] === 0x1f && payload[1] === 0x8b ? "gzip" : "none";
    const decode = (format: Format): readonly unknown[] => {
      const read = this.#decoder(format, compression).decode(payload, this.#limits, receipt);
      return read.ok ? read.records.map(({ values }) => values) : [];
    };
    for (const format of ORDER) {
      const records = decode(format);
      if (records.length === 0 || !fits(format, records)) continue;
      // A pack of SenML is JSON or CBOR as well.
      const pack = (format === "json" || format === "cbor") && records.every(isSenml) ? decode("senml") : [];
      return pack.length > 0
        ? { format: "senml", compression, records: pack }
        : { format, compression, records };
    }
    return undefined;
  }

  #ofSparkplug(payload: Uint8Array, receipt: Parameters<Decoder["decode"]>[2]): Recognised | undefined {
    if (this.#memory.sparkplug.nodes.size > MOST_NODES) {
      this.#memory = newDecodeMemory();
      this.#sparkplug = decoderFor("sparkplug_b", this.#memory);
    }
    const read = this.#sparkplug.decode(payload, this.#limits, receipt);
    read.effect?.remember();
    if (!read.ok || read.records.length === 0) return undefined;
    return { format: "sparkplug_b", compression: "none", records: read.records.map(({ values }) => values) };
  }

  #decoder(format: Format, compression: Compression): Decoder {
    const name = `${format} ${compression}`;
    let decoder = this.#decoders.get(name);
    if (decoder === undefined) {
      decoder = decoderFor(format, newDecodeMemory(), compression);
      this.#decoders.set(name, decoder);
    }
    return decoder;
  }
}

/** Whether what a decoder has read looks as if it was meant so. */
function fits(format: typeof ORDER[number], records: readonly unknown[]): boolean {
  switch (format) {
    case "json":
    case "cbor":
    case "msgpack":
      return records.every((one) => isObject(one) && Object.keys(one).length > 0);
    case "line_protocol":
      return true;
    case "value": {
      const [only] = records;
      return typeof only !== "string" ||
        (only.length <= LONGEST_TEXT && !/^[[{]/.test(only.trim()) &&
          nameProblem(only.trim()) !== "control_character");
    }
  }
}

function isSenml(record: unknown): boolean {
  if (!isObject(record)) return false;
  const keys = Object.keys(record);
  return keys.length > 1 && keys.every((key) => SENML.has(key));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
