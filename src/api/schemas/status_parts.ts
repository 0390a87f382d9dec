import { z } from "@hono/zod-openapi";
import { count, seconds, time, wire } from "./wire.ts";

/** What an acknowledgement promises. */
export interface Durability {
  /** `fsync`: acknowledged means on disk; `interval`: at most `every_seconds` behind. */
  readonly mode: "fsync" | "interval";
  /** The interval; `null` with `fsync`. */
  readonly every_seconds: number | null;
}

/** The intake. */
export interface MqttStatus {
  /** Where, without credentials, e.g. `mqtt://broker.plant.local:1883`. */
  readonly address: string;
  /** Whether messages can come in; an embedded broker that listens is `connected`. */
  readonly state: "connected" | "connecting" | "disconnected";
  /** Since when it is in this state. RFC 3339, UTC. */
  readonly since: string;
  /** Receipt of the newest message. RFC 3339, UTC. */
  readonly last_message_at: string | null;
  /** Messages per second lately. */
  readonly messages_per_second: number;
  /** The last error, for people. */
  readonly detail: string | null;
}

/** Messages on their way into the pipeline. */
export interface InboxStatus {
  /** Bytes of its segments. */
  readonly bytes: number;
  /** Messages that wait for the disk. */
  readonly unsynced: number;
  /** From receipt to acknowledgement, median; `null` before the first. */
  readonly acknowledge_p50_seconds: number | null;
  /** The same, 99th percentile. */
  readonly acknowledge_p99_seconds: number | null;
}

/** Readings that are becoming points. */
export interface WindowStatus {
  /** Windows not yet emitted. */
  readonly open: number;
  /** Emitted windows that late readings can still complete. */
  readonly held: number;
  /** Series known. */
  readonly series: number;
}

/** Points that wait for the database. */
export interface OutboxStatus {
  /** Points waiting. */
  readonly points: number;
  /** Bytes waiting. */
  readonly bytes: number;
  /** Most bytes that may wait. */
  readonly max_bytes: number;
  /** When the oldest block was made. RFC 3339, UTC. */
  readonly oldest_at: string | null;
  /** What happens when it is full. */
  readonly when_full: "drop_oldest" | "block";
  /** How long the room lasts at the present rate; `null` where it does not fill. */
  readonly room_seconds: number | null;
}

/** Where points go. */
export interface DestinationStatus {
  /** Its name, e.g. `influxdb`. */
  readonly name: string;
  /** Where, without credentials. */
  readonly address: string;
  /** `held`: it answers but refuses everything, and somebody has to look at the configuration. */
  readonly state: "untried" | "reachable" | "away" | "held";
  /** Since when it is in this state. RFC 3339, UTC. */
  readonly since: string;
  /** When it last took points. RFC 3339, UTC. */
  readonly last_delivered_at: string | null;
  /** When it is tried again. RFC 3339, UTC. */
  readonly next_attempt_at: string | null;
  /** Points per second lately. */
  readonly points_per_second: number;
  /** How long it takes to drain what waits; `null` where unknown. */
  readonly drain_seconds: number | null;
  /** The last error, for people. */
  readonly detail: string | null;
}

/** Something that is kept. */
export interface Stock {
  /** How many. */
  readonly entries: number;
  /** Bytes on disk. */
  readonly bytes: number;
}

/** The newest checkpoint. */
export interface CheckpointStatus {
  /** When it was taken; `null` before the first. RFC 3339, UTC. */
  readonly taken_at: string | null;
  /** Its size. */
  readonly bytes: number;
}

/** Devices by liveness. */
export interface DeviceCounts {
  /** All of them. */
  readonly known: number;
  /** Reported when they were expected to. */
  readonly online: number;
  /** Overdue. */
  readonly late: number;
  /** Overdue for long. */
  readonly offline: number;
}

export const DurabilitySchema = wire<Durability>()(
  z.object({ mode: z.enum(["fsync", "interval"]), every_seconds: seconds.nullable() }),
);

export const MqttStatusSchema = wire<MqttStatus>()(z.object({
  address: z.string(),
  state: z.enum(["connected", "connecting", "disconnected"]),
  since: time,
  last_message_at: time.nullable(),
  messages_per_second: z.number().nonnegative(),
  detail: z.string().nullable(),
}));

export const InboxStatusSchema = wire<InboxStatus>()(z.object({
  bytes: count,
  unsynced: count,
  acknowledge_p50_seconds: seconds.nullable(),
  acknowledge_p99_seconds: seconds.nullable(),
}));

export const WindowStatusSchema = wire<WindowStatus>()(
  z.object({ open: count, held: count, series: count }),
);

export const OutboxStatusSchema = wire<OutboxStatus>()(z.object({
  points: count,
  bytes: count,
  max_bytes: count,
  oldest_at: time.nullable(),
  when_full: z.enum(["drop_oldest", "block"]),
  room_seconds: seconds.nullable(),
}));

export const DestinationStatusSchema = wire<DestinationStatus>()(z.object({
  name: z.string(),
  address: z.string(),
  state: z.enum(["untried", "reachable", "away", "held"]),
  since: time,
  last_delivered_at: time.nullable(),
  next_attempt_at: time.nullable(),
  points_per_second: z.number().nonnegative(),
  drain_seconds: seconds.nullable(),
  detail: z.string().nullable(),
}));

export const StockSchema = wire<Stock>()(z.object({ entries: count, bytes: count }));

export const CheckpointStatusSchema = wire<CheckpointStatus>()(
  z.object({ taken_at: time.nullable(), bytes: count }),
);

export const DeviceCountsSchema = wire<DeviceCounts>()(
  z.object({ known: count, online: count, late: count, offline: count }),
);
