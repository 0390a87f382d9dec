import type { LedgerView } from "../../api/mod.ts";
import { type Ledger, rfc3339 } from "../../model/mod.ts";
import { deviceLedger, riverLedger } from "../../pipeline/mod.ts";
import type { OutboxTally } from "../../buffer/mod.ts";
import type { Parts } from "../parts.ts";

/** The whole ledger at this moment: river, outbox and inbox are read in one turn, between two records. */
export function cutLedger({ core }: Parts): Ledger {
  const ledger = riverLedger(core.driver.river);
  ledger.messages.waiting = core.inbox.waitingMessages;
  ledger.messages.received += core.inbox.waitingMessages;
  addOutbox(ledger, core.outbox.counts.total);
  const { resent, brokerDropped } = core.counters.snapshot();
  ledger.beside.resent = resent;
  ledger.beside.broker_dropped = brokerDropped;
  return ledger;
}

function addOutbox(ledger: Ledger, tally: OutboxTally): void {
  for (const way of ["delivered", "waiting", "refused", "evicted"] as const) {
    ledger.points[way] = tally[way].points;
    ledger.readings[way] = tally[way].readings;
  }
  ledger.points.produced = tally.produced.points;
}

/** The ledger of the gateway, or of one device. */
export function ledgerView(parts: Parts): LedgerView {
  return {
    ledger(id): ReturnType<LedgerView["ledger"]> {
      const { core } = parts;
      const since = rfc3339(core.counters.since) ?? "";
      const rebased = core.counters.rebased.map(({ at, reason }) => ({ at: rfc3339(at) ?? "", reason }));
      if (id === null) return { counts: cutLedger(parts), since, rebased };
      const { river } = core.driver;
      const device = river.registry.device(id);
      if (device === undefined) return undefined;
      const counts = deviceLedger(river, device);
      addOutbox(counts, core.outbox.counts.device(device.index));
      return { counts, since, rebased };
    },
  };
}
