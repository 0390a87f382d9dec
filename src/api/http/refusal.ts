import type { Duplex } from "node:stream";
import { securityHeaders } from "../guard/frame.ts";
import { problemResponse } from "../problem.ts";
import type { ProblemReason } from "../schemas/problem.ts";
import type { BadMessage } from "./to_request.ts";

/** The answer to what never reaches the app, with the headers of every answer. */
export function refusalOf({ reason, detail }: BadMessage, id: string): Response {
  const answer = problemResponse(reason, { detail }, id);
  answer.headers.set("X-Request-Id", id);
  securityHeaders(answer.headers);
  return answer;
}

/** Writes an answer straight to a connection whose bytes are no request, and closes it. */
export async function writeRefusal(refusal: Response, to: Duplex): Promise<void> {
  const body = await refusal.text();
  const { status, statusText, headers } = refusal;
  headers.set("Connection", "close");
  headers.set("Content-Length", String(new TextEncoder().encode(body).length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  to.end(`HTTP/1.1 ${status} ${statusText}\r\n${lines}\r\n${body}`);
}

/** What the parser, or its clock, holds against a connection: an error of node:http's event `clientError`. */
export function faultOf(error: Error, head: number): BadMessage | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return problem("too_slow", "The request took too long to arrive; the connection is closed");
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return problem("headers_too_large", `Request line and headers are larger than ${head / 1_024} KiB`);
  }
  // llhttp's word, e.g. HPE_INVALID_METHOD; everything else says that the connection is gone.
  return code.startsWith("HPE_")
    ? problem("bad_request", `This is no request of HTTP/1.1 (${code.slice(4).toLowerCase()})`)
    : undefined;
}

function problem(reason: ProblemReason, detail: string): BadMessage {
  return { reason, detail };
}
