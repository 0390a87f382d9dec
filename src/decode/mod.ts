/**
 * Payload bytes to plain values, one file a format behind one registry.
 *
 * In: the bytes of one PUBLISH and the limits in force. Out: the records that it holds as plain values
 * (objects without methods, arrays, strings, booleans, numbers, and bigints for integers that a number cannot
 * carry exactly), or one refusal. What the values mean is the next stage's business.
 *
 * Promises: no payload throws; what is read is exact; work and memory are bounded by the limits; the same bytes
 * give the same result.
 * @module
 */
export type { Decoded, Decoder, DecodeResult } from "./decoder.ts";
export { decodableFormats, decoderFor } from "./registry.ts";
