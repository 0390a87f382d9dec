import type { Socket } from "node:net";

/** Which connection of one listener: no two have the same at one time. */
type Peer = string;

/** A connection and what is under way on it. */
interface Connection {
  readonly socket: Socket;
  underWay: number;
}

/**
 * The connections of a listener, at most so many. Where there is no room for one more, the one goes that has been
 * waiting for its client longest: for a request, or for the rest of one. So neither a crowd of idle connections nor one
 * of slow requests keeps out a client that says what it wants.
 */
export class Connections {
  readonly #most: number;
  readonly #all = new Map<Peer, Connection>();
  /** Those that wait for their client, the longest first. */
  readonly #waiting = new Set<Connection>();

  /** None yet, and never more than `most`. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * Takes a new connection in.
   *
   * @returns what it cost: nothing, an older connection, or itself
   */
  opened(socket: Socket): "nothing" | "an_older_one" | "itself" {
    let cost: "nothing" | "an_older_one" = "nothing";
    if (this.#all.size >= this.#most) {
      const [longest] = this.#waiting;
      if (longest === undefined) {
        socket.destroy();
        return "itself";
      }
      this.#gone(longest);
      longest.socket.destroy();
      cost = "an_older_one";
    }
    const connection = { socket, underWay: 0 };
    this.#all.set(peerOf(socket), connection);
    this.#waiting.add(connection);
    socket.on("close", () => this.#gone(connection));
    return cost;
  }

  /** The client has said all of a request: it waits for us now. With TLS the socket may be the inner one. */
  asked(socket: Socket): void {
    const connection = this.#all.get(peerOf(socket));
    if (connection === undefined) return;
    connection.underWay++;
    this.#waiting.delete(connection);
  }

  /** An answer is out, or given up: we wait for the client again. */
  answered(socket: Socket): void {
    const connection = this.#all.get(peerOf(socket));
    if (connection === undefined || connection.underWay === 0) return;
    if (--connection.underWay === 0) this.#waiting.add(connection);
  }

  /** Ends each in order: what was handed over still leaves. */
  end(): void {
    for (const { socket } of this.#all.values()) socket.end();
  }

  /** Cuts all off. */
  destroy(): void {
    for (const { socket } of [...this.#all.values()]) socket.destroy();
  }

  #gone(connection: Connection): void {
    this.#waiting.delete(connection);
    const peer = peerOf(connection.socket);
    if (this.#all.get(peer) === connection) this.#all.delete(peer);
  }
}

const known = new WeakMap<Socket, Peer>();

/** A socket forgets its peer when it is closed, so it is remembered. */
function peerOf(socket: Socket): Peer {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const peer = `${socket.remoteAddress ?? ""} ${socket.remotePort ?? ""}`;
  known.set(socket, peer);
  return peer;
}
