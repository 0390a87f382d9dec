import { Forwarder } from "../forward/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { observed } from "./events.ts";
import { makeDestination } from "./make_destination.ts";
import type { Parts } from "./parts.ts";

/** How long a stop may take to flush what can be flushed, ms. */
const FLUSH = 10_000;

/** Begins to send what waits, if a database is configured; else it waits for one. */
export function startForwarder(parts: Parts, lifecycle: Lifecycle): void {
  const { core, ports } = parts;
  const { influxdb } = parts.config;
  if (influxdb === undefined) return;
  const destination = makeDestination(influxdb, ports.clock, ports.readText);
  const forwarder = new Forwarder({
    destination,
    outbox: core.outbox,
    retry: influxdb.retry,
    clock: ports.clock,
    random: ports.random,
    onEvent: observed(parts.telemetry.observer, "influxdb"),
  });
  parts.destination = destination;
  parts.forwarder = forwarder;
  core.counters.ownResent = () => forwarder.status.resent;
  forwarder.start();
  lifecycle.began("forwarder", async () => {
    core.outbox.seal();
    await forwarder.stop(FLUSH);
    destination.close();
  });
}
