import { type Aggregator, slot } from "./aggregator.ts";

/**
 * Arithmetic mean as a running moment: `mean += (x − mean) / n` (B. P. Welford, Technometrics 4:3, 1962). Equal
 * values give exactly that value, and a large offset costs no precision, which a sum would.
 */
export const mean: Aggregator = {
  slots: 2,
  accepts: ["float", "int"],
  wire: () => "float",
  start(slots, at, value): void {
    slots[at] = value;
    slots[at + 1] = 1;
  },
  add(slots, at, value): void {
    const n = slot(slots, at + 1) + 1;
    const before = slot(slots, at);
    const step = (value - before) / n;
    // The difference of two huge values of opposite sign overflows, their halves do not.
    slots[at] = Number.isFinite(step) ? before + step : before - before / n + value / n;
    slots[at + 1] = n;
  },
  result: slot,
};
