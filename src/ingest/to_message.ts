import type { IPublishPacket } from "mqtt";
import type { Message } from "../model/mod.ts";

/** Of a payload above the limit this much is kept, so that the quarantine can show what it was: 64 KiB. */
export const KEPT_OF_OVERSIZED = 64 * 1024;

const NO_PROPERTIES: Message["userProperties"] = [];
const encoder = new TextEncoder();

/**
 * Turns a PUBLISH packet into the record of the inbox.
 *
 * @param packet as parsed; its payload is not copied
 * @param connection number of the connection that delivered it
 * @param packetId identifier to keep; 0 where there is no redelivery to recognise
 * @param maxPayload largest payload that is kept whole, in bytes
 */
export function toMessage(
  packet: IPublishPacket,
  connection: number,
  packetId: number,
  maxPayload: number,
): Message {
  const payload = typeof packet.payload === "string" ? encoder.encode(packet.payload) : packet.payload;
  const properties = packet.properties?.userProperties;
  const message = {
    topic: packet.topic,
    payload,
    connection,
    packetId,
    dup: packet.dup,
    retain: packet.retain,
    userProperties: properties === undefined ? NO_PROPERTIES : pairs(properties),
  };
  if (payload.length <= maxPayload) return message;
  const kept = Math.min(maxPayload, KEPT_OF_OVERSIZED);
  return { ...message, payload: payload.subarray(0, kept), originalBytes: payload.length };
}

/** MQTT 5.0 §3.3.2.3.7: a name may come more than once; the parser collects its values in a list. */
function pairs(properties: Readonly<Record<string, string | string[]>>): [string, string][] {
  const found: [string, string][] = [];
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "string") found.push([name, value]);
    else for (const one of value) found.push([name, one]);
  }
  return found;
}
