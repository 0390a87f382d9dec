import type { SampleRule } from "../../src/model/mod.ts";
import type { Value } from "./point_table.ts";

const TWO_32 = 1n << 32n;

/** FNV-1a, 32 bits (draft-eastlake-fnv), in whole numbers of any size: slow, and with nothing to go wrong. */
function fnv1a(units: Iterable<number>, from = 0x811c9dc5n): bigint {
  let hash = from;
  for (const unit of units) hash = (hash ^ BigInt(unit)) * 0x01000193n % TWO_32;
  return hash;
}

/** CRC-32 of zlib and Ethernet, bit by bit, going on from the CRC of what stands before. */
function crc32(bytes: Iterable<number>, from: bigint): bigint {
  let rest = from ^ 0xffffffffn;
  for (const byte of bytes) {
    rest ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) rest = rest >> 1n ^ (rest & 1n) * 0xedb88320n;
  }
  return rest ^ 0xffffffffn;
}

/** `fmix32` of MurmurHash3. */
function mixed(hash: bigint): bigint {
  const first = (hash ^ hash >> 16n) * 0x85ebca6bn % TWO_32;
  const second = (first ^ first >> 13n) * 0xc2b2ae35n % TWO_32;
  return second ^ second >> 16n;
}

/** Longest payload, bytes, that FNV-1a goes through; a longer one goes through CRC-32. */
const SHORT = 256;

/**
 * Where in [0, 1) a message stands: those below the kept part are kept. It is a matter of topic and payload alone, and
 * a journal that is read by a later gateway must keep the same messages, so that this can be written down once more.
 */
export function sampleDraw(topic: string, payload: string): number {
  const bytes = new TextEncoder().encode(payload);
  const ofTopic = fnv1a(topic.split("").map((unit) => unit.charCodeAt(0)));
  const hash = bytes.length > SHORT ? crc32(bytes, ofTopic) : fnv1a(bytes, ofTopic);
  return Number(mixed(hash)) / Number(TWO_32);
}

/**
 * Whether a message is left out by its profile's `sample`, nothing of it being refused.
 *
 * @param said its fields and tags as they leave redaction, by name
 */
export function isSampledOut(
  { keep, of, except }: SampleRule,
  topic: string,
  payload: string,
  said: ReadonlyMap<string, Value>,
): boolean {
  const excepted = Object.entries(except).some(([name, values]) =>
    values.some((one) => one === said.get(name))
  );
  return !excepted && sampleDraw(topic, payload) >= keep / of;
}
