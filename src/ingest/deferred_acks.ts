import type { IPublishPacket, MqttClient } from "mqtt";
import { Buffer } from "node:buffer";

/**
 * The one place that leans on how MQTT.js 5 acknowledges.
 *
 * MQTT.js sends a PUBACK when the callback of `handleMessage` is called without an error, and handles the next
 * packet (PINGRESP included) only after that call. Called with an error it sends no PUBACK, goes on, and emits
 * nothing. So a message is handed over at once and its PUBACK written later, in arrival order, when it is on
 * disk. tests/integration/ingest_deferred_acks_test.ts fails when a new MQTT.js behaves differently.
 */

/** Given to MQTT.js instead of an acknowledgement; one object for all messages. */
const HELD = new Error("Acknowledged after the fsync");

/** Lets the message go on that `take` did not take. */
export interface HeldMessage {
  /** Goes on with the next packet; without effect when none is held. */
  release(): void;
}

/**
 * Takes the acknowledging away from a client.
 *
 * @param client client of MQTT.js
 * @param take called for each message; `false` stops the client until `release`
 */
export function deferAcks(client: MqttClient, take: (packet: IPublishPacket) => boolean): HeldMessage {
  let held: (() => void) | undefined;
  client.handleMessage = (packet, callback) => {
    // QoS 2 can only come from a subscription of another program in this session. There the acknowledgement
    // has gone out already, and MQTT.js must finish the handshake.
    const answer = packet.qos === 2 ? undefined : HELD;
    if (take(packet)) callback(answer);
    else held = () => callback(answer);
  };
  return {
    release(): void {
      const go = held;
      held = undefined;
      go?.();
    },
  };
}

/**
 * PUBACK packets for some messages, in one buffer (MQTT 5.0 §3.4, 3.1.1 §3.4: with success, type, length 2 and
 * the packet identifier are the whole packet in both versions).
 *
 * @param ids packet identifiers in arrival order
 */
export function pubacks(ids: Uint16Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(ids.length * 4);
  for (let index = 0, at = 0; index < ids.length; index++, at += 4) {
    const id = ids[index] ?? 0;
    bytes[at] = 0x40;
    bytes[at + 1] = 0x02;
    bytes[at + 2] = id >>> 8;
    bytes[at + 3] = id & 0xff;
  }
  return bytes;
}
