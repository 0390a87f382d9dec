import { type Aggregator, slot } from "./aggregator.ts";

/**
 * Arithmetic mean as a running moment: `mean += (x − mean) / n` (B. P. Welford, Technometrics 4:3, 1962), with what
 * the addition rounds away carried along (W. Kahan, CACM 8:1, 1965). Equal values give exactly that value, and
 * neither a large offset nor a long window costs precision, which a sum would.
 */
export const mean: Aggregator = {
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
    const before = slot(slots, at);
    const carried = slot(slots, at + 2);
    const step = carried + (value - before - carried) / n;
    slots[at + 1] = n;
    if (Number.isFinite(step)) {
      const after = before + step;
      slots[at] = after;
      slots[at + 2] = step - (after - before);
    } else {
      // The difference of two huge values of opposite sign overflows, their halves do not.
      slots[at] = before - before / n + value / n;
      slots[at + 2] = 0;
    }
  },
  result: slot,
};
