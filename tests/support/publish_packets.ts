const encoder = new TextEncoder();

/** Identifiers go round from 1 to this. */
const MAX_ID = 65_535;

/** PUBLISH packets back to back, ready to be written in one piece. */
export interface PublishPackets {
  readonly bytes: Uint8Array;
  /** Where each packet begins; one more than there are packets. */
  readonly offsets: Uint32Array;
}

/** An MQTT 3.1.1 CONNECT with a clean session and no keep-alive (§3.1). */
export function connectPacket(clientId: string): Uint8Array {
  const id = encoder.encode(clientId);
  const head = [0x10, 12 + id.length, 0, 4, ...encoder.encode("MQTT"), 4, 0x02, 0, 0, 0, id.length];
  return new Uint8Array([...head, ...id]);
}

/**
 * Encodes QoS 1 PUBLISH packets (MQTT 3.1.1 §3.3) with identifiers 1, 2, 3 …: with a window below 65,535 none is
 * in use twice.
 */
export function publishPackets(
  messages: Iterable<{ readonly topic: string; readonly payload: Uint8Array }>,
): PublishPackets {
  let bytes = new Uint8Array(64 * 1024);
  let used = 0;
  const offsets: number[] = [0];
  for (const { topic, payload } of messages) {
    const name = encoder.encode(topic);
    const body = 4 + name.length + payload.length;
    if (used + body + 5 > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length + body + 5);
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes[used++] = 0x32;
    // Remaining length, seven bits a byte (§2.2.3).
    let rest = body;
    for (; rest >= 128; rest >>>= 7) bytes[used++] = (rest & 0x7f) | 0x80;
    bytes[used++] = rest;
    bytes[used++] = name.length >>> 8;
    bytes[used++] = name.length & 0xff;
    bytes.set(name, used);
    used += name.length;
    const id = (offsets.length - 1) % MAX_ID + 1;
    bytes[used++] = id >>> 8;
    bytes[used++] = id & 0xff;
    bytes.set(payload, used);
    used += payload.length;
    offsets.push(used);
  }
  return { bytes: bytes.subarray(0, used), offsets: Uint32Array.from(offsets) };
}
