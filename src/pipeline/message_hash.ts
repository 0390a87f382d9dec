import { crc32 } from "node:zlib";
import type { Message } from "../model/mod.ts";

/** Up to this many bytes a loop here is quicker than the way to the system's crc32. */
const SHORT = 256;

// FNV-1a, 32 bits: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm" (IETF draft-eastlake-fnv).
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** A hash of a topic, for `messageHash`; it is the same for every message of a route. */
export function topicHash(topic: string): number {
  return textHash(topic);
}

/** A hash of a text, going on from another one. */
export function textHash(text: string, from: number = BASIS): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/**
 * A hash whose every bit depends on every bit of another one: in FNV the last characters, in which messages differ
 * most, hardly reach the upper bits. The finaliser of MurmurHash3 (A. Appleby, public domain).
 *
 * @returns 0 … 2^32 − 1
 */
export function scattered(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * A hash of topic and payload: equal messages have equal hashes. Signed, 32 bits: V8 keeps those without an object.
 *
 * @param ofTopic the topic's `topicHash`
 */
export function messageHash(message: Message, ofTopic: number): number {
  const { payload } = message;
  if (payload.length > SHORT) return crc32(payload, ofTopic >>> 0) | 0;
  let hash = ofTopic;
  for (let at = 0; at < payload.length; at++) hash = Math.imul(hash ^ (payload[at] ?? 0), PRIME);
  return hash;
}
