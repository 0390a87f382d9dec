import { z } from "@hono/zod-openapi";
import type { Ledger } from "../../model/mod.ts";
import { count, time, wire } from "./wire.ts";

/** A moment at which the counters were set anew. */
export interface Rebased {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Why, for people. */
  readonly reason: string;
}

/** All counters of one moment, with the verdict. */
export interface LedgerAnswer extends Ledger {
  /** Whether every identity holds. */
  readonly balanced: boolean;
  /** Since when is counted. RFC 3339, UTC. */
  readonly since: string;
  /** When the counters were set anew. */
  readonly rebased: readonly Rebased[];
}

const messages = z.object({
  received: count,
  processed: count,
  duplicate: count,
  filtered: count,
  sampled: count,
  quarantined: count,
  waiting: count,
  corrupt: count,
}).openapi({
  description: "received = processed + duplicate + filtered + sampled + quarantined + waiting + corrupt",
});

const readings = z.object({
  decoded: count,
  open: count,
  waiting: count,
  delivered: count,
  unchanged: count,
  rejected: count,
  late: count,
  refused: count,
  evicted: count,
}).openapi({
  description: "decoded = open + waiting + delivered + unchanged + rejected + late + refused + evicted",
});

const points = z.object({ produced: count, delivered: count, waiting: count, refused: count, evicted: count })
  .openapi({ description: "produced = delivered + waiting + refused + evicted" });

const beside = z.object({
  sequence_gaps: count,
  duplicate_assumed: count,
  broker_dropped: count,
  resent: count,
  replayed: count,
});

export const LedgerSchema = wire<LedgerAnswer>()(
  z.object({
    messages,
    readings,
    points,
    beside,
    balanced: z.boolean(),
    since: time,
    rebased: z.array(z.object({ at: time, reason: z.string() })).readonly(),
  }).openapi("Ledger"),
);
