/**
 * Payloads in gzip (RFC 1952), sound and unsound.
 * @module
 */
import { gzipSync } from "node:zlib";
import { BYTE_MUTATORS } from "./byte_mutators.ts";
import { concat } from "./concat.ts";
import { type Dice, nat, pick } from "./dice.ts";

/** A few bytes that stand for a megabyte. */
const BOMB = gzipSync(new Uint8Array(1 << 20), { level: 9 });
const FAST = { level: 1 } as const;

/** Compressed as it ought to be. */
export function compressed(payload: Uint8Array): Uint8Array {
  return gzipSync(payload, FAST);
}

/** Compressed as it ought not to be, or not at all. */
export function badlyCompressed(payload: Uint8Array, dice: Dice): Uint8Array {
  const sound = gzipSync(payload, FAST);
  switch (nat(dice, 6)) {
    case 0:
      return payload;
    case 1:
      return sound.subarray(0, nat(dice, sound.length));
    case 2:
      return concat([sound, dice.happens(0.5) ? sound : payload]);
    case 3:
      return BOMB;
    case 4:
      return gzipSync(sound, FAST);
    default:
      return pick(dice, BYTE_MUTATORS)(sound, dice, () => BOMB);
  }
}
