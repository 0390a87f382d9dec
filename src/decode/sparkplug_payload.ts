import { Buffer } from "node:buffer";
// Deferred: the packages are loaded with the first payload, not at every start.
import defer * as sparkplug from "sparkplug-payload";
import defer * as protocol from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import { type Limits, type Refusal, shown } from "../model/mod.ts";

/** One metric as it came. */
export interface SparkplugMetric {
  /** Its name; births give it, data may leave it out. */
  readonly name: string | undefined;
  /** The number that stands for the name. */
  readonly alias: number | bigint | undefined;
  /** Its own time, ms; `undefined`: that of the payload. */
  readonly timestamp: number | undefined;
  /** Its type (Sparkplug 3.0 §6.4.16); 0: not given. */
  readonly datatype: number;
  /** The member of the protocol that holds its value, and the value; `undefined`: null. */
  readonly value: readonly [string, unknown] | undefined;
}

/** A payload as it came. */
export interface SparkplugPayload {
  /** Its time, ms. */
  readonly timestamp: number | undefined;
  /** Its number in the sequence of the edge node, 0 … 255. */
  readonly seq: number | undefined;
  readonly metrics: readonly SparkplugMetric[];
}

/** The members of a metric of which at most one is set. */
const VALUES = [
  "intValue",
  "longValue",
  "floatValue",
  "doubleValue",
  "booleanValue",
  "stringValue",
  "bytesValue",
  "templateValue",
] as const;

/**
 * Reads the bytes by the message definition of Eclipse Tahu. Its `decodePayload` is not used: it takes the types of
 * metrics from the payload alone, where data messages leave them out.
 */
export function readSparkplugPayload(bytes: Uint8Array, limits: Limits): SparkplugPayload | Refusal {
  const { Payload } = protocol.default.org.eclipse.tahu.protobuf;
  let read: ReadPayload;
  try {
    // Of a Buffer the package reads broken UTF-8 as U+FFFD, of other arrays as whatever comes out.
    read = Payload.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    // A template nested in templates without end runs out of stack.
    if (error instanceof RangeError && error.message.includes("call stack")) {
      return { reason: "too_deep", allowed: `at most ${limits.depth} levels` };
    }
    const found = shown(error instanceof Error ? error.message : error);
    return { reason: "undecodable", found, allowed: "a payload of Sparkplug B" };
  }
  if (read.metrics.length > limits.keys) {
    const found = `${read.metrics.length} metrics`;
    return { reason: "too_many_keys", found, allowed: `at most ${limits.keys} metrics in one payload` };
  }
  const seq = Object.hasOwn(read, "seq") ? integer(read.seq) : undefined;
  if (seq !== undefined && !(Number(seq) <= 255)) {
    return { reason: "undecodable", field: "seq", found: shown(seq), allowed: "0 … 255" };
  }
  return {
    timestamp: Object.hasOwn(read, "timestamp") ? Number(integer(read.timestamp)) : undefined,
    seq: seq === undefined ? undefined : Number(seq),
    metrics: read.metrics.map(readMetric),
  };
}

type ReadPayload = InstanceType<typeof protocol.default.org.eclipse.tahu.protobuf.Payload>;
type ReadMetric = ReadPayload["metrics"][number];

/** One metric out of the package's object. */
export function readMetric(metric: ReadMetric): SparkplugMetric {
  const has = (name: string): boolean => Object.hasOwn(metric, name);
  const member = metric.isNull === true ? undefined : VALUES.find(has);
  return {
    name: has("name") ? metric.name ?? undefined : undefined,
    alias: has("alias") ? integer(metric.alias) : undefined,
    timestamp: has("timestamp") ? Number(integer(metric.timestamp)) : undefined,
    datatype: metric.datatype ?? 0,
    value: member === undefined ? undefined : [member, metric[member]],
  };
}

/** A 64-bit number of the package, unsigned: a number where that carries it, else a bigint. */
export function integer(value: unknown): number | bigint {
  if (typeof value === "number") return value;
  const exact = BigInt(String(value));
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

/** The payload of the command by which an edge node is asked for its births (Sparkplug 3.0 §6.4.25). */
export function rebirthCommand(timestamp: number): Uint8Array {
  const library = sparkplug.default.get("spBv1.0");
  if (library === null) throw new TypeError("The package knows no Sparkplug B");
  return Uint8Array.from(library.encodePayload({
    timestamp,
    metrics: [{ name: "Node Control/Rebirth", type: "Boolean", value: true, timestamp }],
  }));
}
