import { type Aggregator, slot } from "./aggregator.ts";

/** Largest reading. */
export const max: Aggregator = {
  slots: 1,
  accepts: ["float", "int"],
  wire: (type) => type,
  start(slots, at, value): void {
    slots[at] = value;
  },
  add(slots, at, value): void {
    if (value > slot(slots, at)) slots[at] = value;
  },
  result: slot,
};
