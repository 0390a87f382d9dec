import { balanced, type Ledger } from "../model/mod.ts";
import type { Metrics } from "./metrics.ts";

/** Stages that something can leave again: they are gauges, everything else only grows. */
const PASSING = new Set(["waiting", "open", "quarantined"]);

const PARTS = {
  messages: "Messages by where they are; received is their sum.",
  readings: "Readings by where they are; decoded is their sum.",
  points: "Points by where they are; produced is their sum.",
} as const;

/**
 * Adds every number of the ledger: `sluice_messages_received_total`, `sluice_readings_open`, … and
 * `sluice_ledger_balanced`. One exposition is one cut: the identities hold in it.
 *
 * @param read gives the ledger of the moment
 */
export function ledgerMetrics(metrics: Metrics, read: () => Ledger): void {
  const start = read();
  for (const part of ["messages", "readings", "points"] as const) {
    for (const word of Object.keys(start[part])) {
      const value = (): number => new Map(Object.entries(read()[part])).get(word) ?? 0;
      if (PASSING.has(word)) metrics.gauge(`sluice_${part}_${word}`, PARTS[part], value);
      else metrics.counterOf(`sluice_${part}_${word}_total`, PARTS[part], value);
    }
  }
  for (const word of Object.keys(start.beside)) {
    const value = (): number => new Map(Object.entries(read().beside)).get(word) ?? 0;
    metrics.counterOf(`sluice_${word}_total`, "Counted beside the ledger's identities.", value);
  }
  metrics.gauge("sluice_ledger_balanced", "1 while every identity of the ledger holds.", () => {
    return balanced(read()) ? 1 : 0;
  });
}
