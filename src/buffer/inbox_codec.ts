import type { InboxContent, InboxRecord, Message, Rules, Stamp } from "../model/mod.ts";
import { commandJson, readCommand } from "./command_codec.ts";

/** The journal's flags of each kind of record. */
export const KIND: Readonly<Record<InboxContent["kind"], number>> = {
  message: 1,
  tick: 2,
  session: 3,
  rules: 4,
  command: 5,
};

const IMPLAUSIBLE = 1;
const DUP = 2;
const RETAIN = 4;
const PROPERTIES = 8;
const CUT = 16;

/** Stamp: bits u8, receivedAt f64, elapsed f64. Message: connection u32, packetId u16, topic length u16. */
const STAMP_BYTES = 17;
const MESSAGE_BYTES = STAMP_BYTES + 8;

const encoder = new TextEncoder();
// A byte order mark at the head of a topic is part of it (MQTT 5.0, 1.5.4-3).
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Encodes records into one growing buffer, so that a message costs no allocation. Little-endian. */
export class InboxEncoder {
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);

  /** A message; the result is valid until the next call. */
  message(message: Message, stamp: Stamp): Uint8Array {
    const { topic, payload, userProperties, originalBytes } = message;
    const properties = userProperties.length === 0
      ? undefined
      : encoder.encode(JSON.stringify(userProperties));
    // UTF-16 code units take at most three bytes in UTF-8.
    this.#reserve(MESSAGE_BYTES + topic.length * 3 + (properties?.length ?? 0) + 16 + payload.length);
    const bits = (message.dup ? DUP : 0) | (message.retain ? RETAIN : 0) |
      (properties === undefined ? 0 : PROPERTIES) | (originalBytes === undefined ? 0 : CUT);
    this.#stamp(bits, stamp);
    const view = this.#view;
    view.setUint32(STAMP_BYTES, message.connection, true);
    view.setUint16(STAMP_BYTES + 4, message.packetId, true);
    const written = putText(this.#bytes, MESSAGE_BYTES, topic);
    view.setUint16(STAMP_BYTES + 6, written, true);
    let at = MESSAGE_BYTES + written;
    if (originalBytes !== undefined) {
      view.setFloat64(at, originalBytes, true);
      at += 8;
    }
    if (properties !== undefined) {
      view.setUint32(at, properties.length, true);
      this.#bytes.set(properties, at + 4);
      at += 4 + properties.length;
    }
    this.#bytes.set(payload, at);
    return this.#bytes.subarray(0, at + payload.length);
  }

  /** Any other record; the result is valid until the next call. */
  other(content: Exclude<InboxContent, { kind: "message" }>, stamp: Stamp): Uint8Array {
    const body = content.kind === "tick" ? undefined : encoder.encode(JSON.stringify(jsonOf(content)));
    this.#reserve(STAMP_BYTES + (body?.length ?? 0));
    this.#stamp(0, stamp);
    if (body !== undefined) this.#bytes.set(body, STAMP_BYTES);
    return this.#bytes.subarray(0, STAMP_BYTES + (body?.length ?? 0));
  }

  #stamp(bits: number, stamp: Stamp): void {
    this.#view.setUint8(0, bits | (stamp.implausible ? IMPLAUSIBLE : 0));
    this.#view.setFloat64(1, stamp.receivedAt, true);
    this.#view.setFloat64(9, stamp.elapsed, true);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    this.#bytes = new Uint8Array(Math.max(bytes, 2 * this.#bytes.length));
    this.#view = new DataView(this.#bytes.buffer);
  }
}

/**
 * Decodes a record of the inbox. The payload is a view into `body`.
 *
 * @throws {RangeError} where the record's kind is unknown, which a newer version has written
 */
export function decodeInbox(position: number, flags: number, body: Uint8Array): InboxRecord {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const bits = view.getUint8(0);
  const stamp: Stamp = {
    receivedAt: view.getFloat64(1, true),
    elapsed: view.getFloat64(9, true),
    implausible: (bits & IMPLAUSIBLE) !== 0,
  };
  const json = (): unknown => JSON.parse(decoder.decode(body.subarray(STAMP_BYTES)));
  switch (flags) {
    case KIND.message:
      return { position, stamp, content: { kind: "message", message: decodeMessage(bits, view, body) } };
    case KIND.tick:
      return { position, stamp, content: { kind: "tick" } };
    case KIND.session:
      // The body was written by `other` above and its checksum has been verified.
      return {
        position,
        stamp,
        content: { kind: "session", session: json() as { connection: number; resumed: boolean } },
      };
    case KIND.rules:
      return { position, stamp, content: { kind: "rules", rules: json() as Rules } };
    case KIND.command:
      return { position, stamp, content: { kind: "command", command: readCommand(json()) } };
    default:
      throw new RangeError(
        `The inbox record ${position} has the unknown kind "${flags}"; it was written by a newer version`,
      );
  }
}

function jsonOf(content: Exclude<InboxContent, { kind: "message" | "tick" }>): unknown {
  switch (content.kind) {
    case "session":
      return content.session;
    case "rules":
      return content.rules;
    case "command":
      return commandJson(content.command);
  }
}

function decodeMessage(bits: number, view: DataView, body: Uint8Array): Message {
  const topicBytes = view.getUint16(STAMP_BYTES + 6, true);
  let at = MESSAGE_BYTES + topicBytes;
  const topic = decoder.decode(body.subarray(MESSAGE_BYTES, at));
  let originalBytes: number | undefined;
  if ((bits & CUT) !== 0) {
    originalBytes = view.getFloat64(at, true);
    at += 8;
  }
  let userProperties: [string, string][] = [];
  if ((bits & PROPERTIES) !== 0) {
    const bytes = view.getUint32(at, true);
    userProperties = JSON.parse(decoder.decode(body.subarray(at + 4, at + 4 + bytes))) as [string, string][];
    at += 4 + bytes;
  }
  return {
    topic,
    payload: body.subarray(at),
    ...(originalBytes === undefined ? {} : { originalBytes }),
    connection: view.getUint32(STAMP_BYTES, true),
    packetId: view.getUint16(STAMP_BYTES + 4, true),
    dup: (bits & DUP) !== 0,
    retain: (bits & RETAIN) !== 0,
    userProperties,
  };
}

/** Writes a text as UTF-8 and returns its length; for a topic a loop is quicker than the way to the encoder. */
function putText(into: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return encoder.encodeInto(text, into.subarray(at)).written;
    into[at + index] = code;
  }
  return text.length;
}
