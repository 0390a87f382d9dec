import {
  type Batch,
  BUCKET,
  type Buckets,
  COUNT,
  type HistorySlot,
  type HistoryStream,
  LAST,
  LAST_AT,
  MAX,
  MIN,
  type Resolution,
  SERIES,
  SUM,
  WIDTH,
} from "../../../src/history/mod.ts";
import { Accumulators } from "../../../src/history/accumulators.ts";
import { Keeper } from "../../../src/history/keeper.ts";
import { seriesKey } from "../../../src/history/mod.ts";
import type { FieldType, Value } from "../../../src/model/mod.ts";

/** A clock's reading, ms. */
export const WALL = Date.UTC(2026, 6, 1, 12);

/** Room enough. */
export const ROOMY = { maxBytes: 64 * 1024 * 1024, keep: 30 * 86_400_000 };

/** A reading of a series, by the series' number. */
export interface TestReading {
  readonly series: number;
  readonly value: Value;
  readonly ms: number;
}

/** What the pipeline would show of a series. */
export function seriesOf(index: number, type: FieldType = "float"): {
  readonly slot: HistorySlot;
  readonly stream: HistoryStream;
  readonly key: string;
} {
  const identity = {
    deviceIndex: index,
    device: `d${index}`,
    profile: "meter",
    measurement: "power",
    tags: [["device", `d${index}`]] as const,
  };
  return {
    slot: { series: { index, field: "level", type }, unit: "kW" },
    stream: { topic: `site/d${index}`, windows: { identity } },
    key: seriesKey(identity, "level", type),
  };
}

/** A batch of readings as the gateway makes it; each maker knows which series it has told of. */
export class BatchMaker {
  readonly #gathering = new Accumulators();

  /** The batch. */
  batch(readings: readonly TestReading[], position: number): Batch {
    for (const { series, value, ms } of readings) {
      const { slot, stream } = seriesOf(series, typeof value === "string" ? "string" : "float");
      this.#gathering.add(slot, stream, value, ms);
    }
    return { series: [], rows: new Float64Array(0), texts: [], ...this.#gathering.take(), position };
  }
}

/** A keeper in a folder that goes with it. */
export async function withKeeper(
  test: (keeper: Keeper, folder: string) => void | Promise<void>,
  space = ROOMY,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_history_" });
  const keeper = new Keeper(folder, space, WALL);
  try {
    await test(keeper, folder);
  } finally {
    keeper.abandon();
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a keeper answers for a stretch; times in seconds. */
export function bucketsOf(
  keeper: Keeper,
  series: readonly number[],
  resolution: Resolution,
  from = 0,
  to = WALL / 1_000 + 3_600,
): Buckets {
  const keys = series.map((each) => seriesOf(each).key);
  const answer = keeper.answer({ kind: "read", stretch: { keys, from, to, by: { resolution } } });
  if (typeof answer !== "object" || !("rows" in answer)) throw new Error("No buckets were answered");
  return answer;
}

/** A bucket by the names of its numbers. */
export type Named = Record<"series" | "bucket" | "min" | "max" | "sum" | "count" | "last" | "lastAt", number>;

/** Rows by names. */
export function named({ rows }: Pick<Buckets, "rows">): Named[] {
  return Array.from({ length: rows.length / WIDTH }, (_, row) => {
    const of = (n: number): number => rows[row * WIDTH + n] ?? NaN;
    return {
      ...{ series: of(SERIES), bucket: of(BUCKET), min: of(MIN), max: of(MAX) },
      ...{ sum: of(SUM), count: of(COUNT), last: of(LAST), lastAt: of(LAST_AT) },
    };
  });
}

/** The same from the readings, the plain way: the oracle. */
export function expected(readings: readonly TestReading[], resolution: Resolution): Named[] {
  const found = new Map<string, Named>();
  for (const { series, value, ms } of readings) {
    if (typeof value === "string") continue;
    const bucket = Math.floor(ms / 1_000 / resolution);
    const number = Number(value);
    const known = found.get(`${bucket} ${series}`) ??
      { series, bucket, min: Infinity, max: -Infinity, sum: 0, count: 0, last: 0, lastAt: -Infinity };
    found.set(`${bucket} ${series}`, {
      ...{ series, bucket, min: Math.min(known.min, number), max: Math.max(known.max, number) },
      ...{ sum: known.sum + number, count: known.count + 1 },
      ...(ms >= known.lastAt ? { last: number, lastAt: ms } : { last: known.last, lastAt: known.lastAt }),
    });
  }
  return [...found.values()].sort((a, b) => a.bucket - b.bucket || a.series - b.series);
}
