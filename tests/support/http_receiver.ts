import { gunzipSync } from "node:zlib";

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body came gzip'd. */
  readonly gzipped: boolean;
  /** The body, unpacked. */
  readonly text: string;
  /** The body's lines; a line break within a string splits one too. */
  readonly lines: readonly string[];
}

/** Decides what a request is answered; `undefined` is 204 as InfluxDB says it. */
export type AnswerRule = (request: Received, number: number) => Response | undefined | Promise<Response>;

/** A server on loopback whose answers a test decides: real HTTP, no database behind it. */
export class HttpReceiver {
  /** All requests so far. */
  readonly requests: Received[] = [];
  /** The rule in force. */
  answer: AnswerRule;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Listens at once. */
  constructor(answer: AnswerRule = () => undefined) {
    this.answer = answer;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#handle(request),
    );
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The requests that carried lines. */
  get writes(): readonly Received[] {
    return this.requests.filter((request) => request.method === "POST");
  }

  /** Ends the server. */
  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const gzipped = request.headers.get("content-encoding") === "gzip";
    const text = new TextDecoder().decode(gzipped ? gunzipSync(body) : body);
    const received: Received = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      gzipped,
      text,
      lines: text === "" ? [] : text.split("\n"),
    };
    this.requests.push(received);
    return await this.answer(received, this.requests.length) ?? accepted();
  }
}

/** 204 as InfluxDB answers. */
export function accepted(): Response {
  return new Response(null, {
    status: 204,
    headers: { "x-influxdb-build": "OSS", "x-influxdb-version": "v2.7.0" },
  });
}

/** A refusal as InfluxDB 2.x answers it. */
export function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code: status === 422 ? "unprocessable entity" : "invalid", message }, {
    status,
    headers: { "x-influxdb-build": "OSS", ...headers },
  });
}
