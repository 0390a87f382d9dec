import type { Aedes } from "aedes";
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";

/** Longest wait until the devices' sockets have taken their last bytes. */
const FAREWELL = 1_000;

/** The TCP side of the embedded broker. */
export class EmbeddedListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(readonly broker: Aedes, readonly clock: Clock) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      broker.handle(socket);
    });
  }

  /**
   * Begins to listen.
   *
   * @returns the port, which the system chose where 0 was asked
   * @throws Error where the address cannot be had
   */
  async open(host: string, port: number): Promise<number> {
    // This machine's own name needs no resolver, and a right to listen is one for an address.
    const address = host === "localhost" ? "127.0.0.1" : host;
    const place = `${address.includes(":") ? `[${address}]` : address}:${port}`;
    // Asked before, since node:net throws its refusal where nobody can catch it.
    const { state } = await Deno.permissions.query({ name: "net", host: place });
    if (state !== "granted") {
      throw new Error(
        `The embedded broker cannot listen on "${host}:${port}": this process has no right to it; run it with ` +
          `--allow-net=${place}, deno task permissions prints all that a configuration needs`,
      );
    }
    return await new Promise((resolve, reject) => {
      this.#server.once("error", (error: Error & { readonly code?: string }) => {
        const why = error.code === "EADDRINUSE"
          ? "another program listens there; stop it or change mqtt.url"
          : error.message;
        reject(new Error(`The embedded broker cannot listen on "${host}:${port}": ${why}`, { cause: error }));
      });
      this.#server.listen(port, address, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Accepts nobody any more, lets the last acknowledgements leave, then closes every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.end();
    const farewell = new AbortController();
    await Promise.race([closed.then(() => farewell.abort()), this.clock.sleep(FAREWELL, farewell.signal)]);
    await new Promise<void>((resolve) => this.broker.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
