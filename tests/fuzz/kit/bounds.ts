/**
 * What the state of a river may hold at most, and that its books balance.
 * @module
 */
import { imbalance, type Ledger, type Limits } from "../../../src/model/mod.ts";
import { deviceLedger, type River, riverLedger } from "../../../src/pipeline/mod.ts";
import { MAX_RANGES } from "../../../src/downsample/coverage.ts";
import { MOST_BUCKETS } from "../../../src/downsample/aggregates/sketch.ts";
import { MOST_KEPT } from "../../../src/validate/kept_fields.ts";
import { Finding } from "./finding.ts";
import type { Watch } from "./watch.ts";

/** Holds the ledger of the gateway and of every device against the identities; points count as delivered. */
export function holdBooks(river: River, watch: Pick<Watch, "delivered">): void {
  holdLedger("the gateway", { ...riverLedger(river) }, watch.delivered());
  for (const device of river.registry.devices) {
    holdLedger(device.id, deviceLedger(river, device), watch.delivered(device.index));
  }
}

function holdLedger(of: string, ledger: Ledger, delivered: number): void {
  ledger.readings.delivered = delivered;
  const off = imbalance(ledger);
  if (off.messages !== 0 || off.readings !== 0 || off.points !== 0) {
    throw new Finding("ledger", `${of} is off by ${JSON.stringify(off)}: ${JSON.stringify(ledger)}`);
  }
}

/**
 * Holds every part of the state that a payload can make grow against its limit.
 *
 * @param largest the largest limits that were in force
 */
export function holdBounds(river: River, largest: Limits): void {
  const { registry, downsampler, memory, kept, queue, rules } = river;
  const { devices, streams, seriesCount } = registry;
  const sparkplug = memory.sparkplug;
  const entities = [...sparkplug.nodes.values()].flatMap((node) => [...node.entities.values()]);
  const metrics = entities.reduce((sum, entity) => sum + entity.metrics.size, 0);
  const series = streams.flatMap((stream) => stream.windows.series);
  const windows = series.reduce((sum, one) => sum + [...one.windows.values()].length, 0);
  const sizes: readonly (readonly [what: string, size: number, limit: number])[] = [
    ["devices", devices.length, largest.devices],
    ["streams", streams.length, largest.series],
    ["series", seriesCount, largest.series],
    ["series of streams", series.length, seriesCount],
    ["windows", downsampler.windows, largest.windows],
    ["windows of series", windows, downsampler.windows],
    ["edge nodes", sparkplug.nodes.size, largest.devices],
    ["entities", entities.length, sparkplug.entities],
    ["entities as counted", sparkplug.entities, largest.devices],
    ["metrics", metrics, sparkplug.metrics],
    ["metrics as counted", sparkplug.metrics, largest.series],
    ["aliases", Math.max(0, ...entities.map((entity) => entity.aliases.size)), largest.series],
    ["deadlines", queue.size, 8 * largest.windows + devices.length * rules.alerts.length],
    ["kept fields", Math.max(0, ...[...kept.values()].map((fields) => fields.size)), MOST_KEPT],
    ["ranges", Math.max(0, ...series.map((one) => one.coverage.edges.length / 2)), MAX_RANGES],
    ["gaps", Math.max(0, ...series.map((one) => one.gaps.length)), 2],
    ["definitions", Math.max(0, ...series.map((one) => one.rules.length)), 40],
    ["newest topics", Math.max(0, ...streams.map((stream) => stream.newestOf.size)), 64],
    ["watchers", river.alerts.snapshot().watchers.length, largest.series * rules.alerts.length],
    ["buckets", largestSketch(series), MOST_BUCKETS],
  ];
  for (const [what, size, limit] of sizes) {
    if (size > limit) throw new Finding("bounds", `${size} ${what}, at most ${limit} are allowed`);
  }
}

function largestSketch(
  series: readonly {
    readonly windows: {
      values(): Iterable<{ readonly sketch: { readonly keys: readonly number[] } | undefined }>;
    };
  }[],
): number {
  let most = 0;
  for (const { windows } of series) {
    for (const { sketch } of windows.values()) most = Math.max(most, sketch?.keys.length ?? 0);
  }
  return most;
}
