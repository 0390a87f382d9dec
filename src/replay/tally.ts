import type { AlertEvent } from "../model/mod.ts";
import type { River } from "../pipeline/mod.ts";
import type { ReplaySummary } from "./summary.ts";

/** Fills a summary. */
export class Tally {
  readonly #summary: ReplaySummary;
  readonly #totals: River["totals"];
  #before: River["totals"] | undefined;

  /** @param totals the river's own counters, which go on */
  constructor(summary: ReplaySummary, totals: River["totals"]) {
    this.#summary = summary;
    this.#totals = totals;
  }

  /** The stretch begins: what was counted before does not count. */
  begin(): void {
    this.#before = { ...this.#totals };
  }

  /** The stretch ends. */
  end(): void {
    const { messages, readings } = this.#summary;
    const before = this.#before ?? this.#totals;
    for (
      const name of ["received", "processed", "duplicate", "filtered", "sampled", "quarantined"] as const
    ) {
      messages[name] = this.#totals[name] - before[name];
    }
    for (const name of ["decoded", "unchanged", "rejected", "late"] as const) {
      readings[name] = this.#totals[name] - before[name];
    }
  }

  /** A record of the stretch was received at this time, ms. */
  received(at: number): void {
    const { received } = this.#summary;
    if (received === undefined) this.#summary.received = { from: at, to: at };
    else received.to = at;
  }

  /** Positions are missing. */
  lost(records: number): void {
    this.#summary.lost.records += records;
    this.#summary.lost.gaps++;
  }

  /** A point has gone out. */
  point(measurement: string): void {
    const { points } = this.#summary;
    points.set(measurement, (points.get(measurement) ?? 0) + 1);
  }

  /** Something was refused. */
  refused(reason: string): void {
    const { refusals } = this.#summary;
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  }

  /** An alert fired or resolved. */
  alert({ rule, transition }: AlertEvent): void {
    const { alerts } = this.#summary;
    let counts = alerts.get(rule);
    if (counts === undefined) alerts.set(rule, counts = { firing: 0, resolved: 0 });
    counts[transition]++;
  }
}
