import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Line, LineError, parseLines } from "./line_protocol.ts";
import { type LineCounts, LineStore } from "./line_store.ts";
import type { PointTable } from "./point_table.ts";

/** What a client must present, as in the two write APIs of InfluxDB. */
export interface ReceiverAccount {
  /** Version 2. */
  readonly org: string;
  /** Version 2; the database of version 1. */
  readonly bucket: string;
  /** Version 2; the password of version 1, with any user name. */
  readonly token: string;
}

/** How the database is out of reach: connections are closed at once, or it answers 503. */
export type Absence = "closed" | "unavailable";

/** How often it was asked. */
export interface RequestCounts {
  /** Requests that were written. */
  written: number;
  /** Bytes of their bodies as they came, compressed or not. */
  bytes: number;
  /** Requests that were refused: 4xx. */
  refused: number;
  /** Connections and requests that found nobody. */
  turnedAway: number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const NS_PER: Readonly<Record<string, bigint>> = {
  n: 1n,
  ns: 1n,
  u: 1_000n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
};

/** By this an InfluxDB is told from what only speaks like one: it keeps line breaks within strings. */
const BUILD = { "x-influxdb-build": "sluice-sim" } as const;

const unzip = promisify(gunzip);

/**
 * A database that speaks InfluxDB's write API, versions 1 and 2, and can be away.
 */
export class Receiver {
  /** How often it was asked. */
  readonly requests: RequestCounts = { written: 0, bytes: 0, refused: 0, turnedAway: 0 };
  readonly #store = new LineStore();
  readonly #account: ReceiverAccount;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #absence: Absence | undefined;
  #url = "";

  private constructor(account: ReceiverAccount) {
    this.#account = account;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on("connection", (socket: Socket) => {
      if (this.#absence === "closed") {
        this.requests.turnedAway++;
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Starts one on a free loopback port. */
  static async start(account: ReceiverAccount): Promise<Receiver> {
    const receiver = new Receiver(account);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    const address = receiver.#server.address();
    if (address === null || typeof address === "string") throw new Error("The receiver has no port");
    receiver.#url = `http://127.0.0.1:${address.port}`;
    return receiver;
  }

  /** Its base address. */
  get url(): string {
    return this.#url;
  }

  /** What is stored. */
  get points(): PointTable {
    return this.#store.points;
  }

  /** How it came to be. */
  get counts(): LineCounts {
    return this.#store.counts;
  }

  /** Whether it can be reached. */
  get here(): boolean {
    return this.#absence === undefined;
  }

  /** Goes out of reach, open connections included. */
  leave(how: Absence): void {
    this.#absence = how;
    if (how === "closed") { for (const socket of this.#sockets) socket.destroy(); }
  }

  /** Comes back, with everything it had. */
  comeBack(): void {
    this.#absence = undefined;
  }

  /** Ends it. What it stored stays readable. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // The connection broke in the middle of a body: there is nobody to answer.
      return;
    }
    const answer = await this.#answer(request, Buffer.concat(chunks));
    if (answer.status >= 400 && answer.status < 500) this.requests.refused++;
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    const type = body === "" ? {} : { "content-type": "application/json" };
    response.writeHead(answer.status, { ...type, ...BUILD, ...answer.headers });
    response.end(body);
  }

  async #answer(request: IncomingMessage, sent: Uint8Array): Promise<Answer> {
    if (this.#absence !== undefined) {
      this.requests.turnedAway++;
      return {
        status: 503,
        body: { code: "unavailable", message: "The database is away" },
        headers: { "retry-after": "1" },
      };
    }
    const url = new URL(request.url ?? "/", this.#url);
    const route = `${request.method} ${url.pathname}`;
    switch (route) {
      case "GET /health":
        return {
          status: 200,
          body: { name: "influxdb", status: "pass", message: "ready for queries and writes" },
        };
      case "GET /ping":
      case "HEAD /ping":
        return { status: 204, headers: { "x-influxdb-version": "2.7.0-sluice-sim" } };
      case "POST /api/v2/write":
      case "POST /write": {
        const version = url.pathname === "/write" ? 1 : 2;
        const refusal = this.#refusal(version, request, url.searchParams);
        if (refusal !== undefined) return refusal;
        return await this.#write(version, request, url.searchParams, sent);
      }
      default:
        return { status: 404, body: { code: "not found", message: `No route "${route}"` } };
    }
  }

  #refusal(version: 1 | 2, request: IncomingMessage, query: URLSearchParams): Answer | undefined {
    const { org, bucket, token } = this.#account;
    const [scheme, secret] = (request.headers.authorization ?? "").split(" ");
    const basic = scheme === "Basic" ? passwordOf(secret ?? "") : query.get("p");
    const presented = scheme === "Token" || scheme === "Bearer" ? secret : version === 1 ? basic : undefined;
    if (presented !== token) return failure(version, 401, "unauthorized", "unauthorized access");
    if (version === 1) {
      if (query.get("db") === bucket) return undefined;
      return failure(1, 404, "not found", `database not found: "${query.get("db")}"`);
    }
    if (query.get("org") !== org) {
      return failure(2, 404, "not found", `organization name "${query.get("org")}" not found`);
    }
    if (query.get("bucket") === bucket) return undefined;
    return failure(2, 404, "not found", `bucket "${query.get("bucket")}" not found`);
  }

  async #write(
    version: 1 | 2,
    request: IncomingMessage,
    query: URLSearchParams,
    sent: Uint8Array,
  ): Promise<Answer> {
    const precision = query.get("precision") ?? "ns";
    const unit = NS_PER[precision];
    if (unit === undefined) return failure(version, 400, "invalid", `invalid precision "${precision}"`);
    let lines: Line[];
    try {
      const body = request.headers["content-encoding"] === "gzip" ? await unzip(sent) : sent;
      lines = parseLines(new TextDecoder("utf-8", { fatal: true }).decode(body));
    } catch (error) {
      const what = error instanceof LineError ? error.message : "the body is no gzip or no UTF-8";
      return failure(version, 400, "invalid", `unable to parse: ${what}`);
    }
    this.requests.written++;
    this.requests.bytes += sent.length;
    const message = this.#store.write(lines, unit);
    if (message === undefined) return { status: 204 };
    return failure(version, version === 1 ? 400 : 422, "unprocessable entity", message);
  }
}

/** The password of a Basic authorization (RFC 7617). */
function passwordOf(credentials: string): string {
  const pair = Buffer.from(credentials, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}

function failure(version: 1 | 2, status: number, code: string, message: string): Answer {
  if (version === 2) return { status, body: { code, message } };
  return { status, body: { error: message }, headers: { "x-influxdb-error": message } };
}
