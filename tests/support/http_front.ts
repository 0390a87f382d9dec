import { gunzipSync, gzipSync } from "node:zlib";
import type { Identity } from "./certificates.ts";

/** A write as the front sees it. */
export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  /** Lines of the body, unpacked; none where it cannot be unpacked. */
  readonly lines: readonly string[];
  /** How many writes came before it. */
  readonly number: number;
}

/** What becomes of a request. */
export type FrontVerdict =
  /** The database answers. */
  | "pass"
  /** The database gets it, the client gets a connection that ends without an answer. */
  | "swallow"
  /** The client gets this and the database nothing. */
  | Response
  /** The database gets it, the client gets this in the place of the answer. */
  | { readonly delivered: Response }
  /** The database gets it at once, the client its answer so many ms later. */
  | { readonly late: number }
  /** The database gets all lines but some, the client gets this: so InfluxDB answers a partial write. */
  | { readonly without: (line: string) => boolean; readonly answer: Response };

/** Decides what becomes of a write; queries always pass. */
export type FrontRule = (request: FrontRequest) => FrontVerdict | Promise<FrontVerdict>;

/**
 * A server before a real database that passes writes on, refuses them as a test decides, or lets them through and
 * swallows the answer. What it passes is stored and answered by the database itself.
 */
export class HttpFront implements AsyncDisposable {
  /** The rule in force. */
  rule: FrontRule = () => "pass";
  /** Writes that came, whatever became of them. */
  writes = 0;
  /** Lines that were passed on to the database and answered by it with success. */
  delivered = 0;
  /** Writes that the database itself answered with an error. */
  refused = 0;
  /** Address of the database behind it. */
  database: string;
  readonly #scheme: "http" | "https";
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /**
   * Listens at once.
   *
   * @param database address of the database behind it
   * @param identity with it, it speaks TLS
   */
  constructor(database: string, identity?: Pick<Identity, "cert" | "key">) {
    this.database = database;
    this.#scheme = identity === undefined ? "http" : "https";
    this.#server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
        onListen: () => {},
        onError: () => new Response(null, { status: 502 }),
      },
      (request) => this.#handle(request),
    );
  }

  /** Its address. */
  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** Its port. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const write = request.method === "POST" && pathname.endsWith("/write");
    const verdict = write
      ? await this.rule({
        method: request.method,
        path: pathname,
        lines: linesOf(body, request.headers),
        number: this.writes++,
      })
      : "pass";
    if (verdict instanceof Response) return verdict;
    const some = typeof verdict === "object" && "without" in verdict;
    const passed = some ? without(body, request.headers, verdict.without) : body;
    const answer = await this.#pass(request, `${this.database}${pathname}${search}`, passed);
    if (write && answer.ok) this.delivered += linesOf(passed, request.headers).length;
    else if (write) this.refused++;
    if (verdict === "pass") return answer;
    if (typeof verdict === "object" && "late" in verdict) {
      await new Promise((resolve) => setTimeout(resolve, verdict.late));
      return answer;
    }
    await answer.body?.cancel();
    if (some) return verdict.answer;
    if (verdict !== "swallow") return verdict.delivered;
    // A body that fails before its first byte: the connection ends and nothing was said.
    return new Response(new ReadableStream({ pull: (stream) => stream.error(new Error("swallowed")) }), {
      headers: { "content-length": "10" },
    });
  }

  async #pass(request: Request, url: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const headers = new Headers(request.headers);
    for (const name of ["host", "content-length", "connection"]) headers.delete(name);
    const asked = request.method === "GET" || request.method === "HEAD";
    const answer = await fetch(url, { method: request.method, headers, ...(asked ? {} : { body }) });
    const bytes = await answer.arrayBuffer();
    const kept = new Headers(answer.headers);
    for (const name of ["content-length", "content-encoding", "transfer-encoding"]) kept.delete(name);
    return new Response(answer.status === 204 ? null : bytes, { status: answer.status, headers: kept });
  }
}

function linesOf(body: Uint8Array, headers: Headers): string[] {
  let plain: Uint8Array = body;
  try {
    if (packed(headers)) plain = gunzipSync(body);
  } catch {
    // Corrupted on its way: the database behind says what it thinks of it.
    return [];
  }
  return new TextDecoder().decode(plain).split("\n").filter((line) => line !== "");
}

function without(
  body: Uint8Array,
  headers: Headers,
  excluded: (line: string) => boolean,
): Uint8Array<ArrayBuffer> {
  const kept = linesOf(body, headers).filter((line) => !excluded(line));
  const plain = new TextEncoder().encode(kept.join("\n"));
  return new Uint8Array(packed(headers) ? gzipSync(plain) : plain);
}

function packed(headers: Headers): boolean {
  return headers.get("content-encoding") === "gzip";
}
