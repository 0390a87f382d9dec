import type { Clock } from "../clock.ts";
import type { Answer, ServerRequest, Transport } from "./transport.ts";

/** How much of an answer's body is read: error texts are short, and a captive portal's page is not wanted. */
const KEPT = 8 * 1024;

/** What the transport needs. */
export interface HttpTransportParts {
  /** Measures time-outs. */
  readonly clock: Clock;
  /** Certificates of own authorities, PEM. */
  readonly caCerts?: string[];
}

/**
 * `Transport` over `fetch`, with connections of its own.
 *
 * Deno's fetch sends a request a second time by itself where its connection ends before the head of an answer is
 * complete (denoland/deno issue 35610): a server may see one twice that is sent once here.
 */
export class HttpTransport implements Transport {
  readonly #clock: Clock;
  readonly #client: Deno.HttpClient;

  /** Opens nothing yet. */
  constructor({ clock, caCerts }: HttpTransportParts) {
    this.#clock = clock;
    this.#client = Deno.createHttpClient({
      poolMaxIdlePerHost: 2,
      ...(caCerts === undefined ? {} : { caCerts }),
    });
  }

  /** Sends a request and waits for its answer or its time-out. Never rejects. */
  async send(request: ServerRequest, signal?: AbortSignal): Promise<Answer> {
    const controller = new AbortController();
    let reason: "timeout" | "aborted" | undefined;
    const end = (why: "timeout" | "aborted"): void => {
      reason ??= why;
      controller.abort();
    };
    const abort = (): void => end("aborted");
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    const timer = this.#clock.after(request.timeout, () => end("timeout"));
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        // "error" would hide the status behind a text; nothing is followed either way.
        redirect: "manual",
        signal: controller.signal,
        client: this.#client,
      });
      const { text, whole } = await beginning(response);
      // An error may stand in what there is of it. A success that breaks off is none: who knows whose it was.
      if (!whole && response.ok) throw new Error("The answer broke off");
      return { kind: "answer", status: response.status, headers: headersOf(response), body: text };
    } catch (error) {
      if (reason !== undefined) {
        const words = reason === "timeout" ? `No answer within ${request.timeout} ms` : "Given up at the end";
        return { kind: "no_answer", reason, sent: true, words };
      }
      return { kind: "no_answer", reason: "network", ...networkFailure(error) };
    } finally {
      timer.cancel();
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#client.close();
  }
}

function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => headers[name] = value);
  return headers;
}

/** Reads the first `KEPT` bytes, and tells whether the body went on so far or to its end. */
async function beginning(response: Response): Promise<{ text: string; whole: boolean }> {
  if (response.body === null) return { text: "", whole: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < KEPT) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), whole: true };
      bytes += value.length;
      text += decoder.decode(value.subarray(0, value.length - Math.max(0, bytes - KEPT)), { stream: true });
    }
    await reader.cancel();
  } catch {
    return { text, whole: false };
  }
  return { text, whole: true };
}

/**
 * Deno's fetch has no codes: the phase of a failure stands in its cause's text alone. Where the text should
 * change, a failure counts as sent, which is the careful side. (A test holds this against the real runtime.)
 */
function networkFailure(error: unknown): { sent: boolean; words: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const tail = message.split("client error ").at(-1) ?? message;
  return { sent: !tail.startsWith("(Connect)"), words: tail.replace(/^\(\w+\): /, "") };
}
