/**
 * Replays of records in memory: a reader that serves them as a journal would, a sink that notes what goes out, and
 * what the gateway itself has made of them.
 * @module
 */
import type { Keyring } from "../../../src/enrich/mod.ts";
import type { AlertEvent, InboxRecord, Point, Rules } from "../../../src/model/mod.ts";
import type { Batch } from "../../../src/pipeline/mod.ts";
import { replayLive, type ReplaySink, type ReplaySummary } from "../../../src/replay/mod.ts";
import { Output, RiverBench, START } from "../pipeline/river_bench.ts";

/** Values by series, field and time. */
export type Database = Map<string, number | boolean | string>;

/** Notes what goes out. */
export class NotingSink extends Output implements ReplaySink {
  /** Is called when everything so far is to be where it belongs. */
  onSettled: () => void = () => {};

  room(): Promise<void> {
    return Promise.resolve();
  }

  settled(): Promise<void> {
    this.onSettled();
    return Promise.resolve();
  }
}

/** A reader of records in batches of a few, as `readStretch` is one; missing positions are told as lost. */
export function readerOf(
  records: readonly InboxRecord[],
  upTo: () => number = () => Infinity,
  size = 7,
): (after: number) => AsyncGenerator<Batch> {
  return async function* (after) {
    const end = upTo();
    let next = after + 1;
    let batch: InboxRecord[] = [];
    let lost = 0;
    for (const record of records) {
      if (record.position <= after || record.position > end) continue;
      const missing = (after > 0 || next > 1) && record.position > next;
      if (missing && batch.length > 0) {
        yield await Promise.resolve({ records: batch, lost });
        [batch, lost] = [[], 0];
      }
      if (missing) lost = record.position - next;
      next = record.position + 1;
      batch.push(record);
      if (batch.length < size) continue;
      yield await Promise.resolve({ records: batch, lost });
      [batch, lost] = [[], 0];
    }
    if (batch.length > 0) yield { records: batch, lost };
  };
}

/** How a replay of a test differs from one of everything. */
export interface Replayed {
  readonly from?: number;
  readonly to?: number;
  readonly keyring?: Keyring;
}

/** Replays records that nothing follows. */
export async function replayed(
  rules: Rules,
  records: readonly InboxRecord[],
  { from = -Infinity, to = Infinity, keyring = new RiverBench(rules).river.keyring }: Replayed = {},
): Promise<{ out: NotingSink; summary: ReplaySummary }> {
  const out = new NotingSink();
  const options = { rules, keyring, from, to, onProgress: () => {} };
  return { out, summary: await replayLive(readerOf(records), options, out) };
}

/** A device's report as a record. */
export function report(
  position: number,
  device: string,
  time: number,
  values: Record<string, unknown>,
  receivedAt = time,
): InboxRecord {
  const payload = new TextEncoder().encode(JSON.stringify({ ts: START + time, ...values }));
  return {
    position,
    stamp: { receivedAt: START + receivedAt, elapsed: receivedAt, implausible: false },
    content: {
      kind: "message",
      message: {
        topic: `plant/${device}`,
        payload,
        connection: 1,
        packetId: 0,
        dup: false,
        retain: false,
        userProperties: [],
      },
    },
  };
}

/** One report of `t` a second from `seconds[0]` to before `seconds[1]`, position and time going together. */
export function everySecond(
  device: string,
  [from, to]: readonly [number, number],
  value: (second: number) => number = (second) => second,
): InboxRecord[] {
  return Array.from(
    { length: to - from },
    (_, n) => report(from + n + 1, device, 1_000 * (from + n), { t: value(from + n) }),
  );
}

/** What the gateway makes of records. */
export function gatewayOf(rules: Rules, records: readonly InboxRecord[], keyring?: Keyring): Output {
  const bench = new RiverBench(rules, keyring);
  for (const record of records) bench.record(record);
  return bench.out;
}

/** Event times of points, s since START. */
export function seconds(points: readonly Point[]): number[] {
  return points.map(({ ms }) => (ms - START) / 1_000);
}

/** Transitions in short. */
export function transitions(alerts: readonly AlertEvent[]): string[] {
  return alerts.map(({ transition, rule, at }) => `${rule} ${transition} ${(at - START) / 1_000}`);
}
