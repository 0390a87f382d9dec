import { type Aggregator, slot } from "./aggregator.ts";

/** The reading with the earliest event time; of several at one moment, the one that came first. */
export const first: Aggregator = {
  slots: 3,
  accepts: ["float", "int", "boolean", "string"],
  wire: (type) => type,
  start(slots, at, value, ms, ns): void {
    slots[at] = value;
    slots[at + 1] = ms;
    slots[at + 2] = ns;
  },
  add(slots, at, value, ms, ns): void {
    const best = slot(slots, at + 1);
    if (ms < best || (ms === best && ns < slot(slots, at + 2))) this.start(slots, at, value, ms, ns);
  },
  result: slot,
};
