import { emptyLedger, type Ledger } from "../model/mod.ts";
import type { River } from "./river.ts";
import type { Device, DeviceCounts } from "./state.ts";

/** The river's part of the gateway's ledger; inbox and outbox add theirs. */
export function riverLedger(river: River): Ledger {
  const ledger = emptyLedger();
  const { totals, registry } = river;
  fill(ledger, totals);
  ledger.messages.filtered = totals.filtered;
  ledger.messages.corrupt = totals.corrupt;
  // Counted from the windows themselves, not from what went in and out: an identity that cannot fail proves nothing.
  for (const stream of registry.streams) ledger.readings.open += stream.windows.open;
  return ledger;
}

/** The river's part of one device's ledger. */
export function deviceLedger(river: River, device: Device): Ledger {
  const ledger = emptyLedger();
  fill(ledger, device.counts);
  for (const stream of river.registry.streams) {
    if (stream.device === device) ledger.readings.open += stream.windows.open;
  }
  return ledger;
}

function fill(ledger: Ledger, counts: DeviceCounts): void {
  const { messages, readings, beside } = ledger;
  messages.received = counts.received;
  messages.processed = counts.processed;
  messages.duplicate = counts.duplicate;
  messages.sampled = counts.sampled;
  messages.quarantined = counts.quarantined;
  readings.decoded = counts.decoded;
  readings.unchanged = counts.unchanged;
  readings.rejected = counts.rejected;
  readings.late = counts.late;
  beside.sequence_gaps = counts.sequence_gaps;
  beside.duplicate_assumed = counts.duplicate_assumed;
  beside.replayed = counts.replayed;
}
