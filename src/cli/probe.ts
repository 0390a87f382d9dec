import { systemClock } from "../clock.ts";
import type { GatewayConfig } from "../config/mod.ts";
import { makeDestination, probeBroker } from "../gateway/mod.ts";
import type { ProbeResult } from "./check.ts";

/** Tries the broker and the database of a configuration, without taking a message or writing a point. */
export async function probe(config: GatewayConfig): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = [];
  results.push({ what: "broker", ...await probeBroker(config, systemClock) });
  if (config.influxdb === undefined) {
    results.push({ what: "database", ok: true, text: "none is configured" });
  } else {
    const destination = makeDestination(config.influxdb, systemClock, (path) => Deno.readTextFile(path));
    results.push({ what: "database", ...await destination.probe() });
    destination.close();
  }
  return results;
}
