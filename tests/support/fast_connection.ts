import { connectPacket, type PublishPackets } from "./publish_packets.ts";

/** Bytes of a CONNACK and of a PUBACK in MQTT 3.1.1. */
const ANSWER = 4;

/** One raw TCP connection that publishes prebuilt packets, pipelined, and counts the PUBACKs. */
export class FastConnection {
  readonly #socket: Deno.TcpConn;
  readonly #packets: PublishPackets;
  readonly #window: number;
  readonly #into = new Uint8Array(64 * 1024);
  #sent = 0;
  #acknowledged = 0;

  private constructor(socket: Deno.TcpConn, packets: PublishPackets, window: number) {
    this.#socket = socket;
    this.#packets = packets;
    this.#window = window;
  }

  /** Connects and waits for the CONNACK. */
  static async open(
    address: { readonly port: number; readonly clientId: string },
    packets: PublishPackets,
    window: number,
  ): Promise<FastConnection> {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port: address.port });
    socket.setNoDelay(true);
    await writeAll(socket, connectPacket(address.clientId));
    const connack = new Uint8Array(ANSWER);
    for (let at = 0; at < ANSWER;) at += await readSome(socket, connack.subarray(at));
    if (connack[0] !== 0x20 || connack[3] !== 0) throw new Error(`The broker answered ${connack.join(" ")}`);
    return new FastConnection(socket, packets, window);
  }

  /**
   * Publishes everything; resolves when the broker has acknowledged all of it.
   *
   * @param rate messages a second at most; default: as many as the window allows
   */
  async publish(rate = Infinity): Promise<void> {
    const total = this.#packets.offsets.length - 1;
    const pacing = rate === Infinity ? undefined : this.#pace(total, rate / 1_000);
    let bytes = 0;
    while (this.#acknowledged < total) {
      if (pacing === undefined) await this.#fill(total);
      bytes += await readSome(this.#socket, this.#into);
      this.#acknowledged = Math.floor(bytes / ANSWER);
    }
    await pacing;
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  /** Sends what is due, every few ms, where the window has room for it. */
  async #pace(total: number, perMs: number): Promise<void> {
    const began = performance.now();
    while (this.#sent < total) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      const due = Math.floor(perMs * (performance.now() - began));
      await this.#send(Math.min(total, due, this.#acknowledged + this.#window));
    }
  }

  /** Sends what the window has room for, once at least half of it is free: few large writes. */
  async #fill(total: number): Promise<void> {
    const to = Math.min(total, this.#acknowledged + this.#window);
    if (to < total && to - this.#sent < this.#window / 2) return;
    await this.#send(to);
  }

  async #send(to: number): Promise<void> {
    if (to <= this.#sent) return;
    const { bytes, offsets } = this.#packets;
    await writeAll(this.#socket, bytes.subarray(offsets[this.#sent], offsets[to]));
    this.#sent = to;
  }
}

async function writeAll(socket: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}

async function readSome(socket: Deno.TcpConn, into: Uint8Array): Promise<number> {
  const got = await socket.read(into);
  if (got === null) throw new Error("The broker closed the connection");
  return got;
}
