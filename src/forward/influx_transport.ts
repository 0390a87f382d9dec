import {
  AbortError,
  type CommunicationObserver,
  createTextDecoderCombiner,
  HttpError,
  RequestTimedOutError,
  type ResponseStartedFn,
  type SendOptions,
  type Transport as ClientTransport,
} from "@influxdata/influxdb-client";
import { compress } from "./gzip.ts";
import type { Answer, Transport } from "./transport.ts";

/** How the client's requests become ours. */
export interface InfluxTransportParts {
  readonly transport: Transport;
  /** Address of the server, without a slash at its end. */
  readonly base: string;
  /** Headers of every request, with the authorisation of this moment. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Time for each request, ms. */
  readonly timeout: number;
}

/**
 * The transport interface of `@influxdata/influxdb-client` over our own: so the client's APIs share our
 * connections, time-outs and gzip, follow no redirect, and throw the client's own error classes. The client's
 * own transport under Deno is its browser build, which has neither time-out nor gzip.
 *
 * Answers are cut off at 8 KiB: health and set-up, not queries of data.
 */
export class InfluxTransport implements ClientTransport {
  readonly chunkCombiner: ClientTransport["chunkCombiner"] = createTextDecoderCombiner();
  readonly #parts: InfluxTransportParts;

  /** Opens nothing. */
  constructor(parts: InfluxTransportParts) {
    this.#parts = parts;
  }

  /** Sends and resolves with the body: parsed where it is JSON, text otherwise. */
  async request(
    path: string,
    requestBody: unknown,
    options: SendOptions,
    responseStarted?: ResponseStartedFn,
  ): Promise<unknown> {
    const answer = await this.#exchange(path, requestBody, options);
    responseStarted?.({ ...answer.headers }, answer.status);
    throwUnlessFine(answer);
    const type = options.headers?.accept ?? answer.headers["content-type"] ?? "";
    return type.includes("json") && answer.body !== "" ? JSON.parse(answer.body) : answer.body;
  }

  /** Sends and hands the body to the callbacks. */
  send(
    path: string,
    requestBody: string,
    options: SendOptions,
    callbacks: Partial<CommunicationObserver<Uint8Array>> = {},
  ): void {
    this.#exchange(path, requestBody, options).then((answer) => {
      callbacks.responseStarted?.({ ...answer.headers }, answer.status);
      throwUnlessFine(answer);
      callbacks.next?.(new TextEncoder().encode(answer.body));
      callbacks.complete?.();
    }).catch((error: unknown) => {
      callbacks.error?.(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** Sends and yields the body as one chunk. */
  async *iterate(
    path: string,
    requestBody: unknown,
    options: SendOptions,
  ): AsyncIterableIterator<Uint8Array> {
    const answer = await this.#exchange(path, requestBody, options);
    throwUnlessFine(answer);
    yield new TextEncoder().encode(answer.body);
  }

  async #exchange(path: string, requestBody: unknown, options: SendOptions): Promise<FullAnswer> {
    const { transport, base, headers, timeout } = this.#parts;
    const own = { "content-type": "application/json; charset=utf-8", ...await headers(), ...options.headers };
    const answer = await transport.send(
      options.method === "GET" ? { method: "GET", url: base + path, headers: own, timeout } : {
        method: "POST",
        url: base + path,
        headers: { ...own, "content-encoding": "gzip" },
        body: await compress(typeof requestBody === "string" ? requestBody : JSON.stringify(requestBody)),
        timeout,
      },
      options.signal,
    );
    if (answer.kind === "answer") return answer;
    if (answer.reason === "timeout") throw new RequestTimedOutError();
    if (answer.reason === "aborted") throw new AbortError();
    throw new Error(answer.words);
  }
}

type FullAnswer = Extract<Answer, { readonly kind: "answer" }>;

function throwUnlessFine(answer: FullAnswer): void {
  if (answer.status < 300) return;
  const { status, headers, body } = answer;
  const text = body === "" ? headers["x-influxdb-error"] : body;
  throw new HttpError(status, undefined, text, headers["retry-after"], headers["content-type"]);
}
