import { type ConfigDifference, type GatewayConfig, inForce } from "../config/mod.ts";
import type { Clock } from "../clock.ts";
import { rfc3339, type Rules } from "../model/mod.ts";
import type { Parts } from "./parts.ts";
import { auditConfiguration } from "./audit_life.ts";
import { addKeys } from "./keyring.ts";
import { filtersOf } from "./make_intake.ts";
import { makeNotifiers } from "./make_notifiers.ts";

/** How long a reload waits for the broker, ms; one that says nothing is told as soon as it does. */
const LONGEST_BROKER = 3_000;

/**
 * Puts other rules in force without losing a message or an open window: rules, profiles, subscriptions, alerts,
 * notifiers and tokens. What else has changed is named in the log and takes effect at the next start.
 *
 * @param found in what it differs from the one in force
 */
export async function reload(
  parts: Parts,
  config: GatewayConfig,
  rules: Rules,
  found: readonly ConfigDifference[],
): Promise<void> {
  const { core, intake, forwarder, ports } = parts;
  const { observer } = parts.telemetry;
  const notifiers = makeNotifiers(config, core.notifierMeans);
  parts.config = inForce(core.config, config);
  parts.rules = rules;
  parts.configSince = ports.clock.wall();
  core.notifications.replaceNotifiers(notifiers);
  addKeys(core.driver.river.keyring, config);
  core.driver.takeRules(rules);
  // Where the disk takes nothing now, the record waits in memory and is tried again.
  await core.inbox.sync().catch(() => {});
  await within(LONGEST_BROKER, ports.clock, intake?.setSubscriptions(filtersOf(rules)));
  forwarder?.reload();
  await core.driver.checkpoint().catch(() => {});
  await auditConfiguration(parts);
  parts.live.tell({ kind: "config", data: { since: rfc3339(parts.configSince) ?? "" } });
  observer.event("configuration_reloaded", "info", { file: config.file, differences: found.length });
  const waiting = new Set(
    found.flatMap(({ path, effect }) => effect === "restart" ? [/^\w+/.exec(path)?.[0] ?? path] : []),
  );
  if (waiting.size > 0) observer.event("restart_needed", "warning", { sections: [...waiting].join(", ") });
}

async function within(ms: number, clock: Clock, done: Promise<void> | undefined): Promise<void> {
  const enough = new AbortController();
  try {
    await Promise.race([done, clock.sleep(ms, enough.signal)]);
  } finally {
    enough.abort();
  }
}
