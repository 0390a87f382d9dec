import type { Buffer } from "node:buffer";
import net from "node:net";

/** Which way bytes go: from the client to the server, or back. */
export type Direction = "up" | "down";

/** What a proxy does to the bytes that come. */
export type ProxyMode =
  /** They pass. */
  | "pass"
  /** They stay where they are, half-open as after a pulled cable: neither side hears of it. */
  | "stall"
  /** New connections are refused; those that are there stay. */
  | "refuse"
  /** Bytes up pass, bytes down vanish: a request is delivered and its answer swallowed. */
  | "swallow_answers"
  /** Bytes up vanish, bytes down pass: the client speaks to nobody. */
  | "swallow_requests";

/**
 * Is shown what has passed.
 *
 * @param connection number of the connection, from 1
 */
export type Watcher = (connection: number, direction: Direction, bytes: Buffer) => void;

interface Pair {
  readonly number: number;
  readonly client: net.Socket;
  readonly server: net.Socket;
  /** It is about to be cut: nothing passes any more. */
  doomed: boolean;
}

/** What is to be done with a piece: what of it passes, and whether that was the end. */
interface Tapped {
  readonly pass: Buffer;
  readonly cut: Cut | undefined;
}

/** In order, or as a reset. */
type Cut = "fin" | "rst";

/**
 * A TCP proxy on loopback whose faults a test decides: cut, reset, stall, refuse, slow, half-open, a byte corrupted,
 * a request delivered and its answer swallowed. It knows nothing of the protocol in it.
 */
export class TcpProxy implements AsyncDisposable {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** Bytes that have passed, each way, since it was opened. */
  readonly passed: Record<Direction, number> = { up: 0, down: 0 };
  /** Connections that were opened through it. */
  connections = 0;
  /** The port of 127.0.0.1 that new connections go to. */
  target: number;
  /** Is shown every piece that passes, as it was passed on. */
  watch: Watcher | undefined;
  readonly #server: net.Server;
  readonly #pairs = new Set<Pair>();
  #mode: ProxyMode = "pass";
  #delay = 0;
  #tap: ((direction: Direction, bytes: Buffer) => Tapped) | undefined;

  private constructor(server: net.Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.target = target;
    server.on("connection", (client: net.Socket) => this.#accept(client));
  }

  /** Opens a proxy before a port of 127.0.0.1. */
  static async open(target: number): Promise<TcpProxy> {
    const server = net.createServer({ noDelay: true, allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port");
    return new TcpProxy(server, address.port, target);
  }

  /** What it does from now on; what waited goes on when bytes pass again. */
  set(mode: ProxyMode): void {
    this.#mode = mode;
    for (const { client, server } of this.#pairs) {
      for (const socket of [client, server]) {
        if (mode === "stall") socket.pause();
        else socket.resume();
      }
    }
  }

  /** Each piece is passed on so many ms after it came, one after the other. */
  slow(ms: number): void {
    this.#delay = ms;
  }

  /** Cuts every connection, in order (FIN) or as a reset (RST). */
  cut(how: Cut = "rst"): void {
    for (const { client, server } of [...this.#pairs]) {
      for (const socket of [client, server]) {
        if (how === "rst") socket.resetAndDestroy();
        else socket.destroy();
      }
    }
  }

  /**
   * Cuts all connections once so many further bytes have passed in a direction: in the middle of whatever it is.
   *
   * @param times how often; each time the bytes are counted anew. Deno's fetch needs two of them: it sends a request
   * whose connection breaks once more by itself
   */
  cutAfter(direction: Direction, bytes: number, how: Cut = "fin", times = 1): void {
    let left = bytes;
    let rest = times;
    this.#tap = (way, piece) => {
      if (way !== direction) return { pass: piece, cut: undefined };
      const pass = piece.subarray(0, left);
      left -= pass.length;
      if (left > 0) return { pass, cut: undefined };
      left = bytes;
      if (--rest === 0) this.#tap = undefined;
      return { pass, cut: how };
    };
  }

  /** A cut or a corrupted byte that was asked for has not come yet. */
  get lurking(): boolean {
    return this.#tap !== undefined;
  }

  /** Flips the lowest bit of one byte, so many bytes from now, in a direction. */
  corruptAfter(direction: Direction, bytes: number): void {
    let left = bytes;
    this.#tap = (way, piece) => {
      if (way === direction) {
        const byte = piece[left];
        if (byte === undefined) left -= piece.length;
        else {
          piece[left] = byte ^ 1;
          this.#tap = undefined;
        }
      }
      return { pass: piece, cut: undefined };
    };
  }

  /** Ends it and all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut("fin");
    await closed;
  }

  #accept(client: net.Socket): void {
    // Swallowed by whoever cut it; a proxy has nobody to tell.
    client.on("error", () => {});
    if (this.#mode === "refuse") {
      client.resetAndDestroy();
      return;
    }
    this.connections++;
    const server = net.connect({ host: "127.0.0.1", port: this.target, noDelay: true, allowHalfOpen: true });
    const pair: Pair = { number: this.connections, client, server, doomed: false };
    this.#pairs.add(pair);
    server.on("error", () => client.resetAndDestroy());
    this.#pipe(pair, client, server, "up");
    this.#pipe(pair, server, client, "down");
    if (this.#mode === "stall") this.set("stall");
  }

  #pipe(pair: Pair, from: net.Socket, to: net.Socket, direction: Direction): void {
    let turn = Promise.resolve();
    from.on("data", (bytes: Buffer) => {
      if (this.#delay === 0) return this.#pass(pair, to, bytes, direction);
      from.pause();
      turn = turn.then(() => pause(this.#delay)).then(() => {
        this.#pass(pair, to, bytes, direction);
        if (this.#mode !== "stall") from.resume();
      });
    });
    // As on a real line: what one side said last is read before the other closes.
    from.on("end", () => turn.then(() => to.end()));
    from.on("close", () => {
      this.#pairs.delete(pair);
      turn.then(() => to.destroySoon());
    });
  }

  #pass(pair: Pair, to: net.Socket, bytes: Buffer, direction: Direction): void {
    if (pair.doomed || this.#mode === (direction === "up" ? "swallow_requests" : "swallow_answers")) return;
    const { pass, cut } = this.#tap?.(direction, bytes) ?? { pass: bytes, cut: undefined };
    if (to.destroyed) return;
    this.passed[direction] += pass.length;
    this.watch?.(pair.number, direction, pass);
    pair.doomed = cut !== undefined;
    to.write(pass, cut === undefined ? undefined : () => this.cut(cut));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
