import { type Aggregator, slot } from "./aggregator.ts";

/**
 * Sum with the rounding error carried along (A. Neumaier, ZAMM 54:39–51, 1974). A float on the wire even for
 * integers, since a sum of integers may leave the range in which they are exact.
 */
export const sum: Aggregator = {
  slots: 2,
  accepts: ["float", "int"],
  wire: () => "float",
  start(slots, at, value): void {
    slots[at] = value;
    slots[at + 1] = 0;
  },
  add(slots, at, value): void {
    const before = slot(slots, at);
    const after = before + value;
    const lost = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    slots[at] = after;
    slots[at + 1] = slot(slots, at + 1) + lost;
  },
  result(slots, at): number {
    const total = slot(slots, at) + slot(slots, at + 1);
    // Beyond the largest double the error term is not a number; the plain sum says "too large" as well as it can.
    return Number.isFinite(total) ? total : Math.sign(slot(slots, at)) * Number.MAX_VALUE;
  },
};
