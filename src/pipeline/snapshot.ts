import { type AlertSnapshot, AlertStage } from "../alerts/mod.ts";
import type { DecodeMemory } from "../decode/mod.ts";
import {
  restoreStreams,
  snapshotStage,
  snapshotStream,
  type StageSnapshot,
  type StreamSnapshot,
  type StreamWindows,
} from "../downsample/mod.ts";
import { NumberRanges, type RangesSnapshot, type Rules, type Value } from "../model/mod.ts";
import type { Keyring } from "../enrich/mod.ts";
import type { KeptFields } from "../validate/mod.ts";
import { River } from "./river.ts";
import { Sequence, type SequenceSnapshot } from "./sequence.ts";
import { type Device, type FieldSlot, noCounts, slotKey, type Stream } from "./state.ts";
import type { TwinSnapshot } from "./twins.ts";

/** One field of a stream as the checkpoint holds it. */
export interface SlotSnapshot {
  /** Type and name of the field, as `slotKey` joins them. */
  readonly key: string;
  /** Unit for people; `null`: none. */
  readonly unit: string | null;
  /** Last value; `undefined` before the first. */
  readonly value: Value | undefined;
  /** Event time of that value, ms; −Infinity before the first. */
  readonly at: number;
}

/** A stream as the checkpoint holds it. */
export interface RiverStreamSnapshot {
  /** Number of its device. */
  readonly device: number;
  /** Topic on which it was first seen. */
  readonly topic: string;
  /** Its series and their windows. */
  readonly windows: StreamSnapshot;
  /** Its fields, with their last values. */
  readonly slots: readonly SlotSnapshot[];
  /** Sequence numbers that were seen; `undefined`: it has sent none. */
  readonly sequence: SequenceSnapshot | undefined;
  /** Hash of the newest message by the hash of its topic. */
  readonly newestOf: readonly (readonly [number, number])[];
  /** The newest time of receipt that stamped a record, ms. */
  readonly receiptMs: number;
  /** Nanoseconds beyond it. */
  readonly receiptNs: number;
}

/** The whole state of the river at a record boundary: plain data for `structuredClone`-like codecs. */
export interface RiverSnapshot {
  /** The rules in force. */
  readonly rules: Rules;
  /** Position of the newest record taken in; 0: none. */
  readonly position: number;
  /** Journal time of the newest record, ms. */
  readonly elapsed: number;
  /** Number of the newest connection; 0: none. */
  readonly connection: number;
  /** Counters of all devices together. */
  readonly totals: River["totals"];
  /** Series opened so far. */
  readonly seriesCount: number;
  /** Every device that was seen, by its number. */
  readonly devices: readonly Device[];
  /** Every stream that was seen, by its number. */
  readonly streams: readonly RiverStreamSnapshot[];
  /** Counters of the windows. */
  readonly stage: StageSnapshot;
  /** Messages of the session that might come again. */
  readonly twins: TwinSnapshot;
  /** States of the alert rules. */
  readonly alerts: AlertSnapshot;
  /** For each profile the fields that it has kept without naming them. */
  readonly kept: ReadonlyMap<string, KeptFields>;
  /** What formats with a memory remember. */
  readonly memory: DecodeMemory;
  /** Entries of the quarantine that were tried again; older checkpoints lack it. */
  readonly reinjected?: RangesSnapshot;
}

/**
 * Takes the state as plain data. It still shares objects with the river: encode it before the next record.
 *
 * @param wanted which streams; left out: all
 */
export function snapshotRiver(river: River, wanted?: (stream: Stream) => boolean): RiverSnapshot {
  const { rules, position, elapsed, connection, totals, registry } = river;
  return {
    rules,
    position,
    elapsed,
    connection,
    totals,
    seriesCount: registry.seriesCount,
    devices: registry.devices,
    streams: (wanted === undefined ? registry.streams : registry.streams.filter(wanted)).map((stream) => ({
      device: stream.device.index,
      topic: stream.topic,
      windows: snapshotStream(stream.windows),
      slots: [...stream.slots].map(([key, { unit, value, at }]) => ({ key, unit, value, at })),
      sequence: stream.sequence?.snapshot(),
      newestOf: [...stream.newestOf],
      receiptMs: stream.receiptMs,
      receiptNs: stream.receiptNs,
    })),
    stage: snapshotStage(river.downsampler),
    twins: river.twins.snapshot(),
    alerts: river.alerts.snapshot(),
    kept: river.kept,
    memory: river.memory,
    reinjected: river.reinjected.snapshot(),
  };
}

/**
 * Builds a river that goes on exactly where the snapshot was taken.
 *
 * @param keyring the keys of hashes, which no snapshot holds
 */
export function restoreRiver(snapshot: RiverSnapshot, keyring?: Keyring): River {
  const river = new River(snapshot.rules, snapshot.kept, keyring, snapshot.memory);
  river.position = snapshot.position;
  river.elapsed = snapshot.elapsed;
  river.connection = snapshot.connection;
  Object.assign(river.totals, snapshot.totals);
  river.alerts = new AlertStage(snapshot.rules.alerts, snapshot.alerts);
  for (const { due, index } of river.alerts.deadlines()) river.schedule(due, index);
  river.twins.restore(snapshot.twins);
  river.reinjected = new NumberRanges(snapshot.reinjected);
  const { registry } = river;
  registry.seriesCount = snapshot.seriesCount;
  for (const device of snapshot.devices) {
    registry.addDevice({
      ...device,
      counts: { ...noCounts(), ...device.counts },
      errors: new Map(device.errors),
    });
  }
  const windows = restoreStreams(
    river.downsampler,
    river.plans,
    snapshot.stage,
    snapshot.streams.map((stream) => stream.windows),
  );
  snapshot.streams.forEach((from, index) => {
    const device = registry.devices[from.device];
    const own = windows[index];
    if (device === undefined || own === undefined) {
      throw new RangeError(`Stream ${index} of the checkpoint has no device`);
    }
    registry.addStream(restoreStream(river, from, index, device, own));
  });
  return river;
}

function restoreStream(
  river: River,
  from: RiverStreamSnapshot,
  index: number,
  device: Device,
  windows: StreamWindows,
): Stream {
  const { alerts } = river;
  const slots = new Map<string, FieldSlot>();
  from.slots.forEach(({ key, unit, value, at }) => {
    const series = windows.series.find((each) => slotKey(each.field, each.type) === key);
    if (series === undefined) return;
    const watchers = alerts.watchersFor(windows.identity, from.topic, series.field, unit);
    slots.set(key, { series, watchers, unit, value, at });
  });
  return {
    index,
    device,
    windows,
    topic: from.topic,
    slots,
    byIndex: [],
    sequence: from.sequence === undefined ? undefined : new Sequence(from.sequence),
    deadmen: alerts.deadmenFor(windows.identity, from.topic),
    newestOf: new Map(from.newestOf),
    receiptMs: from.receiptMs,
    receiptNs: from.receiptNs,
  };
}
