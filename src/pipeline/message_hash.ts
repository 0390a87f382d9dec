import { crc32 } from "node:zlib";
import type { Message } from "../model/mod.ts";

/** Up to this many bytes a loop here is quicker than the way to the system's crc32. */
const SHORT = 256;

// FNV-1a, 32 bits: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm" (IETF draft-eastlake-fnv).
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** A hash of a topic, for `messageHash`; it is the same for every message of a route. */
export function topicHash(topic: string): number {
  let hash = BASIS;
  for (let at = 0; at < topic.length; at++) hash = Math.imul(hash ^ topic.charCodeAt(at), PRIME);
  return hash;
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
