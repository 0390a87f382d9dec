import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import type { ApiTime } from "./api_time.ts";
import type { Api } from "./create_api.ts";
import type { OnEvent } from "./guard/frame.ts";
import { sendAnswer } from "./http/answer.ts";
import { Connections } from "./http/connections.ts";
import { listen, type ServeRefusal } from "./http/listen.ts";
import { faultOf, refusalOf, writeRefusal } from "./http/refusal.ts";
import { type BadMessage, toRequest } from "./http/to_request.ts";
import { HTTP_LIMITS, type HttpLimits } from "./limits.ts";

/** Longest time that answers under way get at the end, ms. */
const LONGEST_GOODBYE = 2_000;

/** Where to listen, and how. */
export interface ServeOptions {
  /** Host name or address. */
  readonly host: string;
  /** Port; 0 for any free one. */
  readonly port: number;
  /** Time. */
  readonly clock: Pick<ApiTime, "after">;
  /** A new identifier for each message that is refused before it is a request. */
  readonly randomId: () => string;
  /** Takes the events `api_refused` and `api_crowded`. */
  readonly onEvent: OnEvent;
  /** Certificate chain and key in PEM, for HTTPS. */
  readonly tls?: {
    /** The certificate chain. */
    readonly cert: string;
    /** Its private key. */
    readonly key: string;
  };
  /** What clients may cost, where it is not what the reference says. */
  readonly limits?: Partial<HttpLimits>;
}

/** A listening API. */
export interface ServedApi {
  /** The port that it listens on. */
  readonly port: number;
  /** Ends streams at once, lets other answers under way finish for at most 2 s, then stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Listens. It speaks HTTP/1 through node:http, since Deno.serve (2.9.6) has no limit of its own for slow clients and
 * for connections.
 *
 * @returns the listening API, or why it cannot listen
 */
export async function serveApi(
  api: Pick<Api, "fetch">,
  options: ServeOptions,
): Promise<ServedApi | ServeRefusal> {
  const server = new ApiServer(api, options);
  const port = await listen(server.http, options);
  return typeof port === "number" ? { port, close: () => server.close() } : port;
}

class ApiServer {
  readonly http: Server;
  readonly #api: Pick<Api, "fetch">;
  readonly #options: ServeOptions;
  readonly #limits: HttpLimits;
  readonly #connections: Connections;
  /** Ends streams, which would else last. */
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** Connections on which an answer has begun: nothing else may be written to them. */
  readonly #begun = new WeakMap<Duplex, ServerResponse>();
  /** Connections that are being closed; what still comes on them may be another error of the parser. */
  readonly #refused = new WeakSet<Duplex>();

  constructor(api: Pick<Api, "fetch">, options: ServeOptions) {
    this.#api = api;
    this.#options = options;
    this.#limits = { ...HTTP_LIMITS, ...options.limits };
    this.#connections = new Connections(this.#limits.connections);
    const { tls } = options;
    const { head, headers, headWithin, requestWithin, idle } = this.#limits;
    const common = {
      maxHeaderSize: head,
      headersTimeout: headWithin,
      requestTimeout: requestWithin,
      connectionsCheckingInterval: Math.min(500, headWithin / 4),
      keepAliveTimeout: idle,
      // Ours, so that the answer says why.
      requireHostHeader: false,
    };
    this.http = tls === undefined
      ? createServer(common)
      : createTlsServer({ ...common, ...tls, handshakeTimeout: headWithin });
    // One more, so that too many can be told from just enough.
    this.http.maxHeadersCount = headers + 1;
    // A client may close its side behind its request (RFC 9112 §9.6).
    Object.assign(this.http, { httpAllowHalfOpen: true });
    this.http.on("connection", (socket) => this.#opened(socket));
    this.http.on("request", (message, to) => this.#asked(message, to));
    this.http.on("clientError", (error, socket) => void this.#refuse(error, socket));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const late = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(LONGEST_GOODBYE, late.resolve);
    await Promise.race([Promise.all(this.#underWay), late.promise]);
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.#connections.end();
    await Promise.race([closed, late.promise]);
    this.#connections.destroy();
    timer.cancel();
    await closed;
  }

  #opened(socket: Socket): void {
    const cost = this.#connections.opened(socket);
    if (cost === "nothing") return;
    this.#options.onEvent("api_crowded", "warning", { connections: this.#limits.connections, closed: cost });
  }

  #asked(message: IncomingMessage, to: ServerResponse): void {
    const { socket } = message;
    const { "content-length": length = "0", "transfer-encoding": coding } = message.headers;
    let stage: "arriving" | "asked" | "answered" = "arriving";
    const whole = (): void => {
      if (stage !== "arriving") return;
      stage = "asked";
      this.#connections.asked(socket);
    };
    if (length === "0" && coding === undefined) whole();
    else message.once("end", whole);
    // A client that goes away in the middle is no failure of ours.
    message.on("error", () => {});
    to.on("error", () => {});
    this.#begun.set(socket, to);
    const answered = this.#answer(message, to).catch((error) => this.#failed(error, to)).finally(() => {
      this.#underWay.delete(answered);
      if (stage === "asked") this.#connections.answered(socket);
      stage = "answered";
      if (message.complete) this.#begun.delete(socket);
      else this.#throwAway(message);
    });
    this.#underWay.add(answered);
  }

  /** Reads and forgets what is left of an answered request, so that its answer can be fetched; node:http's clock stands. */
  #throwAway(message: IncomingMessage): void {
    const { socket } = message;
    if (socket.destroyed) return;
    const timer = this.#options.clock.after(this.#limits.requestWithin, () => socket.destroy());
    const over = (): void => (timer.cancel(), void this.#begun.delete(socket));
    socket.once("close", over);
    message.once("end", over).resume();
  }

  #failed(error: unknown, to: ServerResponse): void {
    const words = error instanceof Error ? error.message : String(error);
    this.#options.onEvent("api_failed", "error", { error: words });
    to.destroy();
  }

  async #answer(message: IncomingMessage, to: ServerResponse): Promise<void> {
    const { clock, tls } = this.#options;
    const address = message.socket.remoteAddress ?? "";
    const request = toRequest(message, tls === undefined ? "http" : "https", this.#limits.headers);
    const answer = request instanceof Request
      ? await this.#api.fetch(request, { address })
      : this.#refusal(request, address);
    if (to.destroyed) await answer.body?.cancel();
    else await sendAnswer(answer, to, clock, this.#limits.takenWithin, this.#closing.signal);
  }

  async #refuse(error: Error, socket: Duplex): Promise<void> {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    const fault = faultOf(error, this.#limits.head);
    const silent = "bytesRead" in socket && socket.bytesRead === 0;
    if (fault === undefined || silent || !socket.writable || this.#begun.get(socket)?.headersSent === true) {
      return void socket.destroy();
    }
    const address = "remoteAddress" in socket ? String(socket.remoteAddress) : "";
    // What else it says is read and forgotten, so that it can fetch the answer; so long.
    socket.removeAllListeners("data").on("error", () => {}).resume();
    await writeRefusal(this.#refusal(fault, address), socket);
    const timer = this.#options.clock.after(this.#limits.headWithin, () => socket.destroy());
    socket.on("close", () => timer.cancel());
  }

  #refusal(fault: BadMessage, address: string): Response {
    this.#options.onEvent("api_refused", "warning", { reason: fault.reason, address });
    return refusalOf(fault, this.#options.randomId());
  }
}
