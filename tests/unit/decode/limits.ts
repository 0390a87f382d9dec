import type { Receipt } from "../../../src/decode/mod.ts";
import type { Limits } from "../../../src/model/mod.ts";

/** The default limits, with changes. */
export function limits(changes: Partial<Limits> = {}): Limits {
  return {
    payload: 262_144,
    depth: 32,
    keys: 1_000,
    devices: 50_000,
    series: 500_000,
    windows: 2_000_000,
    deviceRate: 5_000,
    ...changes,
  };
}

/** UTF-8 bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Wall clock at receipt of every payload, ms. */
export const NOW = 1_800_000_000_000;

/** Where and when a payload came, with changes. */
export function receipt(changes: Partial<Receipt> = {}): Receipt {
  return { topic: "any", receivedAt: NOW, elapsed: 0, ...changes };
}
