import { z } from "@hono/zod-openapi";
import { type Readiness, ReadinessSchema } from "./health.ts";
import { type LedgerAnswer, LedgerSchema } from "./ledger.ts";
import { type NotifierSummary, NotifierSummarySchema } from "./notifiers.ts";
import {
  type CheckpointStatus,
  CheckpointStatusSchema,
  type DestinationStatus,
  DestinationStatusSchema,
  type DeviceCounts,
  DeviceCountsSchema,
  type Durability,
  DurabilitySchema,
  type InboxStatus,
  InboxStatusSchema,
  type MqttStatus,
  MqttStatusSchema,
  type OutboxStatus,
  OutboxStatusSchema,
  type Stock,
  StockSchema,
  type WindowStatus,
  WindowStatusSchema,
} from "./status_parts.ts";
import { count, seconds, time, wire } from "./wire.ts";

/** The gateway at one moment, without the ledger. */
export interface GatewayStatus {
  /** The gateway's own name. */
  readonly gateway_id: string;
  /** Version of the program. */
  readonly version: string;
  /** The gateway's wall clock. RFC 3339, UTC. */
  readonly now: string;
  /** Start of the process. RFC 3339, UTC. */
  readonly started_at: string;
  /** How long the process has been running. */
  readonly uptime_seconds: number;
  /** What it is about. */
  readonly state: "replaying" | "running" | "stopping";
  /** Whether the wall clock can be believed. */
  readonly clock_plausible: boolean;
  /** Whether messages are taken in durably, and why not. */
  readonly readiness: Readiness;
  /** What an acknowledgement promises. */
  readonly durability: Durability;
  /** The intake. */
  readonly mqtt: MqttStatus;
  /** Messages on their way into the pipeline. */
  readonly inbox: InboxStatus;
  /** Readings that are becoming points. */
  readonly windows: WindowStatus;
  /** Points that wait for the database. */
  readonly outbox: OutboxStatus;
  /** Where points go. */
  readonly destinations: readonly DestinationStatus[];
  /** What was refused and is kept. */
  readonly quarantine: Stock;
  /** What all journals take of the disk, against the cap. */
  readonly disk: {
    /** Bytes in use. */
    readonly used_bytes: number;
    /** The cap. */
    readonly max_bytes: number;
  };
  /** The newest checkpoint. */
  readonly checkpoint: CheckpointStatus;
  /** Devices by liveness. */
  readonly devices: DeviceCounts;
  /** Alerts that fire now. */
  readonly alerts_firing: number;
  /** The channels to people. */
  readonly notifiers: NotifierSummary;
}

/** One page of truth: the gateway at one moment with the ledger of the same moment. */
export interface Status extends GatewayStatus {
  /** All counters. */
  readonly ledger: LedgerAnswer;
}

export const StatusSchema = wire<Status>()(
  z.object({
    gateway_id: z.string(),
    version: z.string(),
    now: time,
    started_at: time,
    uptime_seconds: seconds,
    state: z.enum(["replaying", "running", "stopping"]),
    clock_plausible: z.boolean(),
    readiness: ReadinessSchema,
    durability: DurabilitySchema,
    mqtt: MqttStatusSchema,
    inbox: InboxStatusSchema,
    windows: WindowStatusSchema,
    outbox: OutboxStatusSchema,
    destinations: z.array(DestinationStatusSchema).readonly(),
    quarantine: StockSchema,
    disk: z.object({ used_bytes: count, max_bytes: count }),
    checkpoint: CheckpointStatusSchema,
    devices: DeviceCountsSchema,
    alerts_firing: count,
    notifiers: NotifierSummarySchema,
    ledger: LedgerSchema,
  }).openapi("Status"),
);
