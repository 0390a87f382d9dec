import { type Aggregator, slot } from "./aggregator.ts";

/**
 * Sample standard deviation (n − 1 in the denominator, as InfluxDB's `stddev`) by running moments (Welford 1962);
 * 0 for a single reading.
 */
export const stddev: Aggregator = {
  slots: 3,
  accepts: ["float", "int"],
  wire: () => "float",
  start(slots, at, value): void {
    slots[at] = value;
    slots[at + 1] = 1;
    slots[at + 2] = 0;
  },
  add(slots, at, value): void {
    const n = slot(slots, at + 1) + 1;
    const delta = value - slot(slots, at);
    const mean = slot(slots, at) + delta / n;
    slots[at] = mean;
    slots[at + 1] = n;
    slots[at + 2] = slot(slots, at + 2) + delta * (value - mean);
  },
  result(slots, at): number {
    const n = slot(slots, at + 1);
    const spread = n < 2 ? 0 : Math.sqrt(slot(slots, at + 2) / (n - 1));
    return Number.isFinite(spread) ? spread : Number.MAX_VALUE;
  },
};
