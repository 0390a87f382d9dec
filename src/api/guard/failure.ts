import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import type { Environment } from "../environment.ts";
import { type AuditNote, shown } from "../../model/mod.ts";
import { nameOf, type Principal } from "../auth/principal.ts";
import { ProblemError, problemResponse } from "../problem.ts";
import type { ProblemReason, RequestFault } from "../schemas/problem.ts";
import type { OnEvent } from "./frame.ts";
import type { Refusals } from "./refusals.ts";
import { shownPath } from "./shown_path.ts";

/** Renders whatever a handler or guard threw: the one place where an error becomes an answer. */
export function failure(
  onEvent: OnEvent,
  refusals: Pick<Refusals, "note">,
): (error: Error, c: Context<Environment>) => Response {
  return (error, c) => {
    const id = c.get("requestId");
    const where = { method: c.req.method, path: shownPath(c.req.path), address: c.env.address };
    if (error instanceof ProblemError) {
      if (WORTH_A_LINE.has(error.reason)) {
        onEvent("api_refused", "warning", { reason: error.reason, ...where });
      }
      if (OF_ACCESS.has(error.reason)) refusals.note(refusalOf(c, error.reason));
      return problemResponse(error.reason, error.facts, id);
    }
    if (error instanceof HTTPException && error.status < 500) {
      const reason = OF_STATUS.get(error.status) ?? "bad_request";
      return problemResponse(reason, { detail: "The body cannot be read as what it claims to be" }, id);
    }
    onEvent("api_failed", "error", { request_id: id, error: error.message, ...where });
    return problemResponse("internal", {
      detail: `The gateway failed on this request; its log says more about request "${id}"`,
    }, id);
  };
}

/** Refusals that someone should hear of: a wrong token, a web page that reaches for the gateway, a flood. */
const WORTH_A_LINE: ReadonlySet<ProblemReason> = new Set([
  "unauthenticated",
  "forbidden",
  "foreign_host",
  "foreign_origin",
  "not_from_page",
  "rate_limited",
  "timed_out",
]);

/** Refusals that the audit tells of: of someone, not of what they asked for. */
const OF_ACCESS: ReadonlySet<ProblemReason> = new Set([
  "unauthenticated",
  "forbidden",
  "foreign_host",
  "foreign_origin",
  "not_from_page",
  "rate_limited",
]);

function refusalOf(c: Context<Environment>, reason: ProblemReason): AuditNote {
  const { method, path } = c.req;
  // Where the refusal came before anyone was asked who they are, there is no principal.
  const principal: Principal | undefined = c.get("principal");
  const known = principal !== undefined && principal.kind !== "anonymous";
  return {
    action: method === "POST" && path === "/api/v1/session" ? "sign_in_failed" : "refused",
    actor: known ? nameOf(principal) : "anonymous",
    role: known ? principal.role : null,
    address: c.env.address,
    request_id: c.get("requestId"),
    target: shownPath(path),
    detail: { reason, method },
  };
}

const OF_STATUS: ReadonlyMap<number, ProblemReason> = new Map([
  [413, "too_large"],
  [415, "unsupported_media_type"],
]);

const PLACES = {
  query: { in: "query", words: "query parameter" },
  param: { in: "path", words: "path parameter" },
  header: { in: "header", words: "header" },
  cookie: { in: "header", words: "cookie" },
  json: { in: "body", words: "field" },
  form: { in: "body", words: "field" },
} as const;

/** What a validator hands to its hook. */
export type Validation =
  & { readonly target: string }
  & ({ readonly success: true } | { readonly success: false; readonly error: z.ZodError });

/**
 * The hook of every validator: all that is wrong with a request at once, each with what was found.
 *
 * @throws ProblemError where something is
 */
export function refuseInvalid(result: Validation, c: Context): void {
  if (result.success) return;
  const place = PLACES[result.target in PLACES ? result.target as keyof typeof PLACES : "json"];
  const faults = result.error.issues.flatMap((issue): RequestFault[] => {
    const names = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.map(String).join(".")];
    return names.map((name) => {
      const found = place.in === "query"
        ? c.req.query(name)
        : place.in === "path"
        ? c.req.param(name)
        : undefined;
      const text = issue.code === "unrecognized_keys"
        ? "is not known here"
        : found === undefined
        ? "is wrong"
        : `is "${shown(found)}"`;
      return { in: place.in, name, detail: `The ${place.words} "${shown(name)}" ${text}; ${issue.message}` };
    });
  });
  throw new ProblemError("bad_request", {
    detail: faults.map((fault) => fault.detail).join(". "),
    errors: faults,
  });
}
