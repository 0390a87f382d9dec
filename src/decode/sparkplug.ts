import { type Limits, parseSparkplugTopic, type Refusal, shown } from "../model/mod.ts";
import type { Decoder, DecodeResult, Effect, Receipt } from "./decoder.ts";
import { oversized, refused } from "./refused.ts";
import { birth } from "./sparkplug_birth.ts";
import { nodeDeath, nothing } from "./sparkplug_death.ts";
import type { KnownMetric, SparkplugEntity, SparkplugMemory, SparkplugNode } from "./sparkplug_memory.ts";
import { nodeName, type SparkplugMessage } from "./sparkplug_message.ts";
import { readSparkplugPayload, type SparkplugMetric, type SparkplugPayload } from "./sparkplug_payload.ts";
import { type Named, readings } from "./sparkplug_readings.ts";
import { rebirthRequest } from "./sparkplug_request.ts";

/**
 * Sparkplug B (Eclipse Sparkplug 3.0), by topics `spBv1.0/{group}/{type}/{node}` and `…/{node}/{device}`. Metrics
 * become values by their names, each record those of one time. Births, sequence, aliases and deaths: S1 … S7 of
 * SPEC.md.
 *
 * @param memory what is remembered; decoding reads it, only effects change it
 */
export function sparkplugDecoder(memory: SparkplugMemory): Decoder {
  return {
    decode(bytes: Uint8Array, limits: Limits, receipt: Receipt): DecodeResult {
      const large = oversized(bytes, limits);
      if (large !== undefined) return refused(large);
      const topic = parseSparkplugTopic(receipt.topic);
      if (topic === undefined) {
        return refused({
          reason: "undecodable",
          found: shown(receipt.topic),
          allowed: "a topic of Sparkplug B",
        });
      }
      const payload = readSparkplugPayload(bytes, limits);
      if ("reason" in payload) return refused(payload);
      return judge({ topic, payload, memory, limits, receipt });
    },
  };
}

function judge(message: SparkplugMessage): DecodeResult {
  const { topic, payload, memory } = message;
  const node = memory.nodes.get(nodeName(topic));
  if (topic.type === "NDEATH") return nodeDeath(message, node);
  const { seq } = payload;
  if (seq === undefined) {
    return refused({
      reason: "undecodable",
      field: "seq",
      found: "nothing",
      allowed: "0 … 255 in each message",
    });
  }
  if (topic.type === "NBIRTH") return birth(message, seq);
  if (node === undefined || !node.born) {
    return topic.type === "DDEATH"
      ? nothing()
      : doubtful(message, noBirth("the node's birth is awaited"), () => {});
  }
  const expected = (node.seq + 1) % 256;
  if (seq !== expected) {
    const refusal: Refusal = { reason: "sequence_gap", found: `seq ${seq}`, allowed: `seq ${expected}` };
    return doubtful(message, refusal, () => void (node.born = false));
  }
  const counted = (): void => void (node.seq = seq);
  if (topic.type === "DBIRTH") return birth(message, seq);
  const entity = node.entities.get(topic.device ?? "");
  if (topic.type === "DDEATH") {
    const remember = (): void => {
      counted();
      if (entity !== undefined) entity.born = false;
    };
    return { ok: true, records: [], needs: "none", effect: { remember, died: [message.receipt.topic] } };
  }
  if (entity === undefined || !entity.born) {
    return doubtful(message, noBirth("the device's birth is awaited"), counted);
  }
  return data(message, node, entity, seq);
}

function data(
  message: SparkplugMessage,
  node: SparkplugNode,
  entity: SparkplugEntity,
  seq: number,
): DecodeResult {
  const counted = (): void => void (node.seq = seq);
  const named: Named[] = [];
  for (const metric of message.payload.metrics) {
    const name = nameOf(metric, entity);
    if (name === undefined) {
      if (metric.alias === undefined) {
        const refusal: Refusal = { reason: "undecodable", found: "a metric without name and alias" };
        return { ok: false, refusal, effect: { remember: counted } };
      }
      const refusal: Refusal = { reason: "unknown_alias", found: shown(metric.alias) };
      return doubtful(message, refusal, counted);
    }
    const known = entity.metrics.get(name);
    named.push({ name, metric, datatype: metric.datatype || (known?.datatype ?? 0), known });
  }
  const records = readings(named, message);
  if ("reason" in records) return { ok: false, refusal: records, effect: { remember: counted } };
  const remember = (): void => {
    counted();
    for (const { known, metric } of named) if (known !== undefined) noteTime(known, metric, message.payload);
  };
  return { ok: true, records, needs: "some", effect: { remember } };
}

function noteTime(known: KnownMetric, metric: SparkplugMetric, payload: SparkplugPayload): void {
  known.at = Math.max(known.at, metric.timestamp ?? payload.timestamp ?? -Infinity);
}

function nameOf(metric: SparkplugMetric, entity: SparkplugEntity): string | undefined {
  if (metric.name !== undefined && metric.name !== "") return metric.name;
  return metric.alias === undefined ? undefined : entity.aliases.get(metric.alias);
}

function noBirth(hint: string): Refusal {
  return { reason: "no_birth", hint };
}

/** Refuses a message, and asks the node for its births. */
function doubtful(message: SparkplugMessage, refusal: Refusal, remember: () => void): DecodeResult {
  const asked = rebirthRequest(message);
  const effect: Effect = {
    remember(): void {
      remember();
      asked?.remember();
    },
    ...(asked === undefined ? {} : { request: asked.request }),
  };
  return { ok: false, refusal, effect };
}
