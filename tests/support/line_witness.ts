import { type Packet, type Parser, parser } from "mqtt-packet";
import type { Buffer } from "node:buffer";
import type { Published } from "./oracle.ts";
import type { Direction, TcpProxy } from "./tcp_proxy.ts";

/** Topics of the gateway's own messages to itself. */
const PROBES = "sluice/probe/";

/** What went over one connection, both ways. */
interface Connection {
  /** Who connected; not known before its CONNECT. */
  client: string;
  readonly up: Parser;
  down: Parser;
  /** Messages that came and wait for their PUBACK, by packet identifier. */
  readonly open: Map<number, string>;
}

/**
 * Reads the MQTT packets that pass a proxy between broker and gateway: an account of what was delivered to its session and
 * acknowledged that is neither the broker's nor the gateway's. What the gateway's other client does, and probes of the
 * line, are no part of it.
 */
export class LineWitness {
  /** CONNECT packets of the session that have passed. */
  connects = 0;
  /** PUBLISH packets with QoS 1 that have passed, repeated ones too. */
  deliveries = 0;
  /** Those of them that the broker marked as repeated. */
  repeated = 0;
  /** PUBACKs that have passed. */
  pubacks = 0;
  /** PUBACKs for what their own connection had not delivered, or that was acknowledged on it already. */
  readonly strays: string[] = [];
  /** Streams that no MQTT parser could read on. */
  malformed = 0;
  readonly #connections = new Map<number, Connection>();
  /** Each message that has passed, with the packet identifier of its first time. */
  readonly #delivered = new Map<string, number>();
  readonly #renumbered = new Set<string>();
  readonly #acknowledged = new Set<string>();

  /** Watches a line between a client and a broker from its first connection on. */
  constructor(line: TcpProxy, readonly client = "sluice-test") {
    line.watch = (number, direction, bytes) => this.#look(number, direction, bytes);
  }

  /** A message has passed towards the gateway, at least once. */
  delivered(message: Published): boolean {
    return this.#delivered.has(keyOf(message));
  }

  /** A message was acknowledged by the gateway, at least once, on the connection that it came by. */
  acknowledged(message: Published): boolean {
    return this.#acknowledged.has(keyOf(message));
  }

  /** Messages that have passed, each counted once. */
  get once(): number {
    return this.#delivered.size;
  }

  /** What has passed and was never published so: topic and payload. */
  changed(published: Iterable<Published>): Published[] {
    const known = new Set(Array.from(published, keyOf));
    return [...this.#delivered.keys()].filter((key) => !known.has(key)).map(messageOf);
  }

  /** What has passed under two identifiers: nobody can know by them that the second was the first once more. */
  get renumbered(): Published[] {
    return [...this.#renumbered].map(messageOf);
  }

  #look(number: number, direction: Direction, bytes: Buffer): void {
    let connection = this.#connections.get(number);
    if (connection === undefined) {
      connection = { client: "", up: this.#parser(), down: this.#parser(), open: new Map() };
      this.#connections.set(number, connection);
      this.#read(number, connection);
    }
    connection[direction].parse(bytes);
  }

  #parser(protocolVersion = 4): Parser {
    const made = parser({ protocolVersion });
    // What it makes of the rest of a broken stream is of no account.
    made.on("error", () => this.malformed++);
    return made;
  }

  #read(number: number, connection: Connection): void {
    connection.up.on("packet", (packet: Packet) => {
      if (packet.cmd === "connect") {
        connection.client = packet.clientId;
        if (packet.clientId === this.client) this.connects++;
        connection.down = this.#parser(packet.protocolVersion);
        connection.down.on("packet", (answer: Packet) => this.#down(connection, answer));
      }
      if (packet.cmd === "puback" && connection.client === this.client) {
        this.#puback(number, connection, packet.messageId ?? 0);
      }
    });
  }

  #down({ client, open }: Connection, packet: Packet): void {
    if (client !== this.client || packet.cmd !== "publish" || packet.qos !== 1) return;
    const key = keyOf({ topic: packet.topic, payload: packet.payload.toString() });
    open.set(packet.messageId ?? 0, key);
    if (packet.topic.startsWith(PROBES)) return;
    this.deliveries++;
    if (packet.dup) this.repeated++;
    const id = packet.messageId ?? 0;
    const first = this.#delivered.get(key) ?? id;
    if (first !== id) this.#renumbered.add(key);
    this.#delivered.set(key, first);
  }

  #puback(number: number, { open }: Connection, id: number): void {
    this.pubacks++;
    const key = open.get(id);
    open.delete(id);
    if (key === undefined) this.strays.push(`PUBACK ${id} on connection ${number}`);
    else this.#acknowledged.add(key);
  }
}

function messageOf(key: string): Published {
  const [topic = "", ...payload] = key.split(" ");
  return { topic, payload: payload.join(" ") };
}

function keyOf({ topic, payload }: Published): string {
  return `${topic} ${payload}`;
}
