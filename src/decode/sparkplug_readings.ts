import type { Refusal } from "../model/mod.ts";
import type { Decoded } from "./decoder.ts";
import { RecordsByTime } from "./records_by_time.ts";
import type { SparkplugMessage } from "./sparkplug_message.ts";
import type { KnownMetric } from "./sparkplug_memory.ts";
import type { SparkplugMetric } from "./sparkplug_payload.ts";
import { sparkplugValue, TooDeep, tooDeep } from "./sparkplug_value.ts";

/** A metric whose name is known. */
export interface Named {
  readonly name: string;
  readonly metric: SparkplugMetric;
  /** The type that counts: its own, else its birth's. */
  readonly datatype: number;
  /** What its birth said; `undefined` in the birth itself. */
  readonly known: KnownMetric | undefined;
}

/** Not measurements: the number of the session, and the commands that a node or device offers. */
const NO_MEASUREMENT = /^(?:bdSeq$|Node Control\/|Device Control\/)/;

/** The package reads broken UTF-8 as this character. */
const REPLACEMENT = "\ufffd";

/** Times beyond it are no times (Sparkplug 3.0 §6.4.3: milliseconds since 1970 in an unsigned 64-bit number). */
const LATEST = 8.64e15;

/** The records of metrics, one for each time. */
export function readings(named: readonly Named[], message: SparkplugMessage): readonly Decoded[] | Refusal {
  const { payload, limits, receipt } = message;
  const found = new RecordsByTime();
  for (const { name, metric, datatype } of named) {
    if (NO_MEASUREMENT.test(name)) continue;
    let value: unknown;
    try {
      value = sparkplugValue(metric, datatype, limits.depth);
    } catch (error) {
      if (error instanceof TooDeep) return tooDeep(limits);
      throw error;
    }
    if (name.includes(REPLACEMENT) || (typeof value === "string" && value.includes(REPLACEMENT))) {
      return { reason: "undecodable", found: "text with a replacement character", allowed: "UTF-8 text" };
    }
    const ms = metric.timestamp ?? payload.timestamp;
    if (ms !== undefined && ms > LATEST) {
      return { reason: "bad_time", field: name, found: `${ms}`, allowed: "milliseconds since 1970" };
    }
    found.add(ms === undefined ? undefined : BigInt(ms) * 1_000_000n, name, value);
  }
  return found.records(receipt.receivedAt);
}
