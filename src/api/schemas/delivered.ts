import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { count, time, wire } from "./wire.ts";

/** What was delivered of one device and measurement at one UTC day. A value is one field of one series at one time. */
export interface Delivered {
  /** The device id. */
  readonly device: string;
  /** Measurement in the database. */
  readonly measurement: string;
  /** UTC day of the points' own time, `YYYY-MM-DD`. */
  readonly day: string;
  /** Values that the database holds by what it said, each counted once however often it was sent. */
  readonly values: number;
  /** Values that it may hold beyond that: it is not known whether they overwrote others. */
  readonly uncertain: number;
  /** Values on their way. */
  readonly waiting: number;
  /** Values that were refused, or given up for space or age. */
  readonly not_delivered: number;
  /** Values that were delivered over earlier ones: corrections. */
  readonly rewritten: number;
  /** Sum of all values that are numbers; `null` where it is not known. */
  readonly sum: number | null;
  /** Sum of the absolute values of all that went into `sum`, for judging how it was rounded. */
  readonly magnitude: number;
}

/** A measurement in the database, as the gateway has written it. */
export interface DeliveredMeasurement {
  /** Its name. */
  readonly name: string;
  /** Its fields, each with whether it had numbers, and whether it had texts or booleans. */
  readonly fields: readonly {
    /** Name of the field in the database. */
    readonly name: string;
    /** It had numbers. */
    readonly numbers: boolean;
    /** It had texts or booleans. */
    readonly others: boolean;
  }[];
  /** Whether it had points at parts of a millisecond. */
  readonly finer_than_ms: boolean;
}

/** The delivery account, or a stretch of it. */
export interface DeliveredAnswer extends Page<Delivered> {
  /** Since when it is kept. RFC 3339, UTC. */
  readonly since: string;
  /** The first day that is still whole in it; `null`: nothing was let go yet. */
  readonly whole_from: string | null;
  /** The measurements in it. */
  readonly measurements: readonly DeliveredMeasurement[];
}

/** A UTC day. */
export const day = z.iso.date("allowed is a day like 2026-03-01");

const delivered = wire<Delivered>()(
  z.object({
    device: z.string(),
    measurement: z.string(),
    day,
    values: count,
    uncertain: count,
    waiting: count,
    not_delivered: count,
    rewritten: count,
    sum: z.number().nullable(),
    magnitude: z.number().nonnegative(),
  }).openapi("Delivered"),
);

const field = z.object({ name: z.string(), numbers: z.boolean(), others: z.boolean() });

export const DeliveredSchema = wire<DeliveredAnswer>()(
  z.object({
    since: time,
    whole_from: day.nullable(),
    measurements: z.array(
      z.object({ name: z.string(), fields: z.array(field).readonly(), finer_than_ms: z.boolean() }),
    ).readonly(),
    items: z.array(delivered).readonly(),
    next_cursor: z.string().nullable(),
  }).openapi("DeliveredPage"),
);
