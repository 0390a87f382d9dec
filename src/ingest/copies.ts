import type { IPublishPacket } from "mqtt";
import { Buffer } from "node:buffer";

/**
 * Recognises the copies that a broker sends of one message.
 *
 * Where two filters match a topic, an MQTT 5 broker may send the message once for each (§3.3.4; mosquitto does):
 * a message counted twice. Filters that overlap are therefore subscribed with an identifier each (§3.8.2.1.2),
 * which comes back with the message. A copy follows its message with the same content and other identifiers; a
 * device that says the same thing twice comes back with the same ones. What comes between the two makes the copy
 * a message: nothing is ever left out on a guess.
 */
export class Copies {
  #topic = "";
  #payload: Uint8Array = new Uint8Array();
  #retain = false;
  #seen: number[] = [];

  /** Forgets the last message: another connection begins. */
  reset(): void {
    this.#seen = [];
  }

  /** Is this packet a copy of the one before it? */
  isCopy(packet: IPublishPacket): boolean {
    const found = packet.properties?.subscriptionIdentifier;
    if (found === undefined) {
      this.#seen = [];
      return false;
    }
    const identifiers = typeof found === "number" ? [found] : [...found];
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    if (
      this.#seen.length > 0 && packet.topic === this.#topic && packet.retain === this.#retain &&
      !identifiers.some((identifier) => this.#seen.includes(identifier)) && payload.equals(this.#payload)
    ) {
      this.#seen.push(...identifiers);
      return true;
    }
    this.#topic = packet.topic;
    this.#payload = payload;
    this.#retain = packet.retain;
    this.#seen = identifiers;
    return false;
  }
}
