import type { Refusal } from "../model/mod.ts";
import type { DecodeResult } from "./decoder.ts";
import { refused } from "./refused.ts";
import { nodeName, type SparkplugMessage } from "./sparkplug_message.ts";
import { sessionNumber } from "./sparkplug_death.ts";
import { type KnownMetric, openNode, putEntity, type SparkplugEntity } from "./sparkplug_memory.ts";
import { type Named, readings } from "./sparkplug_readings.ts";

/** A birth: what its metrics are called, and their present values. */
export function birth(message: SparkplugMessage, seq: number): DecodeResult {
  const { topic, payload, memory, limits } = message;
  const name = topic.device ?? "";
  const before = memory.nodes.get(nodeName(topic))?.entities.get(name);
  if (before === undefined && memory.entities >= limits.devices) {
    return refused(full(`${limits.devices} edge nodes and devices`));
  }
  const aliases = new Map<number | bigint, string>();
  const metrics = new Map<string, KnownMetric>();
  const fresh: Named[] = [];
  for (const metric of payload.metrics) {
    if (metric.name === undefined || metric.name === "") {
      return refused({
        reason: "undecodable",
        found: "a metric without a name",
        allowed: "births that name all metrics",
      });
    }
    const at = metric.timestamp ?? payload.timestamp ?? -Infinity;
    const known = before?.metrics.get(metric.name)?.at ?? -Infinity;
    const { datatype } = metric;
    if (metric.alias !== undefined) aliases.set(metric.alias, metric.name);
    metrics.set(metric.name, { datatype, at: Math.max(at, known) });
    // S1: what was taken before is no new reading.
    if (at > known || at === -Infinity) fresh.push({ name: metric.name, metric, datatype, known: undefined });
  }
  if (memory.metrics + metrics.size - (before?.metrics.size ?? 0) > limits.series) {
    return refused(full(`${limits.series} metrics`));
  }
  const records = readings(fresh, message);
  if ("reason" in records) return refused(records);
  const bdSeq = sessionNumber(message) ?? null;
  const remember = (): void => {
    const node = openNode(memory, nodeName(topic));
    node.seq = seq;
    if (topic.device === null) {
      node.born = true;
      node.bdSeq = bdSeq;
      // S6
      for (const entity of node.entities.values()) entity.born = false;
    }
    const entity: SparkplugEntity = { born: true, aliases, metrics };
    putEntity(memory, node, name, entity);
  };
  return { ok: true, records, needs: "none", effect: { remember } };
}

function full(allowed: string): Refusal {
  return { reason: "cardinality", allowed };
}
