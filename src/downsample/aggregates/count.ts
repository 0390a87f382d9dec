import { type Aggregator, slot } from "./aggregator.ts";

/** Number of readings. */
export const count: Aggregator = {
  slots: 1,
  accepts: ["float", "int", "boolean", "string"],
  wire: () => "int",
  start(slots, at): void {
    slots[at] = 1;
  },
  add(slots, at): void {
    slots[at] = slot(slots, at) + 1;
  },
  result: slot,
};
