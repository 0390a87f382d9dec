import { generate, type Packet, parser } from "mqtt-packet";
import type { Buffer } from "node:buffer";
import net from "node:net";

/** What happens to a packet of the broker's: it passes, vanishes, or waits for `release`. */
export type Fate = "pass" | "swallow" | "hold";

/**
 * A proxy before a broker that reads MQTT: a test decides about each packet that the broker sends, by the client that
 * it is for. A broker that answers pings and sends no messages is one line with it.
 */
export class MqttProxy implements AsyncDisposable {
  /** Address to connect to. */
  readonly url: string;
  /** Decides about each packet from the broker to a client. */
  rule: (packet: Packet, clientId: string) => Fate = () => "pass";
  /** Client ids in the order of their CONNECT packets. */
  readonly connected: string[] = [];
  /** Packets that vanished. */
  readonly swallowed: Packet[] = [];
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #held: (() => void)[] = [];

  private constructor(server: net.Server, port: number, readonly target: number) {
    this.#server = server;
    this.url = `mqtt://127.0.0.1:${port}`;
    server.on("connection", (client: net.Socket) => this.#accept(client));
  }

  /** Opens a proxy before a port of 127.0.0.1. */
  static async open(target: number): Promise<MqttProxy> {
    const server = net.createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port");
    return new MqttProxy(server, address.port, target);
  }

  /** How many packets wait. */
  get held(): number {
    return this.#held.length;
  }

  /** Lets what waits go, in its order. */
  release(): void {
    for (const go of this.#held) go();
    this.#held = [];
  }

  /** Ends it and all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(client: net.Socket): void {
    const broker = net.connect({ host: "127.0.0.1", port: this.target, noDelay: true });
    for (const [from, to] of [[client, broker], [broker, client]] as const) {
      this.#sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroySoon();
      });
    }
    const up = parser();
    let known = false;
    up.on("packet", (packet: Packet) => {
      if (packet.cmd !== "connect") return;
      known = true;
      this.connected.push(packet.clientId);
      this.#read(broker, client, packet.clientId, packet.protocolVersion ?? 4);
    });
    client.on("data", (bytes: Buffer) => {
      if (!known) up.parse(bytes);
      broker.write(bytes);
    });
  }

  #read(broker: net.Socket, client: net.Socket, clientId: string, protocolVersion: number): void {
    const down = parser({ protocolVersion });
    down.on("packet", (packet: Packet) => {
      const fate = this.rule(packet, clientId);
      const pass = (): void => void client.write(generate(packet, { protocolVersion }));
      if (fate === "pass") pass();
      else if (fate === "hold") this.#held.push(pass);
      else this.swallowed.push(packet);
    });
    broker.on("data", (bytes: Buffer) => down.parse(bytes));
  }
}
