import { z } from "@hono/zod-openapi";
import { AlertSchema } from "./alerts.ts";
import { type Liveness, liveness } from "./devices.ts";
import { StatusSchema } from "./status.ts";
import { tags, time, value, wire } from "./wire.ts";

/** What one may listen to. */
export type Topic = "status" | "alerts" | "devices" | "readings" | "config" | "learned";

/** All of it. */
export const TOPICS: readonly Topic[] = ["status", "alerts", "devices", "readings", "config", "learned"];

/** A device's liveness has changed. */
export interface DeviceTold {
  /** The device id. */
  readonly id: string;
  /** Whether it reports as it is expected to, now. */
  readonly liveness: Liveness;
  /** Receipt of its newest message. RFC 3339, UTC. */
  readonly last_seen_at: string;
}

/** The newest reading of a series. */
export interface ReadingTold {
  /** The device id. */
  readonly device: string;
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
}

/** Another configuration is in force. */
export interface ConfigTold {
  /** Since when. RFC 3339, UTC. */
  readonly since: string;
}

/** A kind of message that no subscription takes has been understood, or has changed. */
export interface LearnedTold {
  /** Its id. */
  readonly id: string;
}

export const DeviceToldSchema = wire<DeviceTold>()(
  z.object({ id: z.string(), liveness, last_seen_at: time }).openapi("DeviceEvent"),
);

export const ReadingToldSchema = wire<ReadingTold>()(
  z.object({ device: z.string(), field: z.string(), tags, value, unit: z.string().nullable(), time })
    .openapi("ReadingEvent"),
);

export const ConfigToldSchema = wire<ConfigTold>()(z.object({ since: time }).openapi("ConfigEvent"));

export const LearnedToldSchema = wire<LearnedTold>()(z.object({ id: z.string() }).openapi("LearnedEvent"));

/** The data of each event by its name. */
export const EventSchema = z.union([
  StatusSchema,
  AlertSchema,
  DeviceToldSchema,
  ReadingToldSchema,
  ConfigToldSchema,
  LearnedToldSchema,
]).openapi("Event", {
  description: "by the name of the event: status, alert, device, reading, config, learned",
});
