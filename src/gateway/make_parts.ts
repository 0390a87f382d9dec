import type { GatewayConfig } from "../config/mod.ts";
import type { Rules } from "../model/mod.ts";
import { Configuration } from "./configuration.ts";
import type { Core } from "./core.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Acceptance } from "./learning/accept.ts";
import { Learning } from "./learning/learning.ts";
import { Meter } from "./meter.ts";
import type { Parts } from "./parts.ts";
import type { GatewayPorts } from "./ports.ts";
import { reload } from "./reload.ts";
import type { Telemetry } from "./telemetry.ts";
import { liveFeedOf } from "./views/live.ts";

/** The parts as they are before the replay. */
export function makeParts(
  core: Core,
  config: GatewayConfig,
  rules: Rules,
  ports: GatewayPorts,
  telemetry: Telemetry,
): Parts {
  const { clock, files } = ports;
  const parts: Parts = {
    core,
    ports,
    telemetry,
    housekeeping: new Housekeeping(core, files, clock, telemetry.observer),
    live: liveFeedOf(core, clock),
    configuration: new Configuration({
      now: () => parts,
      source: ports.configSource,
      running: () => parts.phase === "running",
      apply: (to, found) => reload(parts, to.config, to.rules, found),
      onRefused: (facts) => telemetry.observer.event("configuration_refused", "error", facts),
      audit: (note) => core.audit.record(note),
    }),
    learning: new Learning(core, rules, () => parts),
    acceptance: new Acceptance(() => parts),
    startedAt: clock.wall(),
    received: new Meter(() => core.driver.river.totals.received),
    delivered: new Meter(() => core.outbox.counts.total.delivered.points),
    phase: "replaying",
    rules,
    config,
    configSince: clock.wall(),
    intake: undefined,
    destination: undefined,
    forwarder: undefined,
  };
  return parts;
}
