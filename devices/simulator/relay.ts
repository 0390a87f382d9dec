import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * A cable between the gateway and a real database, which can be pulled: it passes bytes on, or closes every
 * connection at once.
 */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #pulled = false;
  #port = 0;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (this.#pulled) {
        near.destroy();
        return;
      }
      const far = connect(port, host);
      for (const [socket, other] of [[near, far], [far, near]] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
    });
  }

  /** Lays a cable from a free loopback port to a host. */
  static async start(host: string, port: number): Promise<Relay> {
    const relay = new Relay(host, port);
    await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
    const address = relay.#server.address();
    if (address === null || typeof address === "string") throw new Error("The relay has no port");
    relay.#port = address.port;
    return relay;
  }

  /** Its near end. */
  get port(): number {
    return this.#port;
  }

  /** Pulls the cable. */
  leave(): void {
    this.#pulled = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Plugs it in again. */
  comeBack(): void {
    this.#pulled = false;
  }

  /** Takes it away. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
