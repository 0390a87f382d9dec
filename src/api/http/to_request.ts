import type { IncomingMessage } from "node:http";
import type { ProblemReason } from "../schemas/problem.ts";
import { ProblemError } from "../problem.ts";

/** Why a message is no request for the API. */
export interface BadMessage {
  /** The word for programs. */
  readonly reason: ProblemReason;
  /** The sentence for people. */
  readonly detail: string;
}

/** Methods that the Fetch standard leaves out; no route has them. */
const NO_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * A message of HTTP/1 as the request that the app answers.
 *
 * RFC 9112 §3.2 asks for one `Host` header in HTTP/1.1: a message without, or with two, is answered 400, since those
 * between us and the client may read it otherwise than we do.
 *
 * @param scheme of the URL
 * @param most how many headers it may have
 */
export function toRequest(
  message: IncomingMessage,
  scheme: "http" | "https",
  most: number,
): Request | BadMessage {
  const { rawHeaders, method = "GET", url: target = "/" } = message;
  if (rawHeaders.length / 2 > most) {
    return { reason: "headers_too_large", detail: `The request has more than ${most} headers` };
  }
  if (NO_METHODS.has(method)) {
    return { reason: "method_not_allowed", detail: `The method "${method}" is not allowed here` };
  }
  const headers = new Headers();
  const hosts: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at], rawHeaders[at + 1]];
    if (name.toLowerCase() === "host") hosts.push(value);
    headers.append(name, value);
  }
  const [host] = hosts;
  if (hosts.length > 1) return { reason: "bad_request", detail: "The request has more than one Host header" };
  if (host === undefined && message.httpVersion !== "1.0") {
    return { reason: "bad_request", detail: "The request has no Host header; HTTP/1.1 asks for one" };
  }
  const base = `${scheme}://${host ?? "localhost"}/`;
  const url = target.startsWith("/") ? URL.parse(base.slice(0, -1) + target) : URL.parse(target);
  const own = URL.parse(base);
  if (url === null || own === null || url.host !== own.host || url.username !== "") {
    return {
      reason: "bad_request",
      detail:
        "The target and the Host header do not make one address; allowed is a path, and a host with its port",
    };
  }
  const body = method === "GET" || method === "HEAD" ? null : bodyOf(message);
  return new Request(url, { method, headers, body });
}

/** The body as it comes. What the app does not read stays with the client; it is no reason to cut the answer off. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunksOf(message));
}

async function* chunksOf(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) yield chunk;
  } catch {
    throw new ProblemError("bad_request", { detail: "The body broke off before its end" });
  }
}
