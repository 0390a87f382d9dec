import { parseRetryAfter } from "../retry/mod.ts";
import { isWebPage, readServerError } from "./server_words.ts";
import type { Answer } from "./transport.ts";
import type { Verdict } from "./verdict.ts";

/**
 * What an answer to a write means: rules F3 … F11 of SPEC.md.
 *
 * @param answer what came back
 * @param wall wall clock in ms, for a `Retry-After` that names a date
 */
export function classify(answer: Answer, wall: number): Verdict {
  if (answer.kind === "no_answer") {
    return { kind: "no_answer", reason: answer.reason, sent: answer.sent, words: answer.words };
  }
  const { status, headers, body } = answer;
  const page = isWebPage(body, headers["content-type"] ?? "");
  const error = readServerError(page ? title(body) : body, headers["x-influxdb-error"]);
  const words = error.words;

  if (status >= 300 && status < 400) {
    return { kind: "wrong_address", status, found: "redirect", words: headers.location ?? "" };
  }
  if (status === 511 || (page && (status < 300 || status === 400 || status === 422))) {
    return { kind: "wrong_address", status, found: "html", words };
  }
  // InfluxDB Cloud Serverless answered 201 with the rejected lines until September 2024.
  const partial = status === 201 && (error.named.numbers.length > 0 || error.named.texts.length > 0);
  if (status >= 200 && status < 300 && !partial) return { kind: "delivered" };
  switch (status) {
    case 201:
    case 400:
    case 422:
      if (isCapacity(error.message)) return { kind: "capacity", status, words };
      return { kind: "refused", status, words, named: error.named };
    case 401:
    case 403:
      return { kind: "unauthorised", status, words };
    case 404:
      return { kind: "not_found", status, words };
    case 413:
      return { kind: "too_large", status, words };
    case 429:
    case 503:
      return { kind: "overloaded", status, retryAfter: parseRetryAfter(headers["retry-after"], wall), words };
    case 408:
    case 425:
      return { kind: "unavailable", status, words };
  }
  if (status >= 500) return { kind: "unavailable", status, words };
  return { kind: "wrong_address", status, found: "other", words };
}

/**
 * InfluxDB has no code for its series limits: `max-series-per-database limit exceeded: (n) dropped=n`,
 * `max-values-per-tag limit exceeded (n/n)`. This is the one place that reads its words for a decision.
 */
function isCapacity(message: string): boolean {
  return /\bmax-(series-per-database|values-per-tag) limit exceeded/.test(message);
}

function title(page: string): string {
  return /<title[^>]*>([^<]*)/i.exec(page)?.[1]?.trim() ?? "";
}
