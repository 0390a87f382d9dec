import type { HistoryQuery, HistoryView, NoHistoryKept, Sparkline, Unavailable } from "../../api/mod.ts";
import {
  BUCKET,
  chartPoints,
  COUNT,
  type History,
  NoHistory,
  SERIES,
  seriesKey,
  SUM,
  thinOut,
  WIDTH,
} from "../../history/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { FieldSlot, Registry, Stream } from "../../pipeline/mod.ts";
import type { Parts } from "../parts.ts";
import { describeSeries } from "./devices.ts";
import { tryRule } from "./try_rule.ts";

/** The usual stretch of a chart, ms. */
const HOUR = 3_600_000;
/** The least buckets that are read where there may be more than points are asked for. */
const LEAST_BUCKETS = 2_000;
/** Values of a small line, and the seconds of each. */
const [VALUES, STEP] = [60, 10] as const;

/** One field of one stream. */
interface Found {
  readonly slot: FieldSlot;
  readonly stream: Stream;
}

/** The local history. */
export function historyView(parts: Parts): HistoryView {
  const { history } = parts.core;
  const { registry } = parts.core.driver.river;
  const wall = (): number => parts.ports.clock.wall();
  const asked = async <T>(
    ask: (history: History) => Promise<T>,
  ): Promise<T | Unavailable | NoHistoryKept> => {
    if (history === undefined) return { kind: "none_kept" };
    try {
      return await ask(history);
    } catch (error) {
      if (error instanceof NoHistory) return { kind: "unavailable", detail: error.message };
      throw error;
    }
  };
  return {
    history: (query) => asked((from) => pastOf(from, seriesOf(registry, query.series), query, wall())),
    sparklines: (devices) => asked((from) => smallLines(from, registry, devices, wall())),
    tryRule: (rule, span) => asked((from) => tryRule(from, parts, rule, span)),
  };
}

async function pastOf(
  history: History,
  found: Found | undefined,
  { from, to, points }: HistoryQuery,
  wall: number,
): Promise<Exclude<Awaited<ReturnType<HistoryView["history"]>>, Unavailable | NoHistoryKept>> {
  if (found === undefined) return undefined;
  const end = to ?? wall;
  const begin = from ?? end - HOUR;
  const most = Math.max(LEAST_BUCKETS, 4 * points);
  const buckets = await history.read({
    keys: [keyOf(found)],
    from: begin / 1_000,
    to: end / 1_000,
    by: { most },
  });
  return {
    series: describeSeries(found.stream, found.slot),
    from: rfc3339(begin) ?? "",
    to: rfc3339(end) ?? "",
    resolution_seconds: buckets.resolution,
    points: thinOut(chartPoints(buckets), points).map(({ at, ...point }) => ({
      time: rfc3339(at * 1_000) ?? "",
      ...point,
    })),
  };
}

async function smallLines(
  history: History,
  registry: Registry,
  devices: readonly string[],
  wall: number,
): Promise<{ from: string; to: string; items: Sparkline[] }> {
  const found = firstNumbers(registry, new Set(devices));
  const lines = devices.flatMap((device) => found.get(device) ?? []);
  const end = Math.floor(wall / 1_000 / STEP) + 1;
  const first = end - VALUES;
  const { rows } = await history.read({
    keys: lines.map(keyOf),
    ...{ from: first * STEP, to: end * STEP, by: { resolution: STEP } },
  });
  const items = lines.map(({ slot, stream }) => ({
    device: stream.device.id,
    series: describeSeries(stream, slot).id,
    field: slot.series.field,
    unit: slot.unit,
    values: Array<number | null>(VALUES).fill(null),
  }));
  for (let row = 0; row < rows.length; row += WIDTH) {
    const values = items[rows[row + SERIES] ?? -1]?.values;
    if (values !== undefined) {
      values[(rows[row + BUCKET] ?? 0) - first] = (rows[row + SUM] ?? 0) / (rows[row + COUNT] ?? 1);
    }
  }
  return { from: rfc3339(first * STEP * 1_000) ?? "", to: rfc3339(end * STEP * 1_000) ?? "", items };
}

/** The first number that each device sends. */
function firstNumbers({ streams }: Registry, devices: ReadonlySet<string>): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const stream of streams) {
    const { id } = stream.device;
    if (!devices.has(id) || found.has(id)) continue;
    for (const slot of stream.slots.values()) {
      if (slot.series.type !== "float" && slot.series.type !== "int") continue;
      found.set(id, { slot, stream });
      break;
    }
  }
  return found;
}

function seriesOf({ streams }: Registry, id: string): Found | undefined {
  const index = Number(/^[0-9]{8,}(?=-)/.exec(id)?.[0] ?? NaN);
  for (const stream of streams) {
    for (const slot of stream.slots.values()) {
      if (slot.series.index === index && describeSeries(stream, slot).id === id) return { slot, stream };
    }
  }
  return undefined;
}

function keyOf({ slot, stream }: Found): string {
  return seriesKey(stream.windows.identity, slot.series.field, slot.series.type);
}
