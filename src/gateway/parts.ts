import type { GatewayConfig } from "../config/mod.ts";
import type { Destination, Forwarder } from "../forward/mod.ts";
import type { Intake } from "../ingest/mod.ts";
import type { Rules } from "../model/mod.ts";
import type { Core } from "./core.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Meter } from "./meter.ts";
import type { GatewayPorts } from "./ports.ts";
import type { Telemetry } from "./telemetry.ts";

/** What stage of its life the gateway is in. */
export type Phase = "replaying" | "running" | "stopping";

/** The parts that run; what the views look at. */
export interface Parts {
  readonly core: Core;
  readonly ports: GatewayPorts;
  readonly telemetry: Telemetry;
  readonly housekeeping: Housekeeping;
  readonly startedAt: number;
  readonly received: Meter;
  readonly delivered: Meter;
  phase: Phase;
  rules: Rules;
  config: GatewayConfig;
  configSince: number;
  intake: Intake | undefined;
  destination: Destination | undefined;
  forwarder: Forwarder | undefined;
}
