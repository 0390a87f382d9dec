import { z } from "@hono/zod-openapi";
import { type Series, series } from "./series.ts";
import { count, seconds, time, wire } from "./wire.ts";

/** What a series was in one stretch of time. */
export interface HistoryPoint {
  /** Where the stretch begins. RFC 3339, UTC. */
  readonly time: string;
  /** The smallest value; `null` for texts, as are mean and max. A boolean is 0 or 1. */
  readonly min: number | null;
  /** The mean. */
  readonly mean: number | null;
  /** The largest value. */
  readonly max: number | null;
  /** How many readings. */
  readonly count: number;
  /** The newest value; a text's first 256 characters. */
  readonly last: number | string | null;
}

/** The past of a series, from the local history. */
export interface SeriesHistory {
  /** Whose. */
  readonly series: Series;
  /** Beginning of what was asked for. RFC 3339, UTC. */
  readonly from: string;
  /** Its end. RFC 3339, UTC. */
  readonly to: string;
  /** Length of the stretches that the points were chosen from. */
  readonly resolution_seconds: number;
  /** In order of time. Stretches without a reading are left out. */
  readonly points: readonly HistoryPoint[];
}

/** A small line: the last minutes of a device's first number. */
export interface Sparkline {
  /** Id of the device. */
  readonly device: string;
  /** Id of the series. */
  readonly series: string;
  /** Its field. */
  readonly field: string;
  /** Its unit. */
  readonly unit: string | null;
  /** Means, oldest first; `null` where there was no reading. */
  readonly values: readonly (number | null)[];
}

/** The small lines of some devices. */
export interface Sparklines {
  /** Beginning of the first value's stretch. RFC 3339, UTC. */
  readonly from: string;
  /** End of the last one's. RFC 3339, UTC. */
  readonly to: string;
  /** In the order asked for; devices without a number are left out. */
  readonly items: readonly Sparkline[];
}

const point = wire<HistoryPoint>()(z.object({
  time,
  min: z.number().nullable(),
  mean: z.number().nullable(),
  max: z.number().nullable(),
  count,
  last: z.union([z.number(), z.string()]).nullable(),
}));

export const SeriesHistorySchema = wire<SeriesHistory>()(
  z.object({ series, from: time, to: time, resolution_seconds: seconds, points: z.array(point).readonly() })
    .openapi("SeriesHistory"),
);

const sparkline = wire<Sparkline>()(z.object({
  device: z.string(),
  series: z.string(),
  field: z.string(),
  unit: z.string().nullable(),
  values: z.array(z.number().nullable()).readonly(),
}));

export const SparklinesSchema = wire<Sparklines>()(
  z.object({ from: time, to: time, items: z.array(sparkline).readonly() }).openapi("Sparklines"),
);
