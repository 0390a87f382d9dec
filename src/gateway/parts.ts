import type { GatewayConfig } from "../config/mod.ts";
import type { Destination, Forwarder } from "../forward/mod.ts";
import type { Intake } from "../ingest/mod.ts";
import type { Rules } from "../model/mod.ts";
import type { Configuration } from "./configuration.ts";
import type { Core } from "./core.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Acceptance } from "./learning/accept.ts";
import type { Learning } from "./learning/learning.ts";
import type { LiveFeed } from "./live.ts";
import type { Meter } from "./meter.ts";
import type { GatewayPorts } from "./ports.ts";
import type { Telemetry } from "./telemetry.ts";

/** What stage of its life the gateway is in. */
export type Phase = "replaying" | "running" | "stopping";

/** The parts that run; what the views look at. */
export interface Parts {
  /** Everything between the two ends. */
  readonly core: Core;
  /** The world as the gateway sees it. */
  readonly ports: GatewayPorts;
  /** Log and metrics. */
  readonly telemetry: Telemetry;
  /** Keeps the data folder within its limits. */
  readonly housekeeping: Housekeeping;
  /** Tells what happens to whoever looks on. */
  readonly live: LiveFeed;
  /** The one way to another configuration. */
  readonly configuration: Configuration;
  /** Looks at what no subscription takes. */
  readonly learning: Learning;
  /** Puts in force what was learned. */
  readonly acceptance: Acceptance;
  /** Wall clock at the start, ms. */
  readonly startedAt: number;
  /** Messages received per second. */
  readonly received: Meter;
  /** Points delivered per second. */
  readonly delivered: Meter;
  /** What stage of its life it is in. */
  phase: Phase;
  /** The rules of the present configuration. */
  rules: Rules;
  /** The present configuration. */
  config: GatewayConfig;
  /** Wall clock from which on it holds, ms. */
  configSince: number;
  /** Takes messages in; `undefined` before the replay has ended. */
  intake: Intake | undefined;
  /** The database; `undefined` before the replay has ended, or where none is configured. */
  destination: Destination | undefined;
  /** Sends to it; `undefined` where there is no destination. */
  forwarder: Forwarder | undefined;
}
