import { type DeviceRequest, sparkplugTopic } from "../model/mod.ts";
import { nodeName, type SparkplugMessage } from "./sparkplug_message.ts";
import { openNode } from "./sparkplug_memory.ts";
import { rebirthCommand } from "./sparkplug_payload.ts";

/** A node is not asked again for its births before this time has passed, ms of journal time. */
const PATIENCE = 10_000;

/** A request, and what has to be remembered of it. */
interface Asked {
  readonly request: DeviceRequest;
  readonly remember: () => void;
}

/**
 * Asks the node of a message for its births; `undefined` where it was asked a moment ago, or where there is no room
 * to remember that it was.
 */
export function rebirthRequest({ topic, memory, limits, receipt }: SparkplugMessage): Asked | undefined {
  const { elapsed, receivedAt } = receipt;
  const name = nodeName(topic);
  const node = memory.nodes.get(name);
  if (node === undefined && memory.nodes.size >= limits.devices) return undefined;
  if (elapsed - (node?.askedAt ?? -Infinity) < PATIENCE) return undefined;
  return {
    request: {
      topic: sparkplugTopic(topic.group, "NCMD", topic.node, null),
      payload: rebirthCommand(receivedAt),
    },
    remember: () => void (openNode(memory, name).askedAt = elapsed),
  };
}
