import { Buffer } from "node:buffer";
import type { Limits, Refusal } from "../model/mod.ts";
import { integer, readMetric, type SparkplugMetric } from "./sparkplug_payload.ts";

/** Numbers of the signed types (Sparkplug 3.0 §6.4.16) and their bits. */
const SIGNED: ReadonlyMap<number, number> = new Map([[1, 8], [2, 16], [3, 32], [4, 64]]);

/**
 * The value of a metric as a plain value; null where it has none.
 *
 * Signed integers travel as unsigned ones, so their type decides: that of the metric, else that of its birth. Bytes
 * become base64url text, a template an object of its metrics by name. Data sets and property sets are not read.
 *
 * @param datatype the type that counts
 * @param depth levels that may still follow
 */
export function sparkplugValue(metric: SparkplugMetric, datatype: number, depth: number): unknown {
  if (metric.value === undefined) return null;
  const [member, value] = metric.value;
  switch (member) {
    case "intValue":
    case "longValue":
      return signed(integer(value), datatype);
    case "bytesValue":
      return value instanceof Uint8Array ? Buffer.from(value).toString("base64url") : null;
    case "templateValue":
      return template(value, depth);
    default:
      return value;
  }
}

function signed(value: number | bigint, datatype: number): number | bigint {
  const bits = SIGNED.get(datatype);
  if (bits === undefined) return value;
  const wrapped = BigInt.asIntN(bits, BigInt(value));
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
}

/** Where a template is nested deeper than is allowed. */
export class TooDeep extends Error {}

function template(value: unknown, depth: number): unknown {
  if (depth <= 1) throw new TooDeep();
  const metrics = (value as { readonly metrics?: readonly Parameters<typeof readMetric>[0][] }).metrics ?? [];
  return Object.fromEntries(metrics.flatMap((each): [string, unknown][] => {
    const metric = readMetric(each);
    return metric.name === undefined
      ? []
      : [[metric.name, sparkplugValue(metric, metric.datatype, depth - 1)]];
  }));
}

/** The refusal of a template that is nested too deeply. */
export function tooDeep(limits: Limits): Refusal {
  return { reason: "too_deep", allowed: `at most ${limits.depth} levels` };
}
