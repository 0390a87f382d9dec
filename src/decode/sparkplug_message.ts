import type { Limits, SparkplugTopic } from "../model/mod.ts";
import type { Receipt } from "./decoder.ts";
import type { SparkplugMemory } from "./sparkplug_memory.ts";
import type { SparkplugPayload } from "./sparkplug_payload.ts";

/** One message of Sparkplug B with everything that is known about it. */
export interface SparkplugMessage {
  readonly topic: SparkplugTopic;
  readonly payload: SparkplugPayload;
  readonly memory: SparkplugMemory;
  readonly limits: Limits;
  readonly receipt: Receipt;
}

/** The name of a node in the memory. */
export function nodeName({ group, node }: SparkplugTopic): string {
  return `${group}/${node}`;
}
