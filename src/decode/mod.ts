/**
 * Payload bytes to plain values, one file a format behind one registry.
 *
 * In: the bytes of one PUBLISH, where and when it came, and the limits in force. Out: the records that it holds as
 * plain values (objects without methods, arrays, strings, booleans, numbers, and bigints for integers that a
 * number cannot carry exactly), or one refusal. What the values mean is the next stage's business. A format with a
 * memory (Sparkplug B) gives an effect beside: decoding itself changes nothing.
 *
 * Promises: no payload throws; what is read is exact; work and memory are bounded by the limits, compressed or not;
 * the same bytes after the same messages give the same result.
 * @module
 */
export type { Decoded, Decoder, DecodeResult, Effect, Needs, Receipt } from "./decoder.ts";
export { type DecodeMemory, newDecodeMemory } from "./memory.ts";
export { decoderFor } from "./registry.ts";
export type { KnownMetric, SparkplugEntity, SparkplugMemory, SparkplugNode } from "./sparkplug_memory.ts";
