import type { NotReady, Problem, ProblemReason, RequestFault } from "./schemas/problem.ts";

/** The status that goes with each reason, and its words (RFC 9110). */
const STATUS: Readonly<Record<ProblemReason, readonly [number, string]>> = {
  bad_request: [400, "Bad Request"],
  unauthenticated: [401, "Unauthorized"],
  forbidden: [403, "Forbidden"],
  foreign_host: [403, "Forbidden"],
  foreign_origin: [403, "Forbidden"],
  not_from_page: [403, "Forbidden"],
  not_found: [404, "Not Found"],
  method_not_allowed: [405, "Method Not Allowed"],
  too_slow: [408, "Request Timeout"],
  conflict: [409, "Conflict"],
  too_large: [413, "Content Too Large"],
  headers_too_large: [431, "Request Header Fields Too Large"],
  unsupported_media_type: [415, "Unsupported Media Type"],
  config_invalid: [422, "Unprocessable Content"],
  rate_limited: [429, "Too Many Requests"],
  internal: [500, "Internal Server Error"],
  not_ready: [503, "Service Unavailable"],
  too_many_streams: [503, "Service Unavailable"],
  timed_out: [503, "Service Unavailable"],
};

/** What a problem says beside its reason. */
export interface ProblemFacts {
  /** The sentence for people. */
  readonly detail: string;
  readonly errors?: readonly RequestFault[];
  readonly notReady?: readonly NotReady[];
  /** Headers of the answer, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers and guards, caught once in the app and rendered there. */
export class ProblemError extends Error {
  /** A refusal with its reason and facts. */
  constructor(readonly reason: ProblemReason, readonly facts: ProblemFacts) {
    super(facts.detail);
    this.name = "ProblemError";
  }
}

/** The answer of an error: `application/problem+json`, RFC 9457. */
export function problemResponse(reason: ProblemReason, facts: ProblemFacts, requestId: string): Response {
  const [status, title] = STATUS[reason];
  const problem: Problem = {
    type: "about:blank",
    title,
    status,
    detail: facts.detail,
    reason,
    request_id: requestId,
    ...(facts.errors === undefined ? {} : { errors: facts.errors }),
    ...(facts.notReady === undefined ? {} : { not_ready: facts.notReady }),
  };
  const headers = { ...facts.headers, "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(problem), { status, statusText: title, headers });
}
