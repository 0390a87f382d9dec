import { gunzipSync } from "node:zlib";

/** A write as the front sees it. */
export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  /** Lines of the body, unpacked; none for a query. */
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
  | { readonly delivered: Response };

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
  readonly #database: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Listens at once. @param database address of the database behind it */
  constructor(database: string) {
    this.#database = database;
    this.#server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        onListen: () => {},
        onError: () => new Response(null, { status: 502 }),
      },
      (request) => this.#handle(request),
    );
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
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
    const answer = await this.#pass(request, `${this.#database}${pathname}${search}`, body);
    if (write && answer.ok) this.delivered += linesOf(body, request.headers).length;
    if (verdict === "pass") return answer;
    await answer.body?.cancel();
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
  const plain = headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body;
  return new TextDecoder().decode(plain).split("\n").filter((line) => line !== "");
}
