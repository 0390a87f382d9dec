import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { tags, time, wire } from "./wire.ts";

/** A series: one field of one device stream. */
export interface Series {
  /** Stable name of the series in this API. */
  readonly id: string;
  /** The device id. */
  readonly device: string;
  /** Name of the profile. */
  readonly profile: string;
  /** Its measurement in the database. */
  readonly measurement: string;
  /** Its tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Its field. */
  readonly field: string;
  /** Type of its values. */
  readonly type: "float" | "int" | "boolean" | "string";
  /** Their unit. */
  readonly unit: string | null;
  /** Event time of its newest reading. RFC 3339, UTC. */
  readonly last_at: string | null;
}

/** A series as the lists have it. */
export const series = wire<Series>()(
  z.object({
    id: z.string(),
    device: z.string(),
    profile: z.string(),
    measurement: z.string(),
    tags,
    field: z.string(),
    type: z.enum(["float", "int", "boolean", "string"]),
    unit: z.string().nullable(),
    last_at: time.nullable(),
  }).openapi("Series"),
);

export const SeriesPageSchema = wire<Page<Series>>()(
  z.object({ items: z.array(series).readonly(), next_cursor: z.string().nullable() }).openapi("SeriesPage"),
);
