import type { GatewayConfig } from "../config/mod.ts";
import { redact } from "../config/mod.ts";
import type { Rules } from "../model/mod.ts";
import type { Parts } from "./parts.ts";
import { addKeys } from "./keyring.ts";
import { filtersOf } from "./make_intake.ts";
import { makeNotifiers } from "./make_notifiers.ts";

/** Sections that are read at the start alone. */
const AT_START = ["gateway", "mqtt", "buffer", "influxdb", "api", "log"];

/**
 * Puts other rules in force without losing a message or an open window: rules, profiles, subscriptions, alerts and
 * notifiers. What else has changed is named in the log and takes effect at the next start.
 */
export async function reload(parts: Parts, config: GatewayConfig, rules: Rules): Promise<void> {
  const { core, intake, forwarder, ports } = parts;
  const { observer } = parts.telemetry;
  const changed = sectionsThatDiffer(parts.config, config);
  parts.config = config;
  parts.rules = rules;
  parts.configSince = ports.clock.wall();
  core.notifications.replaceNotifiers(makeNotifiers(config, core.notifierMeans));
  addKeys(core.driver.river.keyring, config);
  core.driver.takeRules(rules);
  await core.inbox.sync();
  await intake?.setSubscriptions(filtersOf(rules));
  forwarder?.reload();
  await core.driver.checkpoint();
  observer.event("configuration_reloaded", "info", { file: config.file });
  if (changed.length > 0) observer.event("restart_needed", "warning", { sections: changed.join(", ") });
}

function sectionsThatDiffer(before: GatewayConfig, after: GatewayConfig): string[] {
  const [old, now] = [new Map(entries(before)), new Map(entries(after))];
  return AT_START.filter((section) => JSON.stringify(old.get(section)) !== JSON.stringify(now.get(section)));
}

function entries(config: GatewayConfig): [string, unknown][] {
  return Object.entries(Object(redact(config)));
}
