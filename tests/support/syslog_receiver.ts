import { frames, type ParsedSyslog, parseSyslog } from "./syslog_parser.ts";

/** A syslog server on loopback, over TCP: it reads each connection to its end, then closes its side. */
export class SyslogReceiver implements AsyncDisposable {
  /** The messages of connections that were read to their end. */
  readonly taken: ParsedSyslog[] = [];
  /** It reads nothing. */
  hangs = false;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;
  #closed = false;

  private constructor() {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#serving = this.#serve();
  }

  /** Starts it on a free port. */
  static start(): Promise<SyslogReceiver> {
    return Promise.resolve(new SyslogReceiver());
  }

  /** Where it listens. */
  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const reading: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) reading.push(this.#read(connection));
    } catch (error) {
      if (!this.#closed) throw error;
    }
    await Promise.all(reading);
  }

  async #read(connection: Deno.TcpConn): Promise<void> {
    this.#connections.add(connection);
    if (this.hangs) return;
    const bytes = await new Response(connection.readable).bytes().catch(() => new Uint8Array());
    this.#connections.delete(connection);
    for (const frame of frames(bytes).whole) this.taken.push(parseSyslog(frame));
  }
}
