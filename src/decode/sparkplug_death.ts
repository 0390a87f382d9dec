import { sparkplugTopic } from "../model/mod.ts";
import type { DecodeResult } from "./decoder.ts";
import type { SparkplugMessage } from "./sparkplug_message.ts";
import type { SparkplugNode } from "./sparkplug_memory.ts";
import { integer } from "./sparkplug_payload.ts";

/** A death that says nothing: its node or device is not known to live, or the session it belongs to is over. */
export function nothing(): DecodeResult {
  return { ok: true, records: [], needs: "none", effect: { remember: () => {}, died: [] } };
}

/** The death of a node, and with it of its devices. */
export function nodeDeath(message: SparkplugMessage, node: SparkplugNode | undefined): DecodeResult {
  if (node === undefined) return nothing();
  const named = sessionNumber(message);
  if (node.bdSeq !== null && named !== undefined && named !== node.bdSeq) return nothing();
  const { group, node: id } = message.topic;
  const devices = [...node.entities.keys()].filter((name) => name !== "");
  return {
    ok: true,
    records: [],
    needs: "none",
    effect: {
      remember(): void {
        node.born = false;
        for (const entity of node.entities.values()) entity.born = false;
      },
      died: [message.receipt.topic, ...devices.map((device) => sparkplugTopic(group, "DDEATH", id, device))],
    },
  };
}

/** The number of the session that a birth or death belongs to; `undefined` where it names none. */
export function sessionNumber({ payload }: SparkplugMessage): number | bigint | undefined {
  const value = payload.metrics.find(({ name }) => name === "bdSeq")?.value;
  if (value === undefined || (value[0] !== "intValue" && value[0] !== "longValue")) return undefined;
  return integer(value[1]);
}
