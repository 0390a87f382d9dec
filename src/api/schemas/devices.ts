import { z } from "@hono/zod-openapi";
import type { Page } from "./page.ts";
import { count, seconds, tags, time, value, wire } from "./wire.ts";

/** Whether a device reports as it is expected to; `unknown` where its profile expects nothing. */
export type Liveness = "online" | "late" | "offline" | "unknown";

/**
 * What a last value is worth: `good`; `stale`, since the device is late or offline; `uncertain`, since its time
 * could not be believed; `bad`, since the newest one was refused and this is the one before it.
 */
export type Quality = "good" | "stale" | "uncertain" | "bad";

/** The last value of one series. */
export interface LastValue {
  /** Name of the field. */
  readonly field: string;
  /** Tags of its stream. */
  readonly tags: Readonly<Record<string, string>>;
  /** The value. */
  readonly value: number | boolean | string;
  /** Its unit. */
  readonly unit: string | null;
  /** Its event time. RFC 3339, UTC. */
  readonly time: string;
  /** What it is worth. */
  readonly quality: Quality;
}

/** A device. */
export interface Device {
  /** The device id. */
  readonly id: string;
  /** Names of its profiles. */
  readonly profiles: readonly string[];
  /** Whether it reports as it is expected to. */
  readonly liveness: Liveness;
  /** Receipt of its first message. RFC 3339, UTC. */
  readonly first_seen_at: string;
  /** Receipt of its newest message. RFC 3339, UTC. */
  readonly last_seen_at: string;
  /** Messages per second lately. */
  readonly messages_per_second: number;
  /** Messages received. */
  readonly messages: number;
  /** Its newest values, in order of their fields. */
  readonly values: readonly LastValue[];
  /** What was refused of it, by reason. */
  readonly errors: Readonly<Record<string, number>>;
  /** Numbers missing in its sequence. */
  readonly sequence_gaps: number;
  /** By how much its clock runs ahead of ours (negative: behind); `null` where it states no time. */
  readonly clock_skew_seconds: number | null;
  /** How often it is expected to report. */
  readonly expect_every_seconds: number | null;
}

const LIVENESS = ["online", "late", "offline", "unknown"] as const;

export const liveness = z.enum(LIVENESS, { error: `allowed is one of ${LIVENESS.join(", ")}` });

const lastValue = wire<LastValue>()(
  z.object({
    field: z.string(),
    tags,
    value,
    unit: z.string().nullable(),
    time,
    quality: z.enum(["good", "stale", "uncertain", "bad"]),
  }).openapi("LastValue"),
);

export const DeviceSchema = wire<Device>()(
  z.object({
    id: z.string(),
    profiles: z.array(z.string()).readonly(),
    liveness,
    first_seen_at: time,
    last_seen_at: time,
    messages_per_second: z.number().nonnegative(),
    messages: count,
    values: z.array(lastValue).readonly(),
    errors: z.record(z.string(), count),
    sequence_gaps: count,
    clock_skew_seconds: z.number().nullable(),
    expect_every_seconds: seconds.nullable(),
  }).openapi("Device"),
);

export const DevicePageSchema = wire<Page<Device>>()(
  z.object({ items: z.array(DeviceSchema).readonly(), next_cursor: z.string().nullable() }).openapi(
    "DevicePage",
  ),
);
